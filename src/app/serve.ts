/** Owns the app's life as a process: from its environment to the signal that ends it. */
import { type Environment, readEnvironment, type Variables } from '../config/environment.ts'
import type { Analyse } from './analysis/analyse.ts'
import { AnalysisPool } from './analysis/pool.ts'
import { createMetrics } from './metrics.ts'
import { type AppOptions, startApp } from './start-app.ts'
import { openStorage, type Storage, type StorageOptions } from './storage.ts'
import { beginUpkeep } from './upkeep.ts'

export interface ServeOptions extends Omit<AppOptions, 'environment' | 'analyse'> {
  readonly env: Variables
  /** The version of the engine. */
  readonly version: string
  /** By default by the engine, in threads of its own. */
  readonly analyse?: Analyse
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
    await runUntil(signals, { ...options, environment, storage, upkeep: beginUpkeep(storage, upkeepEvery) })
  } finally {
    await storage.close()
  }
}

async function runUntil(
  signals: ServeOptions['signals'],
  {
    storage,
    version,
    deadline,
    ...options
  }: Omit<ServeOptions, 'env' | 'signals' | 'upkeepEvery' | 'storage'> &
    Pick<AppOptions, 'upkeep'> & { environment: Environment; storage: Storage },
): Promise<void> {
  const { makeQueue, makeStore, database, facts } = storage
  const metrics = createMetrics(database, Date.now)
  const pool = new AnalysisPool({ facts, version })
  const { analyse = pool.analyse } = options
  const app = await startApp({
    ...options,
    analyse: metrics.watch(analyse),
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
  await pool.close()
}
