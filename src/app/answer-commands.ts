/** Owns the commands that people write: who may give which, and what they see of it. */
import { type Eye, hasWriteAccess, replaceEye, reply, showEye } from '../github/answer-command.ts'
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { CommandRequest } from '../queue/review-job.ts'
import { parseCommands } from '../review/commands.ts'
import type { Log } from './log.ts'

/** What became of one comment's commands. */
export interface Verdict {
  readonly isRefused: boolean
  readonly wantsReview: boolean
  /** One line, where a face does not say enough. */
  readonly reply?: string
}

/** A comment that was seen, and is to be answered when its work is done. */
export interface Heard extends Verdict {
  readonly eye?: Eye
}

const help = 'I know `/celery-review` (review this pull request now) and `/celery-review help`.'

const refuse = (reason: string): Verdict => ({ isRefused: true, wantsReview: false, reply: reason })

/**
 * Shows that a comment was seen, and decides what its commands may do.
 * @throws GitHubFailure
 */
export async function hear(octokit: Octokit, pull: PullRequest, request: CommandRequest, log: Log): Promise<Heard> {
  const eye = await ifPossible(log, () => showEye(octokit, pull.name, request.commentId))
  return { ...(await judge(octokit, pull, request)), eye }
}

async function judge(octokit: Octokit, pull: PullRequest, { author, body }: CommandRequest): Promise<Verdict> {
  if (!pull.isOpen) return refuse('This pull request is closed.')
  const names = parseCommands(body).map(({ name }) => name)
  if (names.some((name) => name !== 'review' && name !== 'help')) return refuse(help)
  if (author !== pull.author && !(await hasWriteAccess(octokit, pull.name, author))) {
    return refuse(
      'Only the author of this pull request and people with write access to the repository can ask for that.',
    )
  }
  return {
    isRefused: false,
    wantsReview: names.includes('review'),
    reply: names.includes('help') ? help : undefined,
  }
}

/**
 * Shows that a comment's commands are done, or why they are not.
 * @throws GitHubFailure
 */
export async function answer(octokit: Octokit, pull: PullRequest, heard: Heard, log: Log): Promise<void> {
  await ifPossible(log, async () => {
    if (heard.reply) await reply(octokit, pull.name, heard.reply)
    if (heard.eye) await replaceEye(octokit, pull.name, heard.eye, heard.isRefused ? 'confused' : '+1')
  })
}

/** A comment that is gone, or that must not be answered, costs the answer and nothing else. */
async function ifPossible<Result>(log: Log, write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write()
  } catch (error) {
    const isLost = error instanceof GitHubFailure && ['gone', 'forbidden', 'refused'].includes(error.failure.kind)
    if (!isLost) throw error
    log.warn({ failure: error.failure }, 'a command could not be answered')
    return undefined
  }
}
