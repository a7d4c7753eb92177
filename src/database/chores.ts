/** Owns the turns at what one of all processes does from time to time, and where the next turn goes on. */
import type { Database } from './database.ts'

const choreLock = 2

/**
 * Takes a turn, unless somebody did within `every` milliseconds before `now`. The answer says when the last turn was
 * taken (0 when there was none); undefined when it is not time yet.
 */
export function takeTurn(database: Database, name: string, now: number, every: number): Promise<number | undefined> {
  return database.transaction(async (sql) => {
    await database.dialect.takeTurns(sql, choreLock)
    const [row] = await sql.query<{ done_at: number }>('SELECT done_at FROM chore WHERE name = $1', [name])
    // A time in the future was written by a clock that was wrong.
    if (row && row.done_at <= now && now - row.done_at < every) return undefined
    await sql.query(
      'INSERT INTO chore (name, done_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at',
      [name, now],
    )
    return Math.min(row?.done_at ?? 0, now)
  })
}

/** What was kept for the next turn; undefined when nothing was. */
export async function readPlace<Place>(database: Database, name: string): Promise<Place | undefined> {
  const [row] = await database.query<{ place: string | null }>('SELECT place FROM chore WHERE name = $1', [name])
  return row?.place ? (JSON.parse(row.place) as Place) : undefined
}

/** Keeps something for the next turn. Only whoever took a turn has something to keep. */
export async function keepPlace(database: Database, name: string, place: unknown): Promise<void> {
  await database.query('UPDATE chore SET place = $2 WHERE name = $1', [name, JSON.stringify(place)])
}
