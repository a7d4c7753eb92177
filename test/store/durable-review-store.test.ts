import { afterEach, describe } from 'vitest'
import { DurableReviewStore } from '../../src/store/durable-review-store.ts'
import { type Place, postgresPlace, postgresUrl, sqlitePlace } from '../support/databases.ts'
import { hasSqlite } from '../support/has-sqlite.ts'
import { describeReviewStore } from './conformance.ts'

const places: Place[] = []
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})

const storeAt = (make: () => Promise<Place>) => async (now: () => number) => {
  const place = await make()
  places.push(place)
  return new DurableReviewStore((await place.open()).database, now)
}

describe.skipIf(!hasSqlite)('with SQLite', () => {
  describeReviewStore('DurableReviewStore on SQLite', storeAt(sqlitePlace))
})

describe.skipIf(!postgresUrl)('with PostgreSQL', () => {
  describeReviewStore(
    'DurableReviewStore on PostgreSQL',
    storeAt(() => postgresPlace(postgresUrl!)),
  )
})
