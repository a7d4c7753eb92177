/** Owns what a person sees of a command that they wrote: an eye while it is worked on, then how it went. */
import type { Octokit, PullRequestName, RepositoryName } from './octokit.ts'
import { once } from './octokit.ts'

/** An eye under a comment, to be taken away. */
export interface Eye {
  readonly commentId: number
  readonly reactionId: number
}

/** @throws GitHubFailure */
export async function showEye(octokit: Octokit, { owner, repo }: RepositoryName, commentId: number): Promise<Eye> {
  const parameters = { owner, repo, comment_id: commentId, content: 'eyes' as const }
  const { data } = await octokit.rest.reactions.createForIssueComment({ ...parameters, ...once })
  return { commentId, reactionId: data.id }
}

/**
 * Puts a thumb or a confused face in the eye's place.
 * @throws GitHubFailure
 */
export async function replaceEye(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  { commentId, reactionId }: Eye,
  content: '+1' | 'confused',
): Promise<void> {
  await octokit.rest.reactions.createForIssueComment({ owner, repo, comment_id: commentId, content, ...once })
  await octokit.rest.reactions.deleteForIssueComment({ owner, repo, comment_id: commentId, reaction_id: reactionId })
}

/** @throws GitHubFailure */
export async function reply(octokit: Octokit, name: PullRequestName, body: string): Promise<void> {
  const { owner, repo, pull_number } = name
  await octokit.rest.issues.createComment({ owner, repo, issue_number: pull_number, body, ...once })
}

/**
 * Whether somebody may change the repository. The association that a webhook names does not tell: it calls the private
 * members of an organisation contributors (getsentry/sentry#105180).
 * @throws GitHubFailure
 */
export async function hasWriteAccess(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  username: string,
): Promise<boolean> {
  const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username })
  return data.permission === 'admin' || data.permission === 'write'
}
