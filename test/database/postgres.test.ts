import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Place, postgresPlace, postgresUrl } from '../support/databases.ts'

describe.skipIf(!postgresUrl)('PostgreSQL', () => {
  let place: Place
  beforeEach(async () => {
    place = await postgresPlace(postgresUrl!)
  })
  afterEach(async () => {
    vi.useRealTimers()
    await place.remove()
  })

  test('outlives a connection that is ended in the middle of a transaction', async () => {
    const [one, other] = [(await place.open()).database, (await place.open()).database]
    const broken = one.transaction(async (sql) => {
      const [{ pid }] = (await sql.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }]
      await sql.query("INSERT INTO holder (id, beat) VALUES ('one', 0)")
      await other.query('SELECT pg_terminate_backend($1)', [pid])
      const isThere = () => other.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])
      while ((await isThere()).length > 0);
      await sql.query("INSERT INTO holder (id, beat) VALUES ('two', 0)")
    })
    await expect(broken).rejects.toThrow()
    expect(await one.query('SELECT * FROM holder')).toEqual([])
  })

  test('leaves no lock to a process that stands still', async () => {
    const { database } = await place.open()
    expect(await database.query('SHOW idle_in_transaction_session_timeout')).toEqual([
      { idle_in_transaction_session_timeout: '20s' },
    ])
  })

  test('gives up a connection on which no answer comes, and goes on with another', async () => {
    const { database } = await place.open()
    let silent = 0
    const transaction = database.transaction(async (sql) => {
      const [{ pid }] = (await sql.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }]
      silent = pid
      await sql.query("INSERT INTO holder (id, beat) VALUES ('one', 0)")
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const slept = sql.query('SELECT pg_sleep(3600)')
      vi.advanceTimersByTime(60_000)
      await slept
    })
    await expect(transaction).rejects.toThrow('timeout')
    vi.useRealTimers()
    const [{ pid }] = (await database.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }]
    expect(pid).not.toBe(silent)
    await database.query('SELECT pg_terminate_backend($1)', [silent])
    expect(await database.query('SELECT * FROM holder')).toEqual([])
  })
})
