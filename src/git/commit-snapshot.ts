/** Owns the snapshot of one commit, read from a git directory without a checkout. */
import type { FileEntry } from '../core/snapshot.ts'
import { readBlobs } from './blobs.ts'
import { type ListedSnapshot, Listing } from './listing.ts'
import { recordsOf, runGit } from './run.ts'

/** The project at a commit. */
export async function snapshotOf(gitDir: string, commit: string): Promise<ListedSnapshot> {
  const listing = new Listing()
  const output = await runGit(['--git-dir', gitDir, 'ls-tree', '-r', '-z', '-l', '--full-tree', commit])
  for (const record of recordsOf(output)) {
    const tab = record.indexOf('\t')
    const [mode = '', , sha = '', size = ''] = record.slice(0, tab).split(/ +/)
    // The size is `BAD` when the repository lacks the blob.
    listing.addByMode(mode, { path: record.slice(tab + 1), sha, size: /^\d+$/.test(size) ? Number(size) : undefined })
  }
  return listing.toSnapshot((files) => readBlobFiles(gitDir, files))
}

/** Reads files whose `sha` names a blob of the repository. */
export async function readBlobFiles(gitDir: string, files: readonly FileEntry[]): Promise<Map<string, Uint8Array>> {
  const blobs = await readBlobs(
    gitDir,
    files.map((file) => file.sha),
  )
  const contents = new Map<string, Uint8Array>()
  for (const { path, sha } of files) {
    const content = blobs.get(sha)
    if (content !== undefined) contents.set(path, content)
  }
  return contents
}
