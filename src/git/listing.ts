/** Owns what every listing of a project has in common: which files are left out with a word, and the order of the rest. */
import { isPython } from '../core/file-kinds.ts'
import type { Skipped } from '../core/finding.ts'
import type { FileEntry, Snapshot } from '../core/snapshot.ts'

/** A snapshot that also says which Python files, and which submodules, it does not list. */
export interface ListedSnapshot extends Snapshot {
  readonly skipped: readonly Skipped[]
}

/** Collects the files of a project and what is left out. */
export class Listing {
  readonly files: FileEntry[] = []
  readonly skipped: Skipped[] = []

  /** Takes in a file; one whose name is no UTF-8 (and so holds U+FFFD) cannot be named in a report nor read by its path. */
  add(entry: FileEntry): void {
    if (!entry.path.includes('\ufffd')) this.files.push(entry)
    else this.leaveOut(entry.path, 'its name is not valid UTF-8')
  }

  /** Notes a file that is not listed, if it would have been looked at. */
  leaveOut(path: string, reason: string): void {
    if (isPython(path)) this.skipped.push({ path, reason })
  }

  /** Takes in an entry of a git tree or index by its mode. */
  addByMode(mode: string, entry: FileEntry): void {
    if (mode === '120000') this.leaveOut(entry.path, 'a symbolic link')
    else if (mode === '160000') this.skipped.push({ path: entry.path, reason: 'a submodule' })
    else this.add(entry)
  }

  /** The snapshot of all that was taken in. */
  toSnapshot(read: Snapshot['read']): ListedSnapshot {
    const { files, skipped } = this
    files.sort(byPath)
    skipped.sort(byPath)
    return { files, skipped, read }
  }
}

/** Orders by UTF-16 code units, so that every kind of snapshot of one project has one order. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
