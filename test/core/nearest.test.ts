import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nearest } from '../../src/core/nearest.ts'

it('finds a name with a letter too many, too few, wrong or swapped', () => {
  const names = ['task_time_limit', 'task_soft_time_limit', 'timezone']
  for (const written of ['task_timee_limit', 'task_tme_limit', 'task_tine_limit', 'task_tmie_limit']) {
    expect(nearest(written, names, 1)).toEqual(['task_time_limit'])
  }
})

it('answers every name that is equally close, and none that is further than asked', () => {
  expect(nearest('sync_x', ['sync_a', 'sync_b', 'sync_abc'], 2)).toEqual(['sync_a', 'sync_b'])
  expect(nearest('sync', ['report'], 3)).toEqual([])
  expect(nearest('Sync', ['sync'], 0)).toEqual([])
})

it('is not led astray by the order of the candidates', () => {
  expect(nearest('pull', ['pool', 'poll', 'pull'], 2)).toEqual(['pull'])
  expect(nearest('pull', ['pull', 'poll', 'pool'], 2)).toEqual(['pull'])
})

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 12 })

it('finds what n slips made of a word within n', () => {
  const slip = fc.record({ kind: fc.constantFrom('add', 'drop', 'replace', 'swap'), at: fc.nat(12) })
  fc.assert(
    fc.property(word, fc.array(slip, { maxLength: 3 }), (original, slips) => {
      const letters = original.split('')
      for (const { kind, at } of slips) {
        if (kind === 'add') letters.splice(at, 0, 'x')
        else if (kind === 'drop') letters.splice(at, 1)
        else if (kind === 'replace' && at < letters.length) letters[at] = 'y'
        else if (kind === 'swap' && at + 1 < letters.length) letters.splice(at, 2, letters[at + 1]!, letters[at]!)
      }
      const written = letters.join('')
      // A swap that a later slip tears apart counts twice, as no part of a word is changed twice.
      expect(nearest(written, [original], slips.length * 2)).toEqual([original])
      if (slips.length === 1) expect(nearest(written, [original], 1)).toEqual([original])
    }),
  )
})

it('is the same seen from either side', () => {
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, limit) => {
      expect(nearest(a, [b], limit).length).toBe(nearest(b, [a], limit).length)
    }),
  )
})
