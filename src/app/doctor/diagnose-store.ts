/** Owns judging where the app keeps what must outlive it: whether it can, and whether what is there is of this version. */
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { StorageEnvironment } from '../../config/environment.ts'
import { fileSystemOf, type ReadType } from '../../database/file-system.ts'
import { type Inspection, inspectPostgres, inspectSqlite } from '../../database/inspect.ts'
import { databaseFile, isShared } from '../storage.ts'
import { bearable, type Diagnosis, doubt, fault, fine } from './diagnose.ts'

/**
 * Looks at the store, and leaves it as it is.
 * @param now this machine's clock, in milliseconds since the epoch
 */
export function diagnoseStore(
  { dataDir, databaseUrl }: StorageEnvironment,
  now: () => number,
  readType?: ReadType,
): Promise<Diagnosis[]> {
  return databaseUrl === undefined ? ofDirectory(dataDir, readType) : ofServer(databaseUrl, now)
}

async function ofDirectory(dataDir: string, readType?: ReadType): Promise<Diagnosis[]> {
  const path = databaseFile(dataDir)
  const place = existing(resolve(dataDir))
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
  } catch (error) {
    return [fault('store', `DATA_DIR: ${place} cannot be written to (${codeOf(error)}): give it to the app's user`)]
  }
  const kind = fileSystemOf(place, readType)
  if (kind === 'network') return [fault('store', isShared(place))]
  const volatile =
    kind === 'memory'
      ? [doubt('store', `DATA_DIR: ${place} is in memory, and lost when the machine starts anew: mount a disk there`)]
      : []
  try {
    return [...volatile, ofTables(path, await inspectSqlite(path))]
  } catch (error) {
    const remedy =
      codeOf(error) === 'ERR_DLOPEN_FAILED'
        ? 'better-sqlite3 was compiled for another version of Node: run npm rebuild better-sqlite3'
        : 'move it away, and the app begins with a new one'
    return [...volatile, fault('store', `${path} cannot be read (${codeOf(error)}): ${remedy}`)]
  }
}

/** The directory itself, or the one in which it will be made. */
const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)))

async function ofServer(url: string, now: () => number): Promise<Diagnosis[]> {
  try {
    const before = now()
    const inspection = await inspectPostgres(url)
    return [ofTables('PostgreSQL', inspection), ...ofClock(inspection, (before + now()) / 2)]
  } catch (error) {
    const remedy = 'check DATABASE_URL, and that the server takes connections from here'
    return [fault('store', `DATABASE_URL: PostgreSQL cannot be used (${codeOf(error)}): ${remedy}`)]
  }
}

function ofTables(where: string, { step, latestStep }: Inspection): Diagnosis {
  if (step === 0) return fine('store', `${where} has no tables yet: the first start makes them`)
  if (step > latestStep) {
    return fault('store', `${where} is that of a later version (${step}, not ${latestStep}): run that version`)
  }
  if (step < latestStep)
    return fine('store', `${where} is of version ${step}: the next start brings it to ${latestStep}`)
  return fine('store', `${where} is of version ${step}, as it should be`)
}

function ofClock({ now: theirs = Number.NaN }: Inspection, ours: number): Diagnosis[] {
  const off = Math.abs(ours - theirs)
  if (!(off > bearable)) return []
  const way = ours > theirs ? 'behind' : 'ahead of'
  return [doubt('store', `PostgreSQL's clock is ${Math.round(off / 1000)} s ${way} this machine's: set both by NTP`)]
}

/** Never the message, which may repeat the address and the password in it. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).name
