/** Owns what is asked of the stored queue from outside: how it stands, and to forget. */
import type { Database } from '../database/database.ts'

export interface QueueState {
  readonly waiting: number
  readonly running: number
  /** Given up, and not asked for since. */
  readonly dead: number
  /** Since when the job waits that waits longest, in milliseconds since the epoch. */
  readonly since: number | null
}

export async function readQueueState(database: Database): Promise<QueueState> {
  const [state] = (await database.query<QueueState>(
    `SELECT count(waiting) AS waiting, count(holder) AS running, count(dead) AS dead, min(waiting_since) AS since
      FROM job`,
  )) as [QueueState]
  return state
}

/** Forgets what belongs to an installation. A run that is under way for it finds that it is not current any more. */
export async function forgetInstallation(database: Database, id: number): Promise<void> {
  await database.transaction(async (sql) => {
    for (const table of ['delivery', 'job']) {
      await sql.query(`DELETE FROM ${table} WHERE installation_id = $1`, [id])
    }
    await sql.query('DELETE FROM installation WHERE id = $1', [id])
  })
}

/** Forgets the deliveries and the finished jobs that are older than these times (milliseconds since the epoch). */
export async function forgetOld(
  database: Database,
  before: { readonly deliveries: number; readonly jobs: number },
): Promise<void> {
  await database.query('DELETE FROM delivery WHERE accepted_at < $1', [before.deliveries])
  await database.query('DELETE FROM job WHERE waiting IS NULL AND holder IS NULL AND touched_at < $1', [before.jobs])
}
