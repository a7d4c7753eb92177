/** Owns the port by which processes on different machines tell each other of a job, so that nobody has to look all the time. */
import type { Sql } from '../database/database.ts'

export interface Bell {
  /** Rings, once the transaction is through, in one of the processes that listen, when the job of this key is due (milliseconds since the epoch). */
  ring(sql: Sql, key: string, at: number): Promise<void>
  /** Answers up to so many rings side by side, each until `onRing` has ended. */
  listen(onRing: () => Promise<void>, concurrency: number): Promise<void>
  close(): Promise<void>
}

/** On one machine, looking every second costs next to nothing. */
export const silentBell: Bell = {
  ring: async () => {},
  listen: async () => {},
  close: async () => {},
}
