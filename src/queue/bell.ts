/** Owns the port by which processes on different machines tell each other of a job, so that nobody has to look all the time. */
import type { Sql } from '../database/database.ts'

export interface Ring {
  /** Of the job. */
  readonly key: string
  /** When it is due, in milliseconds since the epoch. */
  readonly at: number
}

export interface Bell {
  /** Rings, once the transaction is through, for each job when it is due, in one of the processes that listen. */
  ring(sql: Sql, rings: readonly Ring[]): Promise<void>
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
