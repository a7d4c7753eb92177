/** Owns the store that outlives its process: one row for a pull request, its state as JSON. */
import type { Database, Sql } from '../database/database.ts'
import { type OpenCheckRun, type PullRef, type PullState, type ReviewStore, unknownPull } from './review-store.ts'

interface Row {
  readonly repository_id: number
  readonly number: number
  readonly installation_id: number
  readonly state: string
}

export class DurableReviewStore implements ReviewStore {
  readonly #database: Database
  readonly #now: () => number

  /** @param now in milliseconds since the epoch */
  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  async read({ repositoryId, number }: PullRef): Promise<PullState> {
    const [row] = await this.#database.query<Row>('SELECT state FROM pull WHERE repository_id = $1 AND number = $2', [
      repositoryId,
      number,
    ])
    return parse(row?.state)
  }

  async change(pull: PullRef, change: (state: PullState) => PullState): Promise<PullState> {
    const { installationId, repositoryId, number } = pull
    const work = async (sql: Sql): Promise<PullState> => {
      const [row] = (await sql.query<Row>(
        `INSERT INTO pull (repository_id, number, installation_id, state, touched_at) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (repository_id, number) DO UPDATE SET installation_id = excluded.installation_id,
            touched_at = excluded.touched_at RETURNING state`,
        [repositoryId, number, installationId, JSON.stringify(unknownPull), this.#now()],
      )) as [Row]
      const state = JSON.stringify(change(parse(row.state)))
      const changed = parse(state)
      const opened = changed.openChecks.map(({ at }) => at)
      await sql.query('UPDATE pull SET state = $3, open_since = $4 WHERE repository_id = $1 AND number = $2', [
        repositoryId,
        number,
        state,
        opened.length ? Math.min(...opened) : null,
      ])
      return changed
    }
    return this.#database.transaction(work, true)
  }

  async openChecks(before: number): Promise<{ readonly pull: PullRef; readonly check: OpenCheckRun }[]> {
    const rows = await this.#database.query<Row>('SELECT * FROM pull WHERE open_since < $1', [before])
    return rows
      .flatMap(({ repository_id, number, installation_id, state }) => {
        const pull = { installationId: installation_id, repositoryId: repository_id, number }
        return parse(state).openChecks.map((check) => ({ pull, check }))
      })
      .filter(({ check }) => check.at < before)
      .sort((a, b) => a.check.at - b.check.at)
  }

  async forgetInstallation(installationId: number): Promise<void> {
    await this.#database.query('DELETE FROM pull WHERE installation_id = $1', [installationId])
  }

  async forgetUnchangedSince(time: number): Promise<number> {
    const gone = await this.#database.query('DELETE FROM pull WHERE touched_at < $1 RETURNING number', [time])
    return gone.length
  }
}

const parse = (state: string | undefined): PullState => (state === undefined ? unknownPull : JSON.parse(state))
