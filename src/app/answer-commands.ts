/** Owns hearing the commands that people write, and answering them. What each does is left to `obey-commands`. */
import { type Eye, hasWriteAccess, replaceEye, reply, showEye } from '../github/answer-command.ts'
import { GitHubFailure } from '../github/failure.ts'
import type { CommandRequest } from '../queue/review-job.ts'
import { type Command, parseCommands } from '../review/commands.ts'
import { type CommandContext, obey, type Verdict } from './obey-commands.ts'

/** A comment that was seen, and is to be answered when its work is done. */
export interface Heard {
  readonly request: CommandRequest
  readonly eye?: Eye
  readonly verdicts: readonly Verdict[]
}

/** What anybody who may ask for a review may do; everything else takes write access to the repository. */
const harmless: readonly Command['name'][] = ['review', 'full', 'explain', 'config', 'help', 'unknown']

/**
 * Shows that a comment was seen, and does what its commands say as far as its author may ask for it. Who may is asked
 * now, and not when the comment was written.
 * @throws GitHubFailure
 */
export async function hear(context: CommandContext, request: CommandRequest): Promise<Heard> {
  const { octokit, pull } = context
  const eye = await ifPossible(context, () => showEye(octokit, pull.name, request))
  const verdicts: Verdict[] = []
  let canWrite: boolean | undefined
  for (const command of parseCommands(request.body)) {
    const isHarmless = harmless.includes(command.name)
    if (!isHarmless || request.author !== pull.author) {
      canWrite ??= await hasWriteAccess(octokit, pull.name, request.author)
      if (!canWrite) {
        verdicts.push({ isRefused: true, reply: isHarmless ? forAuthors : forWriters })
        continue
      }
    }
    verdicts.push(await obey(context, request, command))
  }
  return { request, eye, verdicts }
}

const forAuthors =
  'Only the author of this pull request and people with write access to the repository can ask for that.'
const forWriters = 'Only people with write access to the repository can ask for that.'

/**
 * Shows that a comment's commands are done, or why they are not.
 * @throws GitHubFailure
 */
export async function answer(context: CommandContext, { request, eye, verdicts }: Heard) {
  const { octokit, pull } = context
  const replies = [...new Set(verdicts.flatMap(({ reply }) => (reply === undefined ? [] : [reply])))]
  await ifPossible(context, async () => {
    if (replies.length > 0) await reply(octokit, pull.name, request, replies.join('\n\n'))
    const isRefused = verdicts.some((verdict) => verdict.isRefused)
    if (eye) await replaceEye(octokit, pull.name, eye, isRefused ? 'confused' : '+1')
  })
}

/** A comment that is gone, or that must not be answered, costs the answer and nothing else. */
async function ifPossible<Result>({ log }: CommandContext, write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write()
  } catch (error) {
    const isLost = error instanceof GitHubFailure && ['gone', 'forbidden', 'refused'].includes(error.failure.kind)
    if (!isLost) throw error
    log.warn({ failure: error.failure }, 'a command could not be answered')
    return undefined
  }
}
