/** Owns the app's life as a process: from its environment to the signal that ends it. */
import { readEnvironment, type Variables } from '../config/environment.ts'
import { type AppOptions, startApp } from './start-app.ts'

export interface ServeOptions extends Omit<AppOptions, 'environment'> {
  readonly env: Variables
  /** Where SIGTERM and SIGINT come from; the process. */
  readonly signals: Pick<NodeJS.Process, 'once'>
}

/**
 * Runs the app until a signal asks for its end, and has ended when the reviews under way have.
 * @throws UserError when the environment is incomplete or wrong, or the address cannot be listened on.
 */
export async function serve({ env, signals, ...options }: ServeOptions): Promise<void> {
  const app = await startApp({ ...options, environment: readEnvironment(env) })
  await new Promise((resolve) => {
    signals.once('SIGTERM', resolve)
    signals.once('SIGINT', resolve)
  })
  await app.stop()
}
