/**
 * Owns the facts that outlive the process and that all replicas share, as bytes under a key; what they mean is the
 * engine's. Each installation has its own: facts repeat the reviewed code, and leave with it.
 */
import { type Database, rowsOf } from '../database/database.ts'

export interface FactsStore {
  /** What is stored under these keys; what is not is missing from the answer. */
  read(installationId: number, keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>
  write(installationId: number, records: ReadonlyMap<string, Uint8Array>): Promise<void>
}

/** Rows of one statement: a long one would keep SQLite's only thread from everything else. */
const batch = 200

const day = 24 * 60 * 60 * 1000

export class DurableFactsStore implements FactsStore {
  readonly #database: Database
  readonly #now: () => number

  /** @param now in milliseconds since the epoch */
  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  async read(installationId: number, keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const now = this.#now()
    const known = new Map<string, Uint8Array>()
    const old: string[] = []
    for (const some of batchesOf(keys)) {
      const rows = await this.#database.query<{ key: string; bytes: Uint8Array; used_at: number }>(
        `SELECT key, bytes, used_at FROM facts
          WHERE installation_id = $1 AND key IN (${this.#database.dialect.listed('$2')})`,
        [installationId, JSON.stringify(some)],
      )
      for (const { key, bytes, used_at } of rows) {
        known.set(key, bytes)
        if (used_at < now - day) old.push(key)
      }
    }
    for (const some of batchesOf(old)) {
      await this.#database.query(
        `UPDATE facts SET used_at = $1 WHERE installation_id = $2 AND key IN (${this.#database.dialect.listed('$3')})`,
        [now, installationId, JSON.stringify(some)],
      )
    }
    return known
  }

  async write(installationId: number, records: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const now = this.#now()
    // In one order, so that two who write the same do not wait for each other in a circle.
    const sorted = [...records].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const some of batchesOf(sorted)) {
      const { text, values } = rowsOf(some.map(([key, bytes]) => [installationId, key, bytes.byteLength, now, bytes]))
      await this.#database.query(
        `INSERT INTO facts (installation_id, key, size, used_at, bytes) VALUES ${text}
          ON CONFLICT (installation_id, key) DO UPDATE
          SET size = excluded.size, used_at = excluded.used_at, bytes = excluded.bytes`,
        values,
      )
    }
  }

  async forgetInstallation(id: number): Promise<void> {
    await this.#database.query('DELETE FROM facts WHERE installation_id = $1', [id])
  }

  /** Forgets what was not used since then, and beyond a number of bytes what was not used for the longest time. */
  async forget({ unusedSince, mostBytes }: { unusedSince: number; mostBytes: number }): Promise<void> {
    await this.#database.query('DELETE FROM facts WHERE used_at < $1', [unusedSince])
    await this.#database.query(
      `DELETE FROM facts WHERE (installation_id, key) IN (
        SELECT installation_id, key FROM (
          SELECT installation_id, key,
            sum(size) OVER (ORDER BY used_at DESC, installation_id DESC, key DESC) AS total FROM facts
        ) AS counted WHERE total > $1
      )`,
      [mostBytes],
    )
  }
}

function* batchesOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let at = 0; at < items.length; at += batch) yield items.slice(at, at + batch)
}
