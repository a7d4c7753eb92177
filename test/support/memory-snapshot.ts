/** A snapshot of files that exist in memory only. */
import { createHash } from 'node:crypto'
import type { FileChange, FileEntry, Snapshot } from '../../src/core/snapshot.ts'

export type Files = Readonly<Record<string, string>>

const shaOf = (text: string) => createHash('sha1').update(text).digest('hex')

export function memorySnapshot(files: Files): Snapshot {
  return {
    files: Object.entries(files).map(
      ([path, text]): FileEntry => ({ path, sha: shaOf(text), size: Buffer.byteLength(text) }),
    ),
    read: async (entries) =>
      new Map(
        entries.flatMap(({ path }) =>
          files[path] === undefined ? [] : [[path, new TextEncoder().encode(files[path])] as const],
        ),
      ),
  }
}

/** What changed between two sets of files; a file that vanished while an equal one appeared counts as renamed. */
export function changesOf(before: Files, after: Files): FileChange[] {
  const gone = Object.keys(before).filter((path) => !(path in after))
  return [
    ...Object.keys(after).flatMap((path): FileChange[] => {
      if (path in before) return before[path] === after[path] ? [] : [{ status: 'modified', path }]
      const previousPath = gone.find((old) => before[old] === after[path])
      return [previousPath ? { status: 'renamed', path, previousPath } : { status: 'added', path }]
    }),
    ...gone.map((path): FileChange => ({ status: 'removed', path })),
  ]
}
