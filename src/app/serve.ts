/** Owns the app's life as a process: from its environment to the signal that ends it. */
import { readEnvironment, type Variables } from '../config/environment.ts'
import { createMetrics } from './metrics.ts'
import { type AppOptions, startApp } from './start-app.ts'
import { openStorage, type Storage, type StorageOptions } from './storage.ts'
import { beginUpkeep } from './upkeep.ts'

export interface ServeOptions extends Omit<AppOptions, 'environment'> {
  readonly env: Variables
  /** Where SIGTERM and SIGINT come from; the process. */
  readonly signals: Pick<NodeJS.Process, 'once'>
  readonly storage?: StorageOptions
  /** How often the upkeep is done, in milliseconds. */
  readonly upkeepEvery?: number
  /** How long the end may take, in milliseconds. */
  readonly deadline?: number
}

/**
 * Runs the app until a signal asks for its end, and has ended when the reviews under way have.
 * @throws UserError when the environment is incomplete or wrong, the database cannot be used, or the address cannot be listened on.
 */
export async function serve({ env, signals, upkeepEvery, ...options }: ServeOptions): Promise<void> {
  const environment = readEnvironment(env)
  const storage = await openStorage(environment, options.storage)
  try {
    await runUntil(signals, { ...options, environment, storage, upkeep: beginUpkeep(storage.database, upkeepEvery) })
  } finally {
    await storage.close()
  }
}

async function runUntil(
  signals: ServeOptions['signals'],
  { storage, deadline, ...options }: AppOptions & { storage: Storage; deadline?: number },
): Promise<void> {
  const { makeQueue, makeStore, database } = storage
  const metrics = createMetrics(database, Date.now)
  const app = await startApp({
    ...options,
    makeQueue: (...given) => metrics.count(makeQueue(...given)),
    makeStore,
    metrics,
    onUninstalled: storage.forgetInstallation,
  })
  await new Promise((resolve) => {
    signals.once('SIGTERM', resolve)
    signals.once('SIGINT', resolve)
  })
  await app.stop({ deadline })
}
