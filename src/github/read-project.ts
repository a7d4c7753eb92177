/** Owns the two states of a project that a pull request stands between, read from GitHub with as few requests as can be. */
import { isPython, isRead, isRequirements, isReviewed } from '../core/file-kinds.ts'
import type { Skipped } from '../core/finding.ts'
import type { FileEntry, Snapshot } from '../core/snapshot.ts'
import type { DiffFile } from '../diff/hunk.ts'
import type { BlobCache } from './blob-cache.ts'
import { type Blob, BlobReader, mostBytesOfText } from './blob-reader.ts'
import type { Octokit } from './octokit.ts'
import type { Changes } from './read-changes.ts'
import type { PullRequest } from './read-pull-request.ts'
import { byPath, readTree, type Tree } from './read-tree.ts'

export interface Project {
  /** At the merge base. */
  readonly before: Snapshot
  /** At the head. */
  readonly after: Snapshot
  /** The text of a changed file that can have findings, or of one `also` asked for; undefined when there is none in UTF-8. */
  readonly textBefore: (path: string) => string | undefined
  /** The same at the head, where a file that was also asked for has changed. */
  readonly textAfter: (path: string) => string | undefined
  /** What the listing of the head leaves out. */
  readonly skipped: readonly Skipped[]
  /** Whether the listing of the head names everything. */
  readonly isComplete: boolean
}

/**
 * Reads the listing of the head, and at once what will be needed for certain: the changed files on both sides, what states
 * the requirements, new files of Python where they are few, and the files `also` asked for. Everything else is read when
 * it is asked for.
 * @throws GitHubFailure
 */
export async function readProject(
  octokit: Octokit,
  { name, head }: PullRequest,
  { mergeBase, files }: Changes,
  { cache, also }: { cache: BlobCache; also: readonly string[] },
): Promise<Project> {
  const tree = await readTree(octokit, name, head)
  const blobs = new BlobReader(octokit, name, cache)
  const entries = new Map(tree.files.map((file) => [file.path, file]))
  const nameBefore = (path: string) => `${mergeBase}:${path}`

  const changedBefore = files.flatMap(pathBefore).filter(isRead)
  const isNew = ({ path, sha, size = 0 }: FileEntry) =>
    isPython(path) && size <= mostBytesOfText && cache.get(sha) === undefined
  const fresh = new Set(tree.files.filter(isNew).map(({ sha }) => sha))
  const changed = new Set(files.map(({ path }) => path))
  const isWanted = ({ path, sha, size = 0 }: FileEntry) =>
    // A long lock file takes a request of its own, and may be known from before.
    (isRequirements(path) && size <= mostBytesOfText) ||
    (fresh.size <= fewFiles && fresh.has(sha)) ||
    (changed.has(path) && (isReviewed(path) || also.includes(path)))
  const wantedAfter = tree.files.filter(isWanted)
  const archive = { commit: head, size: tree.files.reduce((sum, { size = 0 }) => sum + size, 0) }
  const known = await blobs.read(
    [
      ...[...also, ...changedBefore].map((path) => ({ name: nameBefore(path), size: entries.get(path)?.size })),
      ...wantedAfter.map(({ sha, size }) => ({ name: sha, size })),
    ],
    archive,
  )
  const snapshot = (listed: readonly FileEntry[]): Snapshot => ({
    files: listed,
    async read(wanted) {
      const read = await blobs.read(
        wanted.map(({ sha, size }) => ({ name: sha, size })),
        archive,
      )
      return new Map(wanted.flatMap(({ path, sha }) => (read.has(sha) ? [[path, read.get(sha)!.bytes]] : [])))
    },
  })
  return {
    before: snapshot(listBefore(tree, files, (path) => toEntry(path, nameBefore(path), known))),
    after: snapshot(tree.files),
    textBefore: (path) => toText(known.get(nameBefore(path))),
    textAfter: (path) => toText(known.get(entries.get(path)?.sha ?? '')),
    skipped: tree.skipped,
    isComplete: tree.isComplete,
  }
}

/**
 * So many files of Python fit into the one request that the changed files take: a small project, or what came to a larger
 * one since it was last read. Whether more have to be read depends on which facts are known from before.
 */
const fewFiles = 60

/** Where a changed file stood before; nowhere when it is new. */
function pathBefore({ status, path, previousPath }: DiffFile): string[] {
  if (status === 'added') return []
  return [status === 'renamed' ? previousPath! : path]
}

/** The listing of the merge base: the head's, with the changes undone. */
function listBefore(tree: Tree, files: readonly DiffFile[], entryOf: (path: string) => FileEntry): FileEntry[] {
  const listed = new Map(tree.files.map((file) => [file.path, file]))
  // What is modified but not listed at the head is no file: a submodule, a symbolic link.
  const standing = files.filter(({ status, path }) => status !== 'modified' || listed.has(path)).flatMap(pathBefore)
  for (const { status, path } of files) if (status === 'added' || status === 'renamed') listed.delete(path)
  for (const path of standing) listed.set(path, entryOf(path))
  return [...listed.values()].sort(byPath)
}

/** A file of the merge base, by its blob's SHA where that is known, or else by a name that means the same content for ever. */
function toEntry(path: string, name: string, known: ReadonlyMap<string, Blob>): FileEntry {
  const blob = known.get(name)
  return { path, sha: blob?.sha ?? name, size: blob?.bytes.byteLength }
}

function toText(blob: Blob | undefined): string | undefined {
  try {
    return blob && new TextDecoder('utf-8', { fatal: true }).decode(blob.bytes)
  } catch {
    return undefined
  }
}
