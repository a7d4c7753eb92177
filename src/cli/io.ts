/** Owns what a command sees of the process that it runs in, so that tests can stand in for it. */
import type { Output } from './terminal.ts'

export interface Io {
  /** The current directory. */
  readonly cwd: string
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: Output
  readonly stderr: Output
  /** Milliseconds since some fixed moment. */
  readonly now: () => number
}
