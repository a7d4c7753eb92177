/** Owns the tables, as the list of steps that leads to them. A step that was released is never changed; a new one follows it. */
import { UserError } from '../core/errors.ts'
import type { Database, Dialect } from './database.ts'

type Step = (dialect: Dialect) => readonly string[]

/** Times are milliseconds since the epoch. */
const steps: readonly Step[] = [
  () => [
    `CREATE TABLE delivery (
      id TEXT PRIMARY KEY,
      installation_id BIGINT NOT NULL,
      accepted_at BIGINT NOT NULL
    )`,
    'CREATE INDEX delivery_age ON delivery (accepted_at)',
    `CREATE TABLE installation (
      id BIGINT PRIMARY KEY,
      paused_until BIGINT NOT NULL DEFAULT 0,
      -- When it had its last turn, counted in turns.
      turn BIGINT NOT NULL DEFAULT 0
    )`,
    `CREATE TABLE job (
      key TEXT PRIMARY KEY,
      installation_id BIGINT NOT NULL,
      repository_id BIGINT NOT NULL,
      -- How often it was asked for. A run is current as long as this is what it was when the run began.
      generation BIGINT NOT NULL DEFAULT 0,
      waiting TEXT,
      waiting_since BIGINT,
      not_before BIGINT NOT NULL DEFAULT 0,
      place BIGINT NOT NULL DEFAULT 0,
      running TEXT,
      holder TEXT,
      attempts BIGINT NOT NULL DEFAULT 0,
      -- The dead letter: what was given up.
      dead TEXT,
      touched_at BIGINT NOT NULL
    )`,
    'CREATE INDEX job_line ON job (installation_id, place) WHERE waiting IS NOT NULL AND holder IS NULL',
    'CREATE INDEX job_place ON job (place)',
    'CREATE INDEX job_holder ON job (holder) WHERE holder IS NOT NULL',
    'CREATE INDEX job_age ON job (touched_at)',
    `CREATE TABLE holder (
      id TEXT PRIMARY KEY,
      beat BIGINT NOT NULL
    )`,
    // What is done from time to time by one of the processes, and when it was done last.
    `CREATE TABLE chore (
      name TEXT PRIMARY KEY,
      done_at BIGINT NOT NULL
    )`,
    `CREATE TABLE pull (
      repository_id BIGINT NOT NULL,
      number BIGINT NOT NULL,
      installation_id BIGINT NOT NULL,
      -- As src/store/review-store.ts describes it.
      state TEXT NOT NULL,
      -- Since when its oldest open check run is open.
      open_since BIGINT,
      touched_at BIGINT NOT NULL,
      PRIMARY KEY (repository_id, number)
    )`,
    'CREATE INDEX pull_open ON pull (open_since) WHERE open_since IS NOT NULL',
    'CREATE INDEX pull_age ON pull (touched_at)',
  ],
  ({ bytes }) => [
    `CREATE TABLE facts (
      installation_id BIGINT NOT NULL,
      key TEXT NOT NULL,
      -- Of the bytes.
      size BIGINT NOT NULL,
      used_at BIGINT NOT NULL,
      -- As src/app/analysis/stored-facts.ts makes them.
      bytes ${bytes} NOT NULL,
      PRIMARY KEY (installation_id, key)
    )`,
    'CREATE INDEX facts_age ON facts (used_at, installation_id, key, size)',
  ],
  // Where a chore goes on that was not done to its end, as JSON.
  () => ['ALTER TABLE chore ADD COLUMN place TEXT'],
]

/** The step that leads to the tables of this version. */
export const latestStep = steps.length

/** @throws UserError when the tables are those of a later version */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    await database.dialect.takeTurns(sql, 0)
    await sql.query('CREATE TABLE IF NOT EXISTS migration (step BIGINT PRIMARY KEY)')
  })
  for (let step = 1; step <= steps.length; step++) {
    await database.transaction(async (sql) => {
      await database.dialect.takeTurns(sql, 0)
      const [{ last }] = (await sql.query<{ last: number }>(
        'SELECT coalesce(max(step), 0) AS last FROM migration',
      )) as [{ last: number }]
      if (last > steps.length) {
        throw new UserError(`the database is that of a later version (${last}, not ${steps.length}): run that version`)
      }
      if (last >= step) return
      for (const statement of steps[step - 1]!(database.dialect)) await sql.query(statement)
      await sql.query('INSERT INTO migration (step) VALUES ($1)', [step])
    })
  }
}
