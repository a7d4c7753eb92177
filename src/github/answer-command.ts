/** Owns what a person sees of a command that they wrote: an eye while it is worked on, then how it went. */
import { formatMarker, parseMarker } from '../review/marker.ts'
import { GitHubFailure } from './failure.ts'
import type { Octokit, PullRequestName, RepositoryName } from './octokit.ts'
import { once } from './octokit.ts'

/** A comment on the conversation of a pull request or, with a thread, in one of its review threads. */
export interface CommentRef {
  readonly commentId: number
  /** The first comment of the thread. */
  readonly thread?: number
}

/** An eye under a comment, to be taken away. */
export interface Eye extends CommentRef {
  readonly reactionId: number
}

type Face = 'eyes' | '+1' | 'confused'

/** @throws GitHubFailure */
export async function showEye(octokit: Octokit, name: RepositoryName, comment: CommentRef): Promise<Eye> {
  return { ...comment, reactionId: await react(octokit, name, comment, 'eyes') }
}

/**
 * Puts a thumb or a confused face in the eye's place.
 * @throws GitHubFailure
 */
export async function replaceEye(octokit: Octokit, name: RepositoryName, eye: Eye, face: '+1' | 'confused') {
  await react(octokit, name, eye, face)
  const { owner, repo } = name
  const reaction = { owner, repo, comment_id: eye.commentId, reaction_id: eye.reactionId }
  if (eye.thread === undefined) await octokit.rest.reactions.deleteForIssueComment(reaction)
  else await octokit.rest.reactions.deleteForPullRequestComment(reaction)
}

/** To give the same face twice changes nothing. */
async function react(octokit: Octokit, { owner, repo }: RepositoryName, comment: CommentRef, content: Face) {
  const parameters = { owner, repo, comment_id: comment.commentId, content, ...once }
  const { data } =
    comment.thread === undefined
      ? await octokit.rest.reactions.createForIssueComment(parameters)
      : await octokit.rest.reactions.createForPullRequestReviewComment(parameters)
  return data.id
}

/**
 * Answers a comment where it was written, once: a run that its process did not live to end may have answered already.
 * @throws GitHubFailure
 */
export async function reply(octokit: Octokit, name: PullRequestName, comment: CommentRef, text: string): Promise<void> {
  const body = `${text}\n\n${formatMarker({ reply: String(comment.commentId), fingerprints: [] })}`
  if (await isAnswered(octokit, name, comment)) return
  try {
    await post(octokit, name, comment, body)
  } catch (error) {
    const isLost = error instanceof GitHubFailure && error.failure.kind === 'unavailable'
    if (!isLost || !(await isAnswered(octokit, name, comment))) throw error
  }
}

async function post(octokit: Octokit, name: PullRequestName, { thread }: CommentRef, body: string): Promise<void> {
  if (thread !== undefined) {
    await octokit.rest.pulls.createReplyForReviewComment({ ...name, comment_id: thread, body, ...once })
    return
  }
  const { owner, repo, pull_number } = name
  await octokit.rest.issues.createComment({ owner, repo, issue_number: pull_number, body, ...once })
}

async function isAnswered(octokit: Octokit, name: PullRequestName, { commentId, thread }: CommentRef) {
  const { owner, repo, pull_number } = name
  const comments: { user?: { type: string } | null; body?: string }[] =
    thread === undefined
      ? await octokit.paginate(octokit.rest.issues.listComments, {
          owner,
          repo,
          issue_number: pull_number,
          per_page: 100,
        })
      : await octokit.paginate(octokit.rest.pulls.listReviewComments, { ...name, per_page: 100 })
  return comments.some(({ user, body }) => user?.type === 'Bot' && parseMarker(body ?? '')?.reply === String(commentId))
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
  try {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username })
    return data.permission === 'admin' || data.permission === 'write'
  } catch (error) {
    // Whose account is gone may do nothing.
    if (error instanceof GitHubFailure && error.failure.kind === 'gone') return false
    throw error
  }
}
