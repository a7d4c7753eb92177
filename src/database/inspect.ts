/** Owns looking at a database without changing it. */
import { existsSync } from 'node:fs'
import pg from 'pg'
import { latestStep } from './migrations.ts'

/** What is there. */
export interface Inspection {
  /** How many steps have been made towards the tables of this version; 0 where there are none. */
  readonly step: number
  readonly latestStep: number
  /** The database's own clock, in milliseconds since the epoch, where it has one. */
  readonly now?: number
}

/** Throws what SQLite throws. */
export async function inspectSqlite(path: string): Promise<Inspection> {
  if (!existsSync(path)) return { step: 0, latestStep }
  const { default: SQLite } = await import('better-sqlite3')
  const connection = new SQLite(path, { readonly: true })
  try {
    const hasTables = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migration'").get()
    const row = hasTables && connection.prepare('SELECT coalesce(max(step), 0) AS step FROM migration').get()
    return { step: (row as { step: number } | undefined)?.step ?? 0, latestStep }
  } finally {
    connection.close()
  }
}

/** Throws what PostgreSQL throws. */
export async function inspectPostgres(url: string, schema = 'celery_review'): Promise<Inspection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // What breaks the connection is told by the query that it breaks.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows: found } = await client.query(
      'SELECT to_regclass($1) AS tables, extract(epoch FROM clock_timestamp()) * 1000 AS now',
      [`${schema}.migration`],
    )
    const now = Number(found[0].now)
    if (found[0].tables === null) return { step: 0, latestStep, now }
    const { rows } = await client.query(`SELECT coalesce(max(step), 0) AS step FROM ${schema}.migration`)
    return { step: Number(rows[0].step), latestStep, now }
  } finally {
    await client.end()
  }
}
