/** Owns files on a disk as entries of a snapshot: naming their content, and reading them. Where they come from is not known here. */
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRead } from '../core/file-kinds.ts'
import type { FileEntry } from '../core/snapshot.ts'
import type { Listing } from './listing.ts'

/** A file of more bytes is not read when it is listed, but only if somebody asks for it. */
const heldBytes = 4 << 20

/**
 * Files below one directory. What a review may look at is read once, when it is listed, so that its SHA and its bytes belong together
 * however the disk changes meanwhile; other files are named after their size and time, and read when asked for.
 */
export class DiskFiles {
  readonly #root: string
  readonly #held = new Map<string, Uint8Array>()

  constructor(root: string) {
    this.#root = root
  }

  /** Adds a file to a listing, or to what is left out of it. A file that has vanished is not mentioned. */
  list(path: string, listing: Listing): void {
    const place = join(this.#root, path)
    try {
      const stats = lstatSync(place)
      if (stats.isSymbolicLink()) listing.leaveOut(path, 'a symbolic link')
      else if (!stats.isFile()) listing.leaveOut(path, 'not a regular file')
      else if (isRead(path) && stats.size <= heldBytes) {
        const content = readFileSync(place)
        this.#held.set(path, content)
        listing.add({ path, sha: blobSha(content), size: content.length })
      } else listing.add({ path, sha: `${stats.size}-${stats.mtimeMs}`, size: stats.size })
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') listing.leaveOut(path, `cannot be read (${code ?? message})`)
    }
  }

  /** The contents of listed files, but of those that cannot be read any more. */
  read(files: readonly FileEntry[]): Map<string, Uint8Array> {
    const contents = new Map<string, Uint8Array>()
    for (const { path } of files) {
      try {
        contents.set(path, this.#held.get(path) ?? readFileSync(join(this.#root, path)))
      } catch {
        // Removed since it was listed: missing from the answer.
      }
    }
    return contents
  }
}

/** The name that git gives to a blob in a repository of SHA-1 objects. */
export function blobSha(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}
