/** Owns the snapshot of a checkout as it stands on disk, and what has changed in it since a commit. */
import { resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { FileChange, Snapshot } from '../core/snapshot.ts'
import { readBlobFiles } from './commit-snapshot.ts'
import { parseRawDiff, rawDiff } from './commits.ts'
import { foreignFiles } from './directory.ts'
import { DiskFiles } from './disk-files.ts'
import { byPath, type ListedSnapshot, Listing } from './listing.ts'
import { GitFailure, recordsOf, runGit } from './run.ts'

/** A checkout: its top directory and the git directory that it belongs to. */
export interface WorkTree {
  readonly root: string
  readonly gitDir: string
}

/**
 * The git directory of the repository that a directory lies in, if any.
 * @throws UserError when there is one that git refuses to open.
 */
export const gitDirAround = (directory: string): Promise<string | undefined> => ask(directory, '--absolute-git-dir')

/**
 * The checkout that a directory lies in, if any.
 * @throws UserError when there is one that git refuses to open, and when the repository is bare.
 */
export async function findWorkTree(directory: string): Promise<WorkTree | undefined> {
  const [root, gitDir] = await Promise.all([ask(directory, '--show-toplevel'), gitDirAround(directory)])
  return root === undefined || gitDir === undefined ? undefined : { root, gitDir }
}

async function ask(directory: string, question: string): Promise<string | undefined> {
  try {
    return (await runGit(['rev-parse', question], directory)).toString().replace(/\n$/, '')
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error
    if (error.complaint.startsWith('not a git repository')) return undefined
    const isBare = error.complaint === 'this operation must be run in a work tree'
    throw new UserError(`${resolve(directory)}: ${isBare ? 'has no files checked out: name a commit' : error.message}`)
  }
}

/**
 * The project as a checkout has it: tracked files, and untracked ones that are not ignored. Files that git knows to be
 * unmodified come from its object store, exactly as they were committed; the others come from the disk.
 */
export async function readWorkTree(workTree: WorkTree): Promise<ListedSnapshot> {
  const [index, touched, untracked] = await Promise.all([
    runInWorkTree(workTree, 'ls-files', '-z', '--stage'),
    runInWorkTree(workTree, 'diff-files', '-z', '--name-status', '--ignore-submodules'),
    runInWorkTree(workTree, 'ls-files', '-z', '--others', '--exclude-standard'),
  ])
  const { onDisk, deleted } = touchedFiles(touched)
  const isForeign = foreignFiles(workTree.root)
  for (const path of recordsOf(untracked)) if (!isForeign(path)) onDisk.add(path)

  const listing = new Listing()
  for (const record of recordsOf(index)) {
    const tab = record.indexOf('\t')
    const [mode = '', sha = ''] = record.slice(0, tab).split(' ')
    const path = record.slice(tab + 1)
    if (!onDisk.has(path) && !deleted.has(path)) listing.addByMode(mode, { path, sha })
  }
  const disk = new DiskFiles(workTree.root)
  for (const path of onDisk) disk.list(path, listing)

  return listing.toSnapshot(async (files) => {
    const committed = files.filter((file) => !onDisk.has(file.path))
    const others = files.filter((file) => onDisk.has(file.path))
    return new Map([...(await readBlobFiles(workTree.gitDir, committed)), ...disk.read(others)])
  })
}

/** What has changed from a commit (`before`) to the checkout (`after`), ordered by path. */
export async function workTreeChanges(
  workTree: WorkTree,
  base: string,
  before: Snapshot,
  after: Snapshot,
): Promise<FileChange[]> {
  const output = await runInWorkTree(workTree, 'diff-index', ...rawDiff, base)
  const previousPaths = new Map(parseRawDiff(output).map((change) => [change.path, change.previousPath]))
  const old = new Map(before.files.map((file) => [file.path, file.sha]))
  const current = new Set(after.files.map((file) => file.path))
  const gone = new Map(before.files.filter((file) => !current.has(file.path)).map((file) => [file.path, file.sha]))
  const goneBySha = new Map(Array.from(gone, ([path, sha]) => [sha, path]))

  const changes: FileChange[] = []
  for (const { path, sha } of after.files) {
    if (old.has(path)) {
      if (old.get(path) !== sha) changes.push({ status: 'modified', path })
      continue
    }
    // git tells no rename to an untracked file; the same content under another name is one.
    const previousPath = [goneBySha.get(sha), previousPaths.get(path)].find((place) => place && gone.has(place))
    if (previousPath !== undefined) {
      gone.delete(previousPath)
      changes.push({ status: 'renamed', path, previousPath })
    } else changes.push({ status: 'added', path })
  }
  for (const path of gone.keys()) changes.push({ status: 'removed', path })
  return changes.sort(byPath)
}

const runInWorkTree = ({ root, gitDir }: WorkTree, ...args: string[]): Promise<Buffer> =>
  runGit(['--git-dir', gitDir, '--work-tree', root, ...args], root)

/** Takes apart `--name-status -z`, `<status>\0<path>\0`. An unmerged file (U) is read as it stands on disk. */
function touchedFiles(output: Buffer): { onDisk: Set<string>; deleted: Set<string> } {
  const records = recordsOf(output)
  const onDisk = new Set<string>()
  const deleted = new Set<string>()
  for (let at = 0; at + 1 < records.length; at += 2) {
    const path = records[at + 1]!
    if (records[at] === 'D') deleted.add(path)
    else onDisk.add(path)
  }
  return { onDisk, deleted }
}
