/** Owns fresh databases for tests, and knowing where there is a PostgreSQL to make them on. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Database } from '../../src/database/database.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { openSqlite } from '../../src/database/sqlite.ts'
import type { Bell } from '../../src/queue/bell.ts'
import { openGraphileBell } from '../../src/queue/graphile-bell.ts'

/** One place that can be opened several times over, as by several processes. */
export interface Place {
  open(): Promise<{ database: Database; bell?: Bell }>
  /** Closes all that was opened, and removes the place. */
  remove(): Promise<void>
}

export async function sqlitePlace(): Promise<Place & { path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'celery-review-database-'))
  const path = join(directory, 'celery-review.db')
  const opened: Database[] = []
  return {
    path,
    async open() {
      const database = await openSqlite(path)
      opened.push(database)
      return { database }
    },
    async remove() {
      for (const database of opened) await database.close()
      await rm(directory, { recursive: true })
    },
  }
}

const localUrl = 'postgres://root@127.0.0.1:5432/test'

/** Where tests may make schemas: TEST_DATABASE_URL, or the server of this machine; undefined when there is neither. */
export const postgresUrl = await findPostgres()

async function findPostgres(): Promise<string | undefined> {
  const { TEST_DATABASE_URL: given } = process.env
  if (given) return given
  const client = new pg.Client({ connectionString: localUrl, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.end()
    return localUrl
  } catch {
    process.stderr.write('skipped: the tests on PostgreSQL; set TEST_DATABASE_URL to run them\n')
    return undefined
  }
}

let schemas = 0

export async function postgresPlace(url: string): Promise<Place & { schema: string }> {
  const schema = `test_${process.pid}_${Date.now().toString(36)}_${schemas++}`
  const opened: { database: Database; bell: Bell }[] = []
  return {
    schema,
    async open() {
      const database = await openPostgres(url, schema)
      const one = { database, bell: await openGraphileBell(database) }
      opened.push(one)
      return one
    },
    async remove() {
      for (const { database, bell } of opened) {
        await bell.close()
        await database.close()
      }
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query(`DROP SCHEMA IF EXISTS ${schema}, ${schema}_worker CASCADE`)
      await client.end()
    },
  }
}
