import { expect, it } from 'vitest'
import { type Derivation, Derived, type DerivedMap, Reads } from '../../src/celery/derived.ts'

type Prices = ReadonlyMap<string, readonly number[]>

const prices: DerivedMap<Prices, string, readonly number[]> = { find: (state) => state, partsOf: (known) => known }
const count: Derivation<Prices, number> = { find: ({ size }) => size, parts: (size) => [size] }

/** One state, in which what is asked can be kept, and what was kept in another one held against it. */
function stateOf(entries: Record<string, readonly number[]>) {
  const reads = new Reads(() => true)
  const derived = new Derived<Prices>(reads, 'shop', new Map(Object.entries(entries)))
  return { reads, keep: <Answer>(ask: (derived: Derived<Prices>) => Answer) => reads.watch(() => ask(derived)) }
}

it('goes by what was asked for, and by nothing else', () => {
  const before = stateOf({ tea: [3], milk: [1, 2] })
  const tea = before.keep((derived) => derived.get(prices, 'tea'))
  const salt = before.keep((derived) => derived.get(prices, 'salt'))
  const size = before.keep((derived) => derived.of(count))
  expect([tea, salt, size].map(({ answer }) => answer)).toEqual([[3], undefined, 2])
  const holdsIn = (entries: Record<string, readonly number[]>) => {
    const { reads } = stateOf(entries)
    return [tea, salt, size].map((kept) => reads.holds(kept))
  }
  expect(holdsIn({ tea: [3], milk: [9] })).toEqual([true, true, true])
  expect(holdsIn({ tea: [3] })).toEqual([true, true, false])
  expect(holdsIn({ tea: [3, 4], milk: [1, 2] })).toEqual([false, true, true])
  expect(holdsIn({ milk: [1, 2], salt: [5] })).toEqual([false, false, true])
})

it('hands on what a kept answer went by to whoever asks for it', () => {
  const before = stateOf({ tea: [3] })
  const inner = before.keep((derived) => derived.get(prices, 'tea'))
  const outer = before.reads.watch(() => before.reads.holds(inner))
  expect(stateOf({ tea: [3] }).reads.holds(outer)).toBe(true)
  expect(stateOf({ tea: [4] }).reads.holds(outer)).toBe(false)
})
