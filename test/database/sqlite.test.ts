import { afterEach, expect, test } from 'vitest'
import { sqlitePlace } from '../support/databases.ts'
import { hasSqlite } from '../support/has-sqlite.ts'

const place = hasSqlite ? await sqlitePlace() : undefined
afterEach(() => place?.remove())

test.skipIf(!hasSqlite)('keeps many promises at once, and breaks the one that fails', async () => {
  const [one, other] = [(await place!.open()).database, (await place!.open()).database]
  const promise = (id: number) =>
    one.transaction(async (sql) => {
      await sql.query('INSERT INTO holder (id, beat) VALUES ($1, 0)', [`holder ${id % 99}`])
      return id
    }, true)
  const kept = await Promise.allSettled(Array.from({ length: 100 }, (_, id) => promise(id)))
  expect(kept.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(await other.query('SELECT count(*) AS count FROM holder')).toEqual([{ count: 99 }])
  // Promising nothing new waits for the disk all the same.
  expect(await one.transaction(async () => 'nothing', true)).toBe('nothing')
})
