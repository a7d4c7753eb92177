/** Owns what a pull request changes, as GitHub tells it: the merge base, the files, and a patch for most of them. */
import type { FileChange } from '../core/snapshot.ts'
import type { DiffFile } from '../diff/hunk.ts'
import { toDiffFile } from '../diff/parse-patch.ts'
import type { Octokit, PullRequestName } from './octokit.ts'
import type { PullRequest } from './read-pull-request.ts'

export interface Changes {
  /** The commit that the pull request's diff starts from. */
  readonly mergeBase: string
  /** A file is without hunks where GitHub gave no patch: binary, too large, only renamed. */
  readonly files: readonly DiffFile[]
  /** Whether all changed files are listed. */
  readonly isComplete: boolean
}

/** A comparison that names this many files may have left others out. */
const mostCompared = 300

/** The pull request's own list ends here: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
const mostListed = 3000

/** A changed file in the words of both endpoints. */
interface ListedFile {
  readonly filename: string
  readonly previous_filename?: string
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed' | 'unchanged'
  readonly patch?: string
}

/**
 * Reads what lies between the merge base and the head. One request as long as the pull request changes no more files than
 * a comparison lists: https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export async function readChanges(octokit: Octokit, { name, base, head, changedFiles }: PullRequest): Promise<Changes> {
  const { owner, repo } = name
  // The commits come in pages, the files all on the first: the smallest page spares the commits.
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${base}...${head}`,
    per_page: 1,
    page: 1,
  })
  const mergeBase = data.merge_base_commit.sha
  const compared = data.files ?? []
  if (compared.length < mostCompared) return { mergeBase, files: compared.flatMap(toFile), isComplete: true }
  const files = await readFiles(octokit, name)
  return { mergeBase, files, isComplete: files.length >= changedFiles && files.length < mostListed }
}

/** The changed files as the pull request lists them: up to 3000, with the patches that comments are judged by. */
export async function readFiles(octokit: Octokit, name: PullRequestName): Promise<DiffFile[]> {
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, { ...name, per_page: 100 })
  return files.flatMap(toFile)
}

function toFile(file: ListedFile): DiffFile[] {
  if (file.status === 'unchanged') return []
  return [toDiffFile(toChange(file), file.patch)]
}

function toChange({ filename, previous_filename, status }: ListedFile): FileChange {
  switch (status) {
    case 'renamed':
      return { status, path: filename, previousPath: previous_filename }
    case 'added':
    case 'copied':
      return { status: 'added', path: filename }
    case 'removed':
      return { status, path: filename }
    default:
      return { status: 'modified', path: filename }
  }
}
