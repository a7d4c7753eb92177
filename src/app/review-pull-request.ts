/** Owns the course of one review: read, analyse, plan, publish, conclude. */
import { configurationPath } from '../config/configuration.ts'
import { engineSettingsOf } from '../config/engine-settings.ts'
import {
  type ConfigurationProblem,
  type ParsedConfiguration,
  parseConfiguration,
} from '../config/parse-configuration.ts'
import { isPython, isReviewed } from '../core/file-kinds.ts'
import type { Report, Skipped } from '../core/finding.ts'
import { Lines } from '../core/text.ts'
import type { ChangeReport } from '../engine/analyse.ts'
import { readsDeployment } from '../engine/run-rules.ts'
import type { BlobCache } from '../github/blob-cache.ts'
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import { type Changes, readChanges } from '../github/read-changes.ts'
import { type Project, readProject } from '../github/read-project.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { Clock } from '../queue/clock.ts'
import type { ReviewRun } from '../queue/review-queue.ts'
import { planReview } from '../review/plan-review.ts'
import type { RuleMeta } from '../rule/rule.ts'
import type { PullRef, PullState, ReviewStore } from '../store/review-store.ts'
import type { Analyse } from './analysis/analyse.ts'
import { AnalysisFailure } from './analysis/failure.ts'
import { hasCrashed, isPaused, noPython, notAnalysed, notReviewed } from './check-states.ts'
import type { Log } from './log.ts'
import { reasonToSkip } from './policy.ts'
import { withProposal } from './proposed-configuration.ts'
import { publishPlan } from './publish-plan.ts'
import { PullRequestCheck } from './pull-request-check.ts'

/** What all reviews share. */
export interface Reviewer {
  readonly analyse: Analyse
  /** The rules that there are. */
  readonly rules: readonly RuleMeta[]
  /** The address below which the reference documents lie. */
  readonly referencesUrl: string
  readonly cache: BlobCache
  readonly store: ReviewStore
  readonly clock: Clock
  /** A check run that has been open for longer was left, in milliseconds. */
  readonly longestReview: number
}

export interface ReviewRequest {
  readonly octokit: Octokit
  readonly pull: PullRequest
  readonly ref: PullRef
  /** What a person asked for; it is then done whatever the configuration says. */
  readonly asked?: 'review' | 'full'
  readonly delivery: string
  readonly run: ReviewRun
  readonly log: Log
}

/** `superseded`: the pull request is no longer what it was when the review began, and it has to begin again. */
export type ReviewEnd = 'done' | 'superseded'

/**
 * Reviews an open pull request. Whatever happens, no check run is left in progress that can still be concluded, but by
 * a run that is replaced: the one that replaces it goes on with it.
 * @throws GitHubFailure
 */
export async function reviewPullRequest(reviewer: Reviewer, request: ReviewRequest): Promise<ReviewEnd> {
  const state = await reviewer.store.read(request.ref)
  const check = new PullRequestCheck({ ...request, ...reviewer }, state)
  try {
    return await review(reviewer, request, check)
  } catch (error) {
    await explain(error, request, check)
    throw error
  }
}

async function review(reviewer: Reviewer, request: ReviewRequest, check: PullRequestCheck): Promise<ReviewEnd> {
  const { octokit, pull, ref, asked, run, log } = request
  const { cache, clock, store } = reviewer
  const begin = clock.now()
  const state = await store.read(ref)
  if (state.pause && !asked) {
    await check.conclude(isPaused(state.pause.by))
    return 'done'
  }
  const changes = await readChanges(octokit, pull)
  const isProposal = changes.files.some(({ path }) => path === configurationPath)
  const hasPython = changes.files.some(({ path }) => isPython(path))
  const isAny = changes.files.some(({ path }) => isReviewed(path))
  if (!isAny && !isProposal) return concludeWithoutPython(reviewer, request, changes, check)

  const project = await readProject(octokit, pull, changes, { cache, also: [configurationPath] })
  const parse = (text = '') => parseConfiguration(text, { ruleNames: reviewer.rules.map(({ name }) => name) })
  const parsed = parse(project.textBefore(configurationPath))
  const proposed = isProposal ? parse(project.textAfter(configurationPath)).problems : undefined
  const isAsked = isAny && readsDeployment(metas(reviewer), engineSettingsOf(parsed.configuration))
  if (!hasPython && !isAsked) return concludeWithoutPython(reviewer, request, changes, check, proposed)
  const skip = asked ? undefined : reasonToSkip(pull, parsed.configuration, state)
  if (skip) {
    await check.conclude(withProposal(skip, proposed))
    return 'done'
  }
  if (run.signal.aborted) return 'superseded'
  await check.open()

  const report = await analyse(reviewer, request, changes, project, parsed)
  if (report instanceof AnalysisFailure) {
    if (!(await run.isCurrent())) return 'superseded'
    await check.conclude(notAnalysed(report.reason, request.delivery))
    return 'done'
  }
  const durationMs = clock.now() - begin
  const { comments, failOn } = parsed.configuration
  const plan = await publishPlan(request, store, changes.files, (files, notes) =>
    planReview({
      ...knownOf(reviewer, pull, state),
      report: withUnseen(report, changes, project),
      standing: report.standing,
      isFull: asked === 'full',
      files,
      headTextOf: (path) => linesOf(project.textAfter(path)),
      limits: { comments },
      failOn: failOn === 'never' ? undefined : failOn,
      notes: [...notes, ...describeConfiguration(parsed, project, changes)],
      durationMs,
    }),
  )
  if (!plan) return 'superseded'
  await check.conclude(withProposal(plan.check, proposed))
  const posted = plan.review?.comments.length ?? 0
  log.info({ head: pull.head, findings: report.findings.length, comments: posted, durationMs }, 'reviewed')
  return 'done'
}

const metas = ({ rules }: Reviewer) => rules.map((meta) => ({ meta }))

/** What earlier runs said of Python that is no longer changed is settled here too. */
async function concludeWithoutPython(
  reviewer: Reviewer,
  request: ReviewRequest,
  { files }: Changes,
  check: PullRequestCheck,
  proposed?: readonly ConfigurationProblem[],
): Promise<ReviewEnd> {
  const { pull, ref } = request
  if (pull.previous.length > 0) {
    const stats = { files: 0, parsed: 0, cached: 0 }
    const report = { findings: [], skipped: [], crashes: [], stats, usesCelery: false }
    const known = knownOf(reviewer, pull, await reviewer.store.read(ref))
    const nothing = { report, standing: [], isFull: false, headTextOf: () => undefined, limits: { comments: 0 } }
    const plan = await publishPlan(request, reviewer.store, files, () => planReview({ ...known, ...nothing, files }))
    if (!plan) return 'superseded'
  }
  await check.conclude(withProposal(noPython, proposed))
  return 'done'
}

/** What is known of a pull request without its code. */
const knownOf = ({ referencesUrl }: Reviewer, pull: PullRequest, { said, mutes }: PullState) => ({
  head: { sha: pull.head },
  repositoryUrl: pull.repositoryUrl,
  referencesUrl,
  previous: pull.previous,
  previousReviews: pull.previousReviews,
  said,
  mutes,
})

const linesOf = (text: string | undefined): Lines | undefined => (text === undefined ? undefined : new Lines(text))

/** A failure that a second try would not change is the answer. @throws GitHubFailure, and anything when the run is over */
async function analyse(
  reviewer: Reviewer,
  { ref, run, log }: ReviewRequest,
  changes: Changes,
  { before, after }: Project,
  { configuration }: ParsedConfiguration,
): Promise<ChangeReport | AnalysisFailure> {
  try {
    const { installationId, repositoryId } = ref
    const input = { installationId, repositoryId, before, after, changes: changes.files, configuration, log }
    return await reviewer.analyse(input)
  } catch (error) {
    if (error instanceof GitHubFailure || run.signal.aborted) throw error
    log.error({ err: error }, 'the analysis failed')
    return error instanceof AnalysisFailure
      ? error
      : new AnalysisFailure('crash', 'the engine failed', { cause: error })
  }
}

/** The report, with what GitHub kept from the analysis among what was skipped. */
function withUnseen(report: Report, { files, isComplete }: Changes, project: Project): Report {
  const changed = new Set(files.map(({ path }) => path))
  const unseen: Skipped[] = project.skipped.filter(({ path }) => changed.has(path))
  if (!isComplete) unseen.push({ path: 'further changed files', reason: 'GitHub lists no more than 3000' })
  if (!project.isComplete) unseen.push({ path: 'unchanged files', reason: 'too many for GitHub to list them all' })
  return { ...report, skipped: [...report.skipped, ...unseen] }
}

function describeConfiguration({ problems }: ParsedConfiguration, project: Project, { mergeBase }: Changes): string[] {
  const at = `\`${configurationPath}\` at \`${mergeBase.slice(0, 7)}\``
  if (project.textBefore(configurationPath) === undefined) return [`Configuration: the defaults; there is no ${at}`]
  return [
    `Configuration: ${at}`,
    ...problems.map(({ line, message }) => `\`${configurationPath}\`, line ${line}: ${message}`),
  ]
}

/** Says in the check run why there is no review, where one shows already or nothing else will ever be said. */
async function explain(error: unknown, { run, delivery, log }: ReviewRequest, check: PullRequestCheck): Promise<void> {
  const failure = error instanceof GitHubFailure ? error.failure : undefined
  const state = failure ? notReviewed(failure) : hasCrashed(delivery)
  const isLasting = failure !== undefined && failure.kind !== 'unavailable'
  if (!state || !(check.isOpen || isLasting)) return
  try {
    if (!(await run.isCurrent())) return
    await (isLasting ? check.conclude(state) : check.abandon(state))
  } catch (again) {
    log.warn({ err: again }, 'the check run could not be concluded')
  }
}
