/** Owns what each command does. Who may give it was settled before. */
import { configurationPath } from '../config/configuration.ts'
import { formatConfiguration } from '../config/format-configuration.ts'
import { parseConfiguration } from '../config/parse-configuration.ts'
import { nearest } from '../core/nearest.ts'
import { BlobReader } from '../github/blob-reader.ts'
import type { Octokit } from '../github/octokit.ts'
import { readChanges } from '../github/read-changes.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { CommandRequest } from '../queue/review-job.ts'
import type { Command } from '../review/commands.ts'
import { code, cut, inert, visible } from '../review/inert.ts'
import { fenced } from '../review/markdown.ts'
import type { PostedComment } from '../review/review-plan.ts'
import { explainRule } from '../review/rule-text.ts'
import type { RuleMeta } from '../rule/rule.ts'
import type { Mute, PullRef, PullState } from '../store/review-store.ts'
import type { Log } from './log.ts'
import type { Reviewer } from './review-pull-request.ts'

export interface CommandContext {
  readonly reviewer: Reviewer
  readonly octokit: Octokit
  readonly pull: PullRequest
  readonly ref: PullRef
  readonly log: Log
}

/** What became of one command. */
export interface Verdict {
  readonly isRefused: boolean
  /** A review that is done whatever the configuration says. */
  readonly asked?: 'review' | 'full'
  /** Whether the check run has to say something else now. */
  readonly changesReview?: boolean
  /** Markdown, where a face does not say enough. */
  readonly reply?: string
}

/** As much of a reason as is kept, in UTF-16 units. */
const longestReason = 200

const refuse = (reply: string): Verdict => ({ isRefused: true, reply })
const done: Verdict = { isRefused: false }

/**
 * Does what a command says. To do it again changes nothing.
 * @throws GitHubFailure
 */
export async function obey(context: CommandContext, request: CommandRequest, command: Command): Promise<Verdict> {
  const { reviewer, ref } = context
  const { store, clock } = reviewer
  switch (command.name) {
    case 'review':
    case 'full':
      return { ...done, asked: command.name }
    case 'pause': {
      const pause = { by: request.author, at: clock.now() }
      await store.change(ref, (state) => ({ ...state, pause }))
      return done
    }
    case 'resume':
      await store.change(ref, ({ pause, ...state }) => state)
      return { ...done, changesReview: true }
    case 'ignore':
      return ignore(context, request, command)
    case 'unignore':
      return unignore(context, request, command.rule)
    case 'explain': {
      const rule = ruleMeant(context, request, command.rule)
      return typeof rule === 'string' ? refuse(rule) : { ...done, reply: explainRule(rule, reviewer.referencesUrl) }
    }
    case 'config':
      return { ...done, reply: await describeConfiguration(context) }
    case 'help':
      return { ...done, reply: help }
    case 'unknown':
      return refuse('I do not know that command; `/celery-review help` lists those that I know.')
  }
}

async function ignore(
  context: CommandContext,
  request: CommandRequest,
  command: Extract<Command, { name: 'ignore' }>,
): Promise<Verdict> {
  const { reviewer, ref } = context
  const rule = ruleMeant(context, request, command.rule)
  if (typeof rule === 'string') return refuse(rule)
  const comment = commentOf(context, request)
  if (comment?.rule !== undefined && comment.rule !== rule.name) {
    const here = `This thread is about ${code(comment.rule)}.`
    return refuse(`${here} To mute ${code(rule.name)} on this pull request, say it outside of a thread of mine.`)
  }
  const mute: Mute = {
    rule: rule.name,
    ...(comment ? { fingerprints: comment.fingerprints } : {}),
    ...(command.reason === undefined ? {} : { reason: cut(visible(command.reason), longestReason) }),
    by: request.author,
    at: reviewer.clock.now(),
  }
  await reviewer.store.change(ref, (state) => ({ ...state, mutes: withMute(state, mute) }))
  return { ...done, changesReview: true }
}

/** In a thread of ours what was muted there, elsewhere all that was muted of the rule. */
async function unignore(context: CommandContext, request: CommandRequest, named: string | undefined): Promise<Verdict> {
  const { store } = context.reviewer
  const rule = ruleMeant(context, request, named)
  if (typeof rule === 'string') return refuse(rule)
  const comment = commentOf(context, request)
  const isMeant = (mute: Mute) =>
    mute.rule === rule.name && (!comment || String(mute.fingerprints) === String(comment.fingerprints))
  const left = await store.change(context.ref, (state) => ({
    ...state,
    mutes: state.mutes.filter((mute) => !isMeant(mute)),
  }))
  const isStillMuted = left.mutes.some((mute) => mute.rule === rule.name && !mute.fingerprints)
  const hint = `${code(rule.name)} is still muted on this pull request. To change that, say it outside of a thread of mine.`
  return { ...done, changesReview: true, ...(isStillMuted ? { reply: hint } : {}) }
}

/** The later word on the same thing counts. */
const withMute = ({ mutes }: PullState, mute: Mute): Mute[] => [
  ...mutes.filter(({ rule, fingerprints }) => rule !== mute.rule || String(fingerprints) !== String(mute.fingerprints)),
  mute,
]

/** The comment of ours whose thread a command was written in. */
const commentOf = ({ pull }: CommandContext, { thread }: CommandRequest): PostedComment | undefined =>
  thread === undefined ? undefined : pull.previous.find(({ number }) => number === thread)

/** The rule that is named, or that the thread is about; or, in one line, why there is none. */
function ruleMeant(context: CommandContext, request: CommandRequest, named: string | undefined): RuleMeta | string {
  const { rules } = context.reviewer
  const name = named ?? commentOf(context, request)?.rule
  if (name === undefined)
    return 'Which rule? Put its name behind the command, as in `/celery-review explain naive-eta`.'
  const names = rules.map((rule) => rule.name)
  const [meant] = nearest(name, names, Math.max(2, Math.floor(name.length / 3)))
  const found = rules.find((rule) => rule.name === name)
  return found ?? `I know no rule ${code(name)}${meant ? `; did you mean ${code(meant)}?` : '.'}`
}

/** @throws GitHubFailure */
async function describeConfiguration({ reviewer, octokit, pull, ref }: CommandContext): Promise<string> {
  const { cache, rules, store } = reviewer
  const { mergeBase } = await readChanges(octokit, pull)
  const name = `${mergeBase}:${configurationPath}`
  const blob = (await new BlobReader(octokit, pull.name, cache).read([{ name }])).get(name)
  const text = new TextDecoder().decode(blob?.bytes ?? new Uint8Array())
  const ruleNames = rules.map((rule) => rule.name)
  const { configuration, problems } = parseConfiguration(text, { ruleNames })
  const { mutes, pause } = await store.read(ref)
  const at = `\`${configurationPath}\` at \`${mergeBase.slice(0, 7)}\``
  return [
    blob ? `What ${at} says applies here:` : `The defaults apply here, since there is no ${at}:`,
    fenced('yaml', visibleLines(formatConfiguration(configuration))),
    ...list(problems.map(({ line, message }) => `- line ${line}: ${inert(message)}`)),
    ...(pause ? [`Reviews are paused by ${code(pause.by)}.`] : []),
    ...list(mutes.map(describeMute)),
  ].join('\n\n')
}

const list = (lines: readonly string[]): string[] => (lines.length > 0 ? [lines.join('\n')] : [])

const visibleLines = (text: string): string => text.trimEnd().split('\n').map(visible).join('\n')

function describeMute({ rule, fingerprints, by, reason }: Mute): string {
  const what = fingerprints ? `one comment about ${code(rule)}` : code(rule)
  return `- ${what} is muted on this pull request by ${code(by)}${reason ? `: ${inert(reason)}` : ''}`
}

/** Every command stands in code, so that this text gives none. */
const help = `I understand these, each alone on its line:

- \`/celery-review\`: review this pull request now
- \`/celery-review full\`: also what was there before, in the changed files
- \`/celery-review explain RULE\`: why a rule is there, and what to do; in a thread of mine without the name
- \`/celery-review ignore RULE reason\`: no more of this rule here; in a thread of mine, of this finding
- \`/celery-review unignore RULE\`: hear of it again; in a thread of mine, of what was muted there
- \`/celery-review pause\` and \`/celery-review resume\`: no reviews of pushes in between
- \`/celery-review config\`: which configuration applies
- \`/celery-review help\`: this list`
