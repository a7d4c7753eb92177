/** Owns opening what the app keeps, where its environment says: the queue and the stores on one database. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StorageEnvironment } from '../config/environment.ts'
import { UserError } from '../core/errors.ts'
import type { Database } from '../database/database.ts'
import { fileSystemOf, type ReadType } from '../database/file-system.ts'
import { openPostgres } from '../database/postgres.ts'
import { openSqlite } from '../database/sqlite.ts'
import type { Bell } from '../queue/bell.ts'
import type { Clock } from '../queue/clock.ts'
import { DurableQueue, type DurableQueueOptions } from '../queue/durable-queue.ts'
import { openGraphileBell } from '../queue/graphile-bell.ts'
import { forgetInstallation } from '../queue/queue-records.ts'
import { jobKey } from '../queue/review-job.ts'
import { DurableFactsStore } from '../store/durable-facts-store.ts'
import { DurableReviewStore } from '../store/durable-review-store.ts'
import type { Log } from './log.ts'

export interface Storage {
  readonly database: Database
  readonly facts: DurableFactsStore
  makeQueue(log: Log, clock: Clock): DurableQueue
  makeStore(log: Log, clock: Clock): DurableReviewStore
  /** Forgets all that is known through an installation. */
  forgetInstallation(id: number): Promise<void>
  close(): Promise<void>
}

export type StorageOptions = Partial<Pick<DurableQueueOptions, 'lease' | 'poll' | 'retry' | 'debounce'>> & {
  readonly schema?: string
  readonly readType?: ReadType
}

/** Pushes often come in pairs; nobody notices two seconds. */
const debounce = { quiet: 2_000, longest: 20_000 }

/** @throws UserError when the database cannot be used */
export async function openStorage(
  { dataDir, databaseUrl }: StorageEnvironment,
  { schema, readType, ...options }: StorageOptions = {},
): Promise<Storage> {
  const { database, bell } =
    databaseUrl === undefined ? await openFile(dataDir, readType) : await openServer(databaseUrl, schema)
  const facts = new DurableFactsStore(database, Date.now)
  return {
    database,
    facts,
    makeQueue: (log, clock) =>
      new DurableQueue({
        debounce,
        ...options,
        database,
        bell,
        clock,
        random: Math.random,
        onFailure: (job, error, { attempt, isLast }) =>
          log.error(
            { job: jobKey(job), delivery: job.delivery, attempt, err: error },
            isLast ? 'job given up' : 'job failed',
          ),
        onTrouble: (error) => log.error({ err: error }, 'the database failed'),
      }),
    makeStore: (_, clock) => new DurableReviewStore(database, () => clock.now()),
    async forgetInstallation(id) {
      await forgetInstallation(database, id)
      await new DurableReviewStore(database, Date.now).forgetInstallation(id)
      await facts.forgetInstallation(id)
    },
    close: () => database.close(),
  }
}

/** The one file that everything is in. */
export const databaseFile = (dataDir: string): string => join(dataDir, 'celery-review.db')

/** Why a directory will not do that machines may share. https://sqlite.org/wal.html: all processes must be on one machine. */
export const isShared = (dataDir: string): string =>
  `DATA_DIR: ${dataDir} is on a network file system, where SQLite loses data: set it to a disk of this machine, or DATABASE_URL to a PostgreSQL`

async function openFile(dataDir: string, readType?: ReadType): Promise<{ database: Database; bell?: Bell }> {
  if (isOnNetwork(dataDir, readType)) throw new UserError(isShared(dataDir))
  return { database: await openSqlite(databaseFile(dataDir)) }
}

function isOnNetwork(dataDir: string, readType?: ReadType): boolean {
  try {
    mkdirSync(dataDir, { recursive: true })
    return fileSystemOf(dataDir, readType) === 'network'
  } catch {
    // What is wrong with the directory is said when the file in it is opened.
    return false
  }
}

async function openServer(url: string, schema?: string): Promise<{ database: Database; bell?: Bell }> {
  const database = await openPostgres(url, schema)
  return { database, bell: await openGraphileBell(database) }
}
