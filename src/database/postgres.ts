/** Owns the database that many machines share: PostgreSQL, of which it takes a schema of its own. */
import pg from 'pg'
import { UserError } from '../core/errors.ts'
import type { Database, Dialect, Sql, Value } from './database.ts'
import { migrate } from './migrations.ts'

/** Keeps our turns apart from the advisory locks of others on the same server: the first of two keys. */
const lockSpace = 0xce1e

const dialect: Dialect = {
  bytes: 'BYTEA',
  forUpdate: 'FOR UPDATE',
  listed: (parameter) => `SELECT jsonb_array_elements_text(${parameter}::jsonb)`,
  takeTurns: async (sql, lock) => {
    await sql.query('SELECT pg_advisory_xact_lock($1::int, $2::int)', [lockSpace, lock])
  },
}

/** Numbers of eight bytes come as text, since not all fit; all of ours do. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
}

/** A transaction that PostgreSQL gave up for the sake of another is run again: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const givenUp = new Set(['40001', '40P01'])
const mostAttempts = 5

/**
 * No transaction of ours waits for anything but the database: one that stands still is that of a process that does, and
 * what it has locked goes to the others after so many milliseconds.
 * https://www.postgresql.org/docs/15/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT
 */
const longestStandstill = 20_000

/** A connection on which no answer has come for so many milliseconds leads nowhere any more. */
const longestSilence = 60_000

export interface PostgresDatabase extends Database {
  readonly pool: pg.Pool
  readonly schema: string
}

/**
 * Connects to a PostgreSQL and brings the tables of a schema up to date.
 * @throws UserError when it cannot be reached, or does not let us
 */
export async function openPostgres(url: string, schema = 'celery_review'): Promise<PostgresDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=${longestStandstill}`,
    types,
    max: 12,
    connectionTimeoutMillis: 10_000,
    query_timeout: longestSilence,
    application_name: 'celery-review',
  })
  // A connection that breaks while nobody uses it is replaced when somebody does.
  pool.on('error', () => {})
  const database = new PooledDatabase(pool, schema)
  try {
    await database.transaction(async (sql) => {
      await dialect.takeTurns(sql, 0)
      await sql.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    })
    await migrate(database)
    return database
  } catch (error) {
    await pool.end()
    if (error instanceof UserError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new UserError(`DATABASE_URL: PostgreSQL cannot be used (${code ?? message})`)
  }
}

class PooledDatabase implements PostgresDatabase {
  readonly dialect = dialect
  readonly pool: pg.Pool
  readonly schema: string

  constructor(pool: pg.Pool, schema: string) {
    this.pool = pool
    this.schema = schema
  }

  async query<Row>(text: string, values: readonly Value[] = []): Promise<Row[]> {
    const { rows } = await this.pool.query(text, [...values])
    return rows as Row[]
  }

  async transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(work)
      } catch (error) {
        if (attempt === mostAttempts || !givenUp.has((error as { code?: string }).code ?? '')) throw error
      }
    }
  }

  async #attempt<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect()
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    // Told when the connection breaks between two statements; the next of them throws.
    client.on('error', onError)
    try {
      await client.query('BEGIN')
      const result = await work({
        query: async <Row>(text: string, values: readonly Value[] = []) =>
          (await client.query(text, [...values])).rows as Row[],
      })
      await client.query('COMMIT')
      return result
    } catch (error) {
      // What PostgreSQL refused can be rolled back. After anything else nobody knows where the connection stands.
      if (error instanceof pg.DatabaseError) await client.query('ROLLBACK').catch(onError)
      else onError(error as Error)
      throw error
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  close(): Promise<void> {
    return this.pool.end()
  }
}
