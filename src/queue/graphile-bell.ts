/**
 * Owns ringing through graphile-worker: a ring is one of its jobs, stored with ours in one transaction, due when ours is,
 * and taken up by whichever machine has room. What a ring is about stays in our own tables, which know about leases.
 * https://worker.graphile.org/docs/job-key
 */
import { Logger, type Runner, run, runMigrations } from 'graphile-worker'
import type { PostgresDatabase } from '../database/postgres.ts'
import type { Bell } from './bell.ts'

/** Its own log repeats what is in ours. */
const quiet = new Logger(() => () => {})

const task = 'ring'

/** Prepares a schema beside that of the database. @throws when it may not */
export async function openGraphileBell(database: PostgresDatabase): Promise<Bell> {
  const { pool } = database
  const schema = `${database.schema}_worker`
  const shared = { pgPool: pool, schema, logger: quiet }
  await runMigrations(shared)
  let runner: Runner | undefined
  return {
    async ring(sql, rings) {
      // Of the rings of one key that wait, the newest remains. One that is being answered is left alone.
      await sql.query(
        `SELECT ${schema}.add_job($1, '{}'::json, run_at := to_timestamp(at / 1000), job_key := key)
          FROM jsonb_to_recordset($2::jsonb) AS ring (key text, at float8)`,
        [task, JSON.stringify(rings)],
      )
    },
    async listen(onRing, concurrency) {
      runner = await run({
        ...shared,
        concurrency,
        noHandleSignals: true,
        pollInterval: 5_000,
        taskList: { [task]: () => onRing() },
      })
    },
    async close() {
      const stopped = runner
      runner = undefined
      await stopped?.stop()
    },
  }
}
