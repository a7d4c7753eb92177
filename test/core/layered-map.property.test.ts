/** A map that is passed on: each side holds what a copy would. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LayeredMap } from '../../src/core/layered-map.ts'

const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(9), key: fc.nat(5), value: fc.nat() }),
  fc.record({ kind: fc.constant('pass' as const), at: fc.nat(9) }),
)

it('holds what a copy would hold, whoever adds to it later', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const maps = [new LayeredMap<number, number>()]
      const copies = [new Map<number, number>()]
      for (const one of steps) {
        const at = one.at % maps.length
        if (one.kind === 'pass') {
          maps.push(maps[at]!.passedOn())
          copies.push(new Map(copies[at]))
        } else {
          maps[at]!.set(one.key, one.value)
          copies[at]!.set(one.key, one.value)
        }
      }
      for (const [index, map] of maps.entries()) {
        for (let key = 0; key <= 5; key++) {
          expect([map.has(key), map.get(key)]).toEqual([copies[index]!.has(key), copies[index]!.get(key)])
        }
        expect(new Map(map.entries())).toEqual(copies[index])
      }
    }),
  )
})
