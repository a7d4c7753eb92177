import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/queue/clock.ts'
import { MemoryQueue } from '../../src/queue/memory-queue.ts'
import { defaultRetryPolicy, retryDelay } from '../../src/queue/review-queue.ts'
import { describeReviewQueue } from './conformance.ts'

describeReviewQueue('MemoryQueue', (parts) => new MemoryQueue(parts))

test('the wait after a failure grows, stays within the longest, and is never shorter than half of its length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, drawn) => {
      const wait = retryDelay(defaultRetryPolicy, failures, () => drawn)
      const whole = Math.min(defaultRetryPolicy.longest, defaultRetryPolicy.first * 2 ** (failures - 1))
      expect(wait).toBeGreaterThanOrEqual(whole / 2)
      expect(wait).toBeLessThanOrEqual(whole)
    }),
  )
})

test('a queue that never started stops at once', async () => {
  const queue = new MemoryQueue({ clock: systemClock, random: Math.random, concurrency: 1 })
  expect(await queue.stop({ deadline: 60_000 })).toEqual({ left: 0 })
})
