/** Owns the rows of deliveries and jobs, and the few changes that they go through, each of them one transaction. */
import { grouped } from '../core/grouped.ts'
import { type Database, rowsOf, type Sql } from '../database/database.ts'
import type { Ring } from './bell.ts'
import { jobKey, mergeJobs, type ReviewJob } from './review-job.ts'
import { type Acceptance, type Debounce, type Delivery, startOf } from './review-queue.ts'

/** A job that was taken up, and all that is needed to put it down again. */
export interface Claim {
  readonly key: string
  readonly job: ReviewJob
  readonly generation: number
  /** How many times the job was taken up, this time included. */
  readonly attempt: number
  readonly holder: string
}

/** A delivery with the job that it asks for. */
export interface Arrival {
  readonly delivery: Delivery
  readonly job: ReviewJob
}

/** How a run has ended. Times are milliseconds since the epoch. */
export type Settlement =
  | { readonly kind: 'done' }
  /** Given up; `isSaid` when whoever waits for it was told. */
  | { readonly kind: 'dead'; readonly isSaid: boolean }
  | { readonly kind: 'again'; readonly notBefore: number }
  | { readonly kind: 'paused'; readonly until: number }

export interface JobTableOptions {
  readonly debounce: Debounce
  /** No job is put off for longer, in milliseconds: what says otherwise was written by a clock that was wrong. */
  readonly longestWait: number
  /** Told, within the transaction, of jobs that will be due. */
  readonly ring?: (sql: Sql, rings: readonly Ring[]) => Promise<void>
}

/** Claims follow each other, so that installations take turns. */
const claimLock = 1

const lastPlace = 'coalesce((SELECT max(place) FROM job), 0)'

interface JobRow {
  readonly key: string
  readonly installation_id: number
  readonly repository_id: number
  readonly generation: number
  readonly waiting: string | null
  readonly waiting_since: number | null
  readonly running: string | null
  readonly holder: string | null
  readonly attempts: number
  readonly not_before: number
}

const parse = (json: string): ReviewJob => JSON.parse(json)

export class JobTable {
  readonly #database: Database
  readonly #options: JobTableOptions

  constructor(database: Database, options: JobTableOptions) {
    this.#database = database
    this.#options = options
  }

  /** Stores deliveries with the jobs that they ask for, all or none of them, and says what became of each. */
  async accept(arrivals: readonly Arrival[], now: number): Promise<Acceptance[]> {
    return this.#database.transaction(async (sql) => {
      const fresh = await storeDeliveries(sql, arrivals, now)
      // Of one that came twice, the first counts.
      const answers = arrivals.map(({ delivery }): Acceptance => (fresh.delete(delivery.id) ? 'accepted' : 'repeated'))
      const jobs = arrivals.filter((_, at) => answers[at] === 'accepted').map(({ job }) => job)
      if (jobs.length > 0) await this.#addJobs(sql, jobs, now)
      return answers
    }, true)
  }

  async #addJobs(sql: Sql, jobs: readonly ReviewJob[], now: number): Promise<void> {
    await knowInstallations(sql, jobs)
    const asked = [...grouped(jobs.map((job): [string, ReviewJob] => [jobKey(job), job]))]
      .map(([key, newer], at) => ({ key, newer, place: at + 1 }))
      .sort((one, other) => (one.key < other.key ? -1 : 1))
    const touched = rowsOf(asked.map(({ key, newer: [job] }) => [key, job!.installationId, job!.repository.id, now]))
    const rows = await sql.query<JobRow>(
      `INSERT INTO job (key, installation_id, repository_id, touched_at) VALUES ${touched.text}
        ON CONFLICT (key) DO UPDATE SET touched_at = excluded.touched_at RETURNING *`,
      touched.values,
    )
    const known = new Map(rows.map((row) => [row.key, row]))
    const added = asked.map(({ key, newer, place }) => {
      const row = known.get(key)!
      const waiting = [...(row.waiting === null ? [] : [parse(row.waiting)]), ...newer].reduce(mergeJobs)
      const since = row.waiting_since ?? now
      const notBefore = startOf(waiting, this.#options.debounce, now, since)
      return { row, waiting, since, notBefore, times: newer.length, place }
    })
    const changed = rowsOf(
      added.map(({ row, waiting, since, notBefore, times, place }) => [
        ...[row.key, row.installation_id, row.repository_id, now],
        ...[JSON.stringify(waiting), since, notBefore, times, place],
      ]),
    )
    await sql.query(
      `INSERT INTO job (key, installation_id, repository_id, touched_at, waiting, waiting_since, not_before, generation, place)
        VALUES ${changed.text} ON CONFLICT (key) DO UPDATE
        SET waiting = excluded.waiting, waiting_since = excluded.waiting_since, not_before = excluded.not_before,
          generation = job.generation + excluded.generation, attempts = 0, dead = NULL,
          place = CASE WHEN job.waiting IS NULL THEN ${lastPlace} + excluded.place ELSE job.place END`,
      changed.values,
    )
    const rings = added.filter(({ row }) => !row.holder).map(({ row, notBefore }) => ({ key: row.key, at: notBefore }))
    if (rings.length > 0) await this.#options.ring?.(sql, rings)
  }

  async isBusyWith(key: string): Promise<boolean> {
    const busy = await this.#database.query(
      'SELECT 1 FROM job WHERE key = $1 AND (waiting IS NOT NULL OR holder IS NOT NULL)',
      [key],
    )
    return busy.length > 0
  }

  /** Takes up the job whose turn it is, if any is due. `lost`: the holder was taken for dead. */
  async claim(holder: string, now: number): Promise<Claim | 'none' | 'lost'> {
    const isDue = `waiting IS NOT NULL AND holder IS NULL AND (not_before <= $1 OR not_before > $2)`
    const horizon = now + this.#options.longestWait
    return this.#database.transaction(async (sql) => {
      await this.#database.dialect.takeTurns(sql, claimLock)
      if (!(await beat(sql, holder))) return 'lost'
      const [installation] = await sql.query<{ id: number }>(
        `SELECT id FROM installation WHERE paused_until <= $1
            AND EXISTS (SELECT 1 FROM job WHERE installation_id = installation.id AND ${isDue})
          ORDER BY turn, id LIMIT 1`,
        [now, horizon],
      )
      if (!installation) return 'none'
      const [row] = await sql.query<JobRow>(
        `SELECT * FROM job WHERE ${isDue} AND installation_id = $3 ORDER BY place LIMIT 1 ${this.#database.dialect.forUpdate}`,
        [now, horizon, installation.id],
      )
      if (!row) return 'none'
      await sql.query('UPDATE installation SET turn = (SELECT max(turn) FROM installation) + 1 WHERE id = $1', [
        installation.id,
      ])
      await sql.query(
        `UPDATE job SET running = waiting, waiting = NULL, waiting_since = NULL, holder = $2, attempts = attempts + 1
          WHERE key = $1`,
        [row.key, holder],
      )
      return {
        key: row.key,
        job: parse(row.waiting!),
        generation: row.generation,
        attempt: row.attempts + 1,
        holder,
      }
    })
  }

  /** When the next job is due that nobody runs, in milliseconds since the epoch; undefined when none waits. */
  async nextDue(now: number): Promise<number | undefined> {
    const [{ due }] = (await this.#database.query<{ due: number | null }>(
      `SELECT min(CASE WHEN paused_until > not_before THEN paused_until WHEN not_before > $1 THEN 0 ELSE not_before END) AS due
        FROM job JOIN installation ON installation.id = installation_id WHERE waiting IS NOT NULL AND holder IS NULL`,
      [now + this.#options.longestWait],
    )) as [{ due: number | null }]
    return due ?? undefined
  }

  async isCurrent({ key, holder, generation }: Claim): Promise<boolean> {
    const rows = await this.#database.query('SELECT 1 FROM job WHERE key = $1 AND holder = $2 AND generation = $3', [
      key,
      holder,
      generation,
    ])
    return rows.length > 0
  }

  /** Of the jobs that a holder runs, those that were not asked for since. */
  async current(holder: string): Promise<Set<string>> {
    const rows = await this.#database.query<{ key: string }>(
      'SELECT key FROM job WHERE holder = $1 AND waiting IS NULL',
      [holder],
    )
    return new Set(rows.map(({ key }) => key))
  }

  /** Puts a job down, unless it was taken away from its holder meanwhile. Says whether it was still held. */
  async settle(claim: Claim, settlement: Settlement, now: number): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      const row = await this.#row(sql, claim.key)
      if (row?.holder !== claim.holder) return false
      await this.#putDown(sql, row, settlement, now)
      return true
    })
  }

  async register(holder: string): Promise<void> {
    await this.#database.query('INSERT INTO holder (id, beat) VALUES ($1, 0)', [holder])
  }

  /** Shows that a holder lives. False when it was taken for dead, and what it held was taken away. */
  async beat(holder: string): Promise<boolean> {
    return beat(this.#database, holder)
  }

  async holders(): Promise<{ readonly id: string; readonly beat: number }[]> {
    return this.#database.query('SELECT id, beat FROM holder')
  }

  /** Frees the jobs of a holder, unless it has shown that it lives since its beat was that. Says how many jobs it had. */
  async release(holder: string, beat: number | undefined, now: number): Promise<number> {
    return this.#database.transaction(async (sql) => {
      const gone =
        beat === undefined
          ? await sql.query('DELETE FROM holder WHERE id = $1 RETURNING id', [holder])
          : await sql.query('DELETE FROM holder WHERE id = $1 AND beat = $2 RETURNING id', [holder, beat])
      if (gone.length === 0) return 0
      const rows = await sql.query<JobRow>(
        `SELECT * FROM job WHERE holder = $1 ORDER BY key ${this.#database.dialect.forUpdate}`,
        [holder],
      )
      for (const row of rows) await this.#putDown(sql, row, { kind: 'again', notBefore: now }, now)
      return rows.length
    })
  }

  async #row(sql: Sql, key: string): Promise<JobRow | undefined> {
    const rows = await sql.query<JobRow>(`SELECT * FROM job WHERE key = $1 ${this.#database.dialect.forUpdate}`, [key])
    return rows[0]
  }

  async #putDown(sql: Sql, row: JobRow, settlement: Settlement, now: number): Promise<void> {
    const isReplaced = row.waiting !== null
    const isUnfinished = settlement.kind === 'dead' ? isReplaced && !settlement.isSaid : settlement.kind !== 'done'
    let waiting = isReplaced ? parse(row.waiting) : undefined
    if (isUnfinished) waiting = waiting ? mergeJobs(parse(row.running!), waiting) : parse(row.running!)
    const isDead = settlement.kind === 'dead' && !isReplaced
    const notBefore = settlement.kind === 'again' && !isReplaced ? Math.ceil(settlement.notBefore) : row.not_before
    const attempts =
      settlement.kind === 'done' ? 0 : settlement.kind === 'paused' ? Math.max(0, row.attempts - 1) : row.attempts
    await sql.query(
      `UPDATE job SET running = NULL, holder = NULL, waiting = $2, waiting_since = $3, not_before = $4, attempts = $5,
          dead = $6, place = ${lastPlace} + 1, touched_at = $7
        WHERE key = $1`,
      [
        row.key,
        waiting ? JSON.stringify(waiting) : null,
        waiting ? (row.waiting_since ?? now) : null,
        notBefore,
        attempts,
        isDead ? row.running : null,
        now,
      ],
    )
    if (settlement.kind === 'paused') {
      await sql.query(
        `UPDATE installation SET paused_until = CASE WHEN paused_until > $2 THEN paused_until ELSE $2 END
          WHERE id = (SELECT installation_id FROM job WHERE key = $1)`,
        [row.key, Math.ceil(settlement.until)],
      )
    }
    const due = settlement.kind === 'paused' ? Math.max(settlement.until, notBefore) : notBefore
    if (waiting) await this.#options.ring?.(sql, [{ key: row.key, at: due }])
  }
}

async function beat(sql: Sql, holder: string): Promise<boolean> {
  const rows = await sql.query('UPDATE holder SET beat = beat + 1 WHERE id = $1 RETURNING id', [holder])
  return rows.length > 0
}

/** The ids of those that were not stored before. */
async function storeDeliveries(sql: Sql, arrivals: readonly Arrival[], now: number): Promise<Set<string>> {
  // In one order, so that two processes that are told the same do not wait for each other in a circle.
  const sorted = [...arrivals].sort((one, other) => (one.delivery.id < other.delivery.id ? -1 : 1))
  const { text, values } = rowsOf(sorted.map(({ delivery, job }) => [delivery.id, job.installationId, now]))
  const stored = await sql.query<{ id: string }>(
    `INSERT INTO delivery (id, installation_id, accepted_at) VALUES ${text} ON CONFLICT (id) DO NOTHING RETURNING id`,
    values,
  )
  return new Set(stored.map(({ id }) => id))
}

async function knowInstallations(sql: Sql, jobs: readonly ReviewJob[]): Promise<void> {
  const ids = [...new Set(jobs.map(({ installationId }) => installationId))].sort((one, other) => one - other)
  const { text, values } = rowsOf(ids.map((id) => [id]))
  await sql.query(`INSERT INTO installation (id) VALUES ${text} ON CONFLICT (id) DO NOTHING`, values)
}
