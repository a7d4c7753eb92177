/** Owns the listing of a commit. */
import type { Skipped } from '../core/finding.ts'
import type { FileEntry } from '../core/snapshot.ts'
import type { Octokit, RepositoryName } from './octokit.ts'

export interface Tree {
  /** Ordered by path, in UTF-16 code units. */
  readonly files: readonly FileEntry[]
  /** What is no file, or cannot be named. */
  readonly skipped: readonly Skipped[]
  /** Whether the listing names everything. */
  readonly isComplete: boolean
}

/** A tree so large that it takes more requests is listed in part. */
const mostRequests = 100

/**
 * Lists a commit: one request, or one for each folder that is too large to be listed with all below it
 * (100,000 entries or 7 MB: https://docs.github.com/en/rest/git/trees#get-a-tree).
 * @throws GitHubFailure
 */
export async function readTree(octokit: Octokit, { owner, repo }: RepositoryName, commit: string): Promise<Tree> {
  const files: FileEntry[] = []
  const skipped: Skipped[] = []
  const folders = [{ sha: commit, prefix: '', recursive: true }]
  let isComplete = true
  for (let requests = 0; folders.length > 0 && requests < mostRequests; requests++) {
    const { sha, prefix, recursive } = folders.pop()!
    const parameters = { owner, repo, tree_sha: sha, ...(recursive ? { recursive: 'true' } : {}) }
    const { data } = await octokit.rest.git.getTree(parameters)
    if (data.truncated && recursive) {
      folders.push({ sha, prefix, recursive: false })
      continue
    }
    if (data.truncated) isComplete = false
    for (const entry of data.tree) {
      const path = prefix + entry.path
      if (entry.type === 'tree') {
        if (!recursive) folders.push({ sha: entry.sha, prefix: `${path}/`, recursive: true })
        continue
      }
      const reason = reasonToSkip(entry.mode, path)
      if (reason === undefined) files.push({ path, sha: entry.sha, size: entry.size })
      else if (path.endsWith('.py') || entry.type === 'commit') skipped.push({ path, reason })
    }
  }
  return {
    files: files.sort(byPath),
    skipped: skipped.sort(byPath),
    isComplete: isComplete && folders.length === 0,
  }
}

function reasonToSkip(mode: string, path: string): string | undefined {
  if (mode === '120000') return 'a symbolic link'
  if (mode === '160000') return 'a submodule'
  return path.includes('\ufffd') ? 'its name is not valid UTF-8' : undefined
}

/** Orders by UTF-16 code units, as every kind of snapshot does. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
