/** Owns the file `.env`, in which `setup` leaves what the app needs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** The variables of a process, and those of `.env` in its directory that the process does not have. */
export function withEnvFile(directory: string, variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  try {
    return { ...parseEnv(readFileSync(join(directory, '.env'), 'utf8')), ...variables }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return variables
    throw error
  }
}
