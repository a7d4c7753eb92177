import { expect, test } from 'vitest'
import { mergeJobs, type ReviewJob } from '../../src/queue/review-job.ts'

const job = (some: Partial<ReviewJob> = {}): ReviewJob => ({
  delivery: 'd',
  installationId: 1,
  repository: { id: 7, owner: 'shop', name: 'shop' },
  subject: { kind: 'pull-request', number: 1 },
  review: false,
  commands: [],
  ...some,
})
const written = { commentId: 5, author: 'ada', body: '/celery-review' }

test('comments on the conversation and in threads are not taken for each other', () => {
  const merged = mergeJobs(job({ commands: [written] }), job({ commands: [{ ...written, thread: 5 }, written] }))
  expect(merged.commands).toEqual([{ ...written, thread: 5 }, written])
})

test.each([
  [undefined, undefined, undefined],
  ['review', undefined, 'review'],
  [undefined, 'review', 'review'],
  ['review', 'full', 'full'],
  ['full', 'review', 'full'],
] as const)('of what was asked for, %s and then %s, %s is done', (older, newer, expected) => {
  expect(mergeJobs(job({ asked: older }), job({ asked: newer })).asked).toBe(expected)
})
