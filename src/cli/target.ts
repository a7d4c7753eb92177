/** Owns what a command looks at: which tree or which two, on disk or in a git directory, and which of its files are shown. */
import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { FileChange } from '../core/snapshot.ts'
import { snapshotOf } from '../git/commit-snapshot.ts'
import { changesBetween, findGitDir, mergeBase, resolveCommit } from '../git/commits.ts'
import { readDirectory } from '../git/directory.ts'
import type { ListedSnapshot } from '../git/listing.ts'
import { findWorkTree, gitDirAround, readWorkTree, workTreeChanges } from '../git/work-tree.ts'

export interface Target {
  /** What is checked; for a change, its head. */
  readonly snapshot: ListedSnapshot
  /** Whether findings in a file are shown. */
  readonly isShown: (path: string) => boolean
  /** The directory on disk that paths start at; undefined for a commit, which is nowhere on disk. */
  readonly root?: string
  /** A path as it is opened from the current directory; unchanged for a commit, which is nowhere on disk. */
  readonly displayPath: (path: string) => string
}

/** The head of a change, with what it started from. */
export interface ChangeTarget extends Target {
  /** The project at the merge base. */
  readonly base: ListedSnapshot
  readonly changes: readonly FileChange[]
}

const everything = () => true
const unchanged = (path: string) => path

/**
 * The project on disk around `paths`: the checkout that the first one lies in or, without git, the current directory.
 * @throws UserError when a path is not there or not in that project.
 */
export async function readTree(cwd: string, paths: readonly string[]): Promise<Target> {
  const here = realpathSync(cwd)
  const places = paths.map((path) => {
    const place = resolve(here, path)
    if (!existsSync(place)) throw new UserError(`${path}: no such file or directory`)
    return realpathSync(place)
  })
  const first = places[0] ?? here
  const directory = statSync(first).isDirectory() ? first : dirname(first)
  const workTree = await findWorkTree(directory)
  const root = workTree?.root ?? (relativePath(here, directory) === undefined ? directory : here)
  const snapshot = workTree ? await readWorkTree(workTree) : await readDirectory(root)
  const within = places.map((place, index) => {
    const path = relativePath(root, place)
    if (path === undefined) throw new UserError(`${paths[index]}: lies outside ${root}, the project of ${paths[0]}`)
    return path
  })
  return { snapshot, root, isShown: filterFor(snapshot, within, paths), displayPath: displayedFrom(here, root) }
}

/**
 * The project at a commit; `paths` start at the root of the repository.
 * @param repo a git directory or a checkout; the one around `cwd` when it is left out
 * @throws UserError when the repository, the commit or a path is not there.
 */
export async function readCommitTree(
  cwd: string,
  { repo, ref }: { readonly repo?: string; readonly ref: string },
  paths: readonly string[],
): Promise<Target> {
  const gitDir = await gitDirOf(cwd, repo)
  const snapshot = await snapshotOf(gitDir, await resolveCommit(gitDir, ref))
  const within = paths.map((path) => relative('/', resolve('/', path)))
  return { snapshot, isShown: filterFor(snapshot, within, paths), displayPath: unchanged }
}

/**
 * What a pull request of `head` into `base` changes, both commits of one repository; without a head, what the checkout does.
 * A head that the base contains already would be an empty pull request: then it is the way back from `base` to `head`.
 * @throws UserError when the repository or a commit is not there, or their histories never met.
 */
export async function readChange(
  cwd: string,
  { repo, base, head }: { readonly repo?: string; readonly base: string; readonly head?: string },
): Promise<ChangeTarget> {
  const gitDir = await gitDirOf(cwd, repo)
  const [into, from] = await Promise.all([resolveCommit(gitDir, base), resolveCommit(gitDir, head ?? 'HEAD')])
  const met = await mergeBase(gitDir, into, from)
  if (head !== undefined) {
    const start = met === from ? into : met
    const [snapshot, before, changes] = await Promise.all([
      snapshotOf(gitDir, from),
      snapshotOf(gitDir, start),
      changesBetween(gitDir, start, from),
    ])
    return { snapshot, base: before, changes, isShown: everything, displayPath: unchanged }
  }
  const workTree = await findWorkTree(repo === undefined ? cwd : resolve(cwd, repo))
  if (workTree === undefined) throw new UserError(`${repo}: has no files checked out: name a HEAD`)
  const [snapshot, before] = await Promise.all([readWorkTree(workTree), snapshotOf(gitDir, met)])
  const changes = await workTreeChanges(workTree, met, before, snapshot)
  const displayPath = displayedFrom(realpathSync(cwd), workTree.root)
  return { snapshot, base: before, changes, isShown: everything, displayPath }
}

/** The git directory that `--repo` means, or the one around the current directory. */
export async function gitDirOf(cwd: string, repo: string | undefined): Promise<string> {
  if (repo !== undefined) return findGitDir(resolve(cwd, repo))
  const gitDir = await gitDirAround(cwd)
  if (gitDir === undefined) throw new UserError(`${cwd}: not in a git repository: name one with --repo`)
  return gitDir
}

/** The path from a directory to a place in it, with forward slashes; undefined when the place is elsewhere. */
function relativePath(directory: string, place: string): string | undefined {
  const path = relative(directory, place).replaceAll(sep, '/')
  return path === '..' || path.startsWith('../') ? undefined : path
}

function displayedFrom(here: string, root: string): (path: string) => string {
  return (path) => relative(here, join(root, path))
}

/** @throws UserError when one of the paths holds no file of the project. */
function filterFor(
  { files, skipped }: ListedSnapshot,
  paths: readonly string[],
  asWritten: readonly string[],
): (path: string) => boolean {
  const tests = paths.map(
    (prefix) => (path: string) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`),
  )
  tests.forEach((isBelow, index) => {
    if (![...files, ...skipped].some(({ path }) => isBelow(path))) {
      throw new UserError(`${asWritten[index]}: holds no file of the project (is it ignored by git?)`)
    }
  })
  return tests.length === 0 ? everything : (path) => tests.some((isBelow) => isBelow(path))
}
