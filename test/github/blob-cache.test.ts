import { expect, test } from 'vitest'
import { MemoryBlobCache } from '../../src/github/blob-cache.ts'

const bytes = (length: number) => new Uint8Array(length)

test('forgets what was used longest ago, once there are too many bytes', () => {
  const cache = new MemoryBlobCache(100)
  cache.put('a', bytes(40))
  cache.put('b', bytes(40))
  expect(cache.get('a')).toEqual(bytes(40))
  cache.put('c', bytes(40))
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([bytes(40), undefined, bytes(40)])
})

test('counts a content that is put again once, and keeps none that is too large for it', () => {
  const cache = new MemoryBlobCache(100)
  for (let time = 0; time < 5; time++) cache.put('a', bytes(60))
  cache.put('b', bytes(40))
  expect([cache.get('a'), cache.get('b')]).toEqual([bytes(60), bytes(40)])
  cache.put('c', bytes(101))
  expect(cache.get('c')).toBeUndefined()
})
