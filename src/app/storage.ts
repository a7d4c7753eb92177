/** Owns opening what the app keeps, where its environment says: the queue and the stores on one database. */
import { join } from 'node:path'
import type { StorageEnvironment } from '../config/environment.ts'
import type { Database } from '../database/database.ts'
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
}

/** Pushes often come in pairs; nobody notices two seconds. */
const debounce = { quiet: 2_000, longest: 20_000 }

/** @throws UserError when the database cannot be used */
export async function openStorage(
  { dataDir, databaseUrl }: StorageEnvironment,
  { schema, ...options }: StorageOptions = {},
): Promise<Storage> {
  const { database, bell } = await open(dataDir, databaseUrl, schema)
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

async function open(
  dataDir: string,
  url: string | undefined,
  schema?: string,
): Promise<{ database: Database; bell?: Bell }> {
  if (url === undefined) return { database: await openSqlite(join(dataDir, 'celery-review.db')) }
  const database = await openPostgres(url, schema)
  return { database, bell: await openGraphileBell(database) }
}
