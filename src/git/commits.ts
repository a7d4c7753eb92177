/** Owns questions about commits of a local git directory: which one a name means, where two met, what changed between. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { FileChange } from '../core/snapshot.ts'
import { GitFailure, recordsOf, runGit } from './run.ts'

/**
 * The git directory that a path means: the path itself (a bare repository), or `.git` in it.
 * @throws UserError when there is none.
 */
export function findGitDir(path: string): string {
  const directory = resolve(path)
  if (existsSync(join(directory, 'HEAD')) && existsSync(join(directory, 'objects'))) return directory
  if (existsSync(join(directory, '.git'))) return join(directory, '.git')
  throw new UserError(`${path}: no git repository there: name a git directory or a checkout`)
}

/**
 * The SHA of the commit that a branch, tag, SHA or expression such as `HEAD~2` names.
 * @throws UserError when there is no such commit.
 */
export async function resolveCommit(gitDir: string, ref: string): Promise<string> {
  const noSuchCommit = () =>
    new UserError(`${JSON.stringify(ref)}: no such commit in ${gitDir}: name a branch, a tag or a SHA that was fetched`)
  if (ref === '' || ref.startsWith('-') || ref.includes('\0')) throw noSuchCommit()
  try {
    const output = await runGit(['--git-dir', gitDir, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`])
    return output.toString().trim()
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error
    if (error.exitCode === 1) throw noSuchCommit()
    throw new UserError(`${gitDir}: git cannot read it: ${error.message}`)
  }
}

/**
 * The commit at which two commits' histories last met; with several, the one that git names first.
 * @throws UserError when they have none in common.
 */
export async function mergeBase(gitDir: string, one: string, other: string): Promise<string> {
  try {
    return (await runGit(['--git-dir', gitDir, 'merge-base', one, other])).toString().trim()
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error
    throw new UserError(
      `${one.slice(0, 12)} and ${other.slice(0, 12)} have no common history in ${gitDir}: a shallow clone needs \`git fetch --unshallow\``,
    )
  }
}

/** The commit that last changed files of a pattern on the way to `commit`, over its first parent; undefined when none did. */
export async function lastChangeOf(gitDir: string, commit: string, pattern: string): Promise<string | undefined> {
  const options = ['-1', '--first-parent', '--min-parents=1']
  const output = await runGit(['--git-dir', gitDir, 'rev-list', ...options, commit, '--', pattern])
  return output.toString().trim() || undefined
}

/** The options that make git tell a change in one way, whatever the configuration says. */
export const rawDiff = ['--raw', '-z', '--no-abbrev', '-M50%', '-l1000', '--ignore-submodules'] as const

/**
 * What changed from one commit to another, without symbolic links and submodules, ordered by path.
 * @throws UserError when git cannot read what it must compare.
 */
export async function changesBetween(gitDir: string, base: string, head: string): Promise<FileChange[]> {
  return parseRawDiff(await diffTree(gitDir, rawDiff, base, head))
}

/**
 * Makes sure that the contents are there which differ between two commits.
 * @throws UserError when one is not.
 */
export async function requireContents(gitDir: string, base: string, head: string): Promise<void> {
  await diffTree(gitDir, ['--shortstat'], base, head)
}

async function diffTree(gitDir: string, options: readonly string[], base: string, head: string): Promise<Buffer> {
  try {
    return await runGit(['--git-dir', gitDir, 'diff-tree', '-r', ...options, base, head])
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error
    throw new UserError(
      `${gitDir}: git cannot compare ${base.slice(0, 12)} with ${head.slice(0, 12)}: ${error.message}: a partial clone needs \`git fetch --refetch --no-filter\``,
    )
  }
}

/** Takes apart git's raw diff format, `:<mode> <mode> <sha> <sha> <status>\0<path>\0`, with two paths for a rename. */
export function parseRawDiff(output: Buffer): FileChange[] {
  const records = recordsOf(output)[Symbol.iterator]()
  const next = (): string => records.next().value ?? ''
  const changes: FileChange[] = []
  for (let meta = next(); meta !== ''; meta = next()) {
    const [modeBefore = '', modeAfter = '', , , status = ''] = meta.slice(1).split(' ')
    const path = next()
    const before = isFileMode(modeBefore)
    if (status.startsWith('R')) changes.push({ status: 'renamed', path: next(), previousPath: path })
    else if (isFileMode(modeAfter)) changes.push({ status: before ? 'modified' : 'added', path })
    else if (before) changes.push({ status: 'removed', path })
  }
  return changes
}

/** Whether a mode in a tree or an index is a regular file's: 120000 is a symbolic link, 160000 a submodule. */
export const isFileMode = (mode: string): boolean => mode.startsWith('100')
