import { afterEach, describe } from 'vitest'
import { DurableQueue } from '../../src/queue/durable-queue.ts'
import { type Place, postgresPlace, postgresUrl, sqlitePlace } from '../support/databases.ts'
import { hasSqlite } from '../support/has-sqlite.ts'
import { describeReviewQueue } from './conformance.ts'
import { describeDurableQueue } from './durable-conformance.ts'
import { FakeClock } from './fake-clock.ts'

const places: Place[] = []
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})

async function place(made: Promise<Place>): Promise<Place> {
  places.push(await made)
  return made
}

describe.skipIf(!hasSqlite)('with SQLite', () => {
  describeReviewQueue('DurableQueue on SQLite', async (parts) => {
    const { database, bell } = await (await place(sqlitePlace())).open()
    return new DurableQueue({ ...parts, database, bell, steady: new FakeClock() })
  })

  describeDurableQueue('DurableQueue shared on SQLite', sqlitePlace, (given) => ({
    where: (given as Awaited<ReturnType<typeof sqlitePlace>>).path,
    env: {},
  }))
})

describe.skipIf(!postgresUrl)('with PostgreSQL', () => {
  describeReviewQueue('DurableQueue on PostgreSQL', async (parts) => {
    const { database, bell } = await (await place(postgresPlace(postgresUrl!))).open()
    return new DurableQueue({ ...parts, database, bell, steady: new FakeClock() })
  })

  describeDurableQueue(
    'DurableQueue shared on PostgreSQL',
    () => postgresPlace(postgresUrl!),
    (given) => ({
      where: postgresUrl!,
      env: { SCHEMA: (given as Awaited<ReturnType<typeof postgresPlace>>).schema },
    }),
  )
})
