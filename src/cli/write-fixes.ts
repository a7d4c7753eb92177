/** Owns what becomes of fixed files: written over those on disk, or shown as a diff. What is fixed, and how, is the engine's. */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { decodeSource, encodeSource } from '../celery/decode.ts'
import { UserError } from '../core/errors.ts'
import type { FixedFile } from '../engine/fix-project.ts'

/** The changes of all files as one unified diff that `git apply` and `patch -p1` take. */
export function formatFixes(files: ReadonlyMap<string, FixedFile>): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { before, after }]) =>
      createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
        context: 3,
        headerOptions: FILE_HEADERS_ONLY,
      }),
    )
    .join('')
}

/**
 * Writes fixed files over those below a directory, each all or nothing; line endings, encoding and mode stay.
 * @throws UserError when a file cannot be written, or holds something else by now. Files that were written stay.
 */
export function writeFixes(root: string, files: ReadonlyMap<string, FixedFile>): void {
  for (const [path, file] of files) {
    try {
      replaceFile(join(root, path), path, file)
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`)
    }
  }
}

function replaceFile(place: string, path: string, file: FixedFile): void {
  const onDisk = fs.readFileSync(place)
  const bytes = fixedBytes(onDisk, file)
  if (!bytes) throw new UserError(`${path}: has changed meanwhile and was left as it is: run the command again`)
  const { mode, uid, gid } = fs.statSync(place)
  const temporary = join(dirname(place), `.${basename(place)}.${randomUUID()}.tmp`)
  try {
    fs.writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true })
    const own = fs.statSync(temporary)
    if (own.uid !== uid || own.gid !== gid) fs.chownSync(temporary, uid, gid)
    fs.chmodSync(temporary, mode & 0o7777)
    fs.renameSync(temporary, place)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}

/** What a file holds after its fixes. A checkout may have other line endings than the commit that was analysed. */
function fixedBytes(onDisk: Uint8Array, { before, after }: FixedFile): Uint8Array | undefined {
  const decoded = decodeSource(onDisk)
  if ('refused' in decoded) return undefined
  if (decoded.text === before) return encodeSource(after, onDisk)
  const isConverted = !before.includes('\r') && decoded.text.replaceAll('\r\n', '\n') === before
  return isConverted ? encodeSource(after.replaceAll('\n', '\r\n'), onDisk) : undefined
}
