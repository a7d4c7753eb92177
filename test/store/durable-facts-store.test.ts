import { afterEach, describe, expect, it } from 'vitest'
import { DurableFactsStore } from '../../src/store/durable-facts-store.ts'
import { type Place, postgresPlace, postgresUrl, sqlitePlace } from '../support/databases.ts'
import { hasSqlite } from '../support/has-sqlite.ts'

const places: Place[] = []
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})

const day = 24 * 60 * 60 * 1000
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)
const bytes = (length: number) => new Uint8Array(length).fill(120)

function describeFactsStore(make: () => Promise<Place>) {
  const open = async () => {
    const place = await make()
    places.push(place)
    let now = 100 * day
    const stores = [
      new DurableFactsStore((await place.open()).database, () => now),
      new DurableFactsStore((await place.open()).database, () => now),
    ] as const
    const keysOf = async (keys: readonly string[], installation = 1) =>
      [...(await stores[0].read(installation, keys)).keys()].sort()
    return { stores, keysOf, pass: (ms: number) => (now += ms) }
  }

  /** Four records of 100 bytes, stored two days apart, of which the second was read last. */
  const openAged = async () => {
    const { stores, keysOf, pass } = await open()
    const [store] = stores
    for (const key of ['a', 'b', 'c', 'd']) {
      await store.write(1, new Map([[key, bytes(100)]]))
      pass(2 * day)
    }
    await store.read(1, ['b'])
    return { store, keysOf }
  }

  it('gives one process what another has stored, the latest of each key', async () => {
    const { stores } = await open()
    const many = new Map(Array.from({ length: 450 }, (_, at) => [`key ${at}`, new TextEncoder().encode(`fact ${at}`)]))
    await Promise.all([stores[0].write(1, many), stores[1].write(1, many)])
    await stores[0].write(1, new Map([['key 7', new TextEncoder().encode('"ünïcode"')]]))
    const read = await stores[1].read(1, [...many.keys(), 'unknown'])
    expect(read.size).toBe(450)
    expect(text(read.get('key 449'))).toBe('fact 449')
    expect(text(read.get('key 7'))).toBe('"ünïcode"')
    expect((await stores[1].read(1, [])).size).toBe(0)
  })

  it('keeps what belongs to installations apart', async () => {
    const { stores, keysOf } = await open()
    await stores[0].write(1, new Map([['a', bytes(1)]]))
    expect(await keysOf(['a'], 2)).toEqual([])
    await stores[0].write(2, new Map([['a', bytes(1)]]))
    await stores[0].forgetInstallation(1)
    expect(await keysOf(['a'], 1)).toEqual([])
    expect(await keysOf(['a'], 2)).toEqual(['a'])
  })

  it('forgets what nobody has used for a while', async () => {
    const { store, keysOf } = await openAged()
    await store.forget({ unusedSince: 101 * day, mostBytes: 1_000 })
    expect(await keysOf(['a', 'b', 'c', 'd'])).toEqual(['b', 'c', 'd'])
  })

  it('forgets beyond a size what was used longest ago', async () => {
    const { store, keysOf } = await openAged()
    await store.forget({ unusedSince: 0, mostBytes: 250 })
    expect(await keysOf(['a', 'b', 'c', 'd'])).toEqual(['b', 'd'])
  })
}

describe.skipIf(!hasSqlite)('DurableFactsStore on SQLite', () => describeFactsStore(sqlitePlace))

describe.skipIf(!postgresUrl)('DurableFactsStore on PostgreSQL', () =>
  describeFactsStore(() => postgresPlace(postgresUrl!)),
)
