import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batching } from '../../src/queue/batching.ts'

const most = 3

test('does each item once, in the order asked and never two batches at a time, whatever fails', async () => {
  const pauses = fc.infiniteStream(fc.nat(3))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ isBad: fc.boolean(), after: fc.nat(2) })), pauses, async (items, pauses) => {
      const turns = async (count: number) => {
        for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
      const done: number[] = []
      const batches: number[] = []
      let underWay = 0
      const batching = new Batching(async (asked: readonly number[]) => {
        if (asked.length > 1) batches.push(++underWay)
        expect(asked.length).toBeLessThanOrEqual(most)
        await turns(pauses.next().value!)
        if (asked.length > 1) underWay--
        const bad = asked.find((item) => items[item]!.isBad)
        if (bad !== undefined) throw new Error(`${bad} is bad`)
        done.push(...asked)
        return asked.map((item) => item * 2)
      }, most)
      const answers: Promise<number | string>[] = []
      for (const [item, { after }] of items.entries()) {
        await turns(after)
        answers.push(batching.do(item).catch((error: Error) => error.message))
      }
      expect(await Promise.all(answers)).toEqual(items.map(({ isBad }, item) => (isBad ? `${item} is bad` : item * 2)))
      const good = items.flatMap(({ isBad }, item) => (isBad ? [] : [item]))
      expect(done.toSorted((one, other) => one - other)).toEqual(good)
      if (good.length === items.length) expect(done).toEqual(good)
      expect(Math.max(0, ...batches)).toBeLessThanOrEqual(1)
    }),
  )
})

test('does together what was asked for meanwhile', async () => {
  const batches: string[][] = []
  const batching = new Batching(async (items: readonly string[]) => {
    batches.push([...items])
    return items
  }, most)
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((item) => batching.do(item)))
  expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['e']])
})
