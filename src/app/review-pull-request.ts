/** Owns the course of one review: read, analyse, plan, publish, conclude. */
import { configurationPath } from '../config/configuration.ts'
import { type ParsedConfiguration, parseConfiguration } from '../config/parse-configuration.ts'
import { isPython } from '../core/file-kinds.ts'
import type { Report, Skipped } from '../core/finding.ts'
import { Lines } from '../core/text.ts'
import type { BlobCache } from '../github/blob-cache.ts'
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import { type Changes, readChanges } from '../github/read-changes.ts'
import { type Project, readProject } from '../github/read-project.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { Clock } from '../queue/clock.ts'
import type { ReviewRun } from '../queue/review-queue.ts'
import { planReview } from '../review/plan-review.ts'
import type { Analyse } from './analyse.ts'
import { hasCrashed, isDraft, isSuperseded, noPython, notReviewed } from './check-states.ts'
import type { Log } from './log.ts'
import { publishPlan } from './publish-plan.ts'
import { type OpenChecks, PullRequestCheck } from './pull-request-check.ts'

/** What all reviews share. */
export interface Reviewer {
  readonly analyse: Analyse
  readonly ruleNames: readonly string[]
  /** The address below which the reference documents lie. */
  readonly referencesUrl: string
  readonly cache: BlobCache
  readonly openChecks: OpenChecks
  readonly clock: Clock
}

export interface ReviewRequest {
  readonly octokit: Octokit
  readonly pull: PullRequest
  /** Whether a person asked for it: a draft is then reviewed too. */
  readonly isWanted: boolean
  readonly delivery: string
  readonly run: ReviewRun
  readonly log: Log
}

/** `superseded`: the pull request is no longer what it was when the review began, and it has to begin again. */
export type ReviewEnd = 'done' | 'superseded'

/**
 * Reviews an open pull request. Whatever happens, no check run is left in progress that can still be concluded.
 * @throws GitHubFailure
 */
export async function reviewPullRequest(reviewer: Reviewer, request: ReviewRequest): Promise<ReviewEnd> {
  const check = new PullRequestCheck(request.octokit, request.pull, reviewer.openChecks, request.log)
  try {
    const end = await review(reviewer, request, check)
    if (end === 'superseded' && check.isOpen) await check.conclude(isSuperseded)
    return end
  } catch (error) {
    await explain(error, request, check)
    throw error
  }
}

async function review(reviewer: Reviewer, request: ReviewRequest, check: PullRequestCheck): Promise<ReviewEnd> {
  const { octokit, pull, run, log } = request
  const { cache, clock } = reviewer
  const begin = clock.now()
  const changes = await readChanges(octokit, pull)
  if (!changes.files.some(({ path }) => isPython(path))) {
    await check.conclude(noPython)
    return 'done'
  }
  const project = await readProject(octokit, pull, changes, { cache, alsoBefore: [configurationPath] })
  const parsed = parseConfiguration(project.textBefore(configurationPath) ?? '', reviewer)
  if (pull.isDraft && !parsed.configuration.drafts && !request.isWanted) {
    await check.conclude(isDraft)
    return 'done'
  }
  if (run.signal.aborted) return 'superseded'
  await check.open()

  const report = await analyse(reviewer, request, changes, project, parsed)
  if (!report) {
    await check.conclude(hasCrashed(request.delivery))
    return 'done'
  }
  const durationMs = clock.now() - begin
  const { comments, failOn } = parsed.configuration
  const plan = await publishPlan(request, changes.files, (files, notes) =>
    planReview({
      report: withUnseen(report, changes, project),
      files,
      head: { sha: pull.head },
      headTextOf: (path) => linesOf(project.textAfter(path)),
      repositoryUrl: pull.repositoryUrl,
      referencesUrl: reviewer.referencesUrl,
      previous: pull.previous,
      previousReviews: pull.previousReviews,
      limits: { comments },
      failOn: failOn === 'never' ? undefined : failOn,
      notes: [...notes, ...describeConfiguration(parsed, project, changes)],
      durationMs,
    }),
  )
  if (!plan) return 'superseded'
  await check.conclude(plan.check)
  const posted = plan.review?.comments.length ?? 0
  log.info({ head: pull.head, findings: report.findings.length, comments: posted, durationMs }, 'reviewed')
  return 'done'
}

const linesOf = (text: string | undefined): Lines | undefined => (text === undefined ? undefined : new Lines(text))

/** Undefined when the analysis failed, which a second try would not change. @throws GitHubFailure */
async function analyse(
  reviewer: Reviewer,
  { log }: ReviewRequest,
  changes: Changes,
  { before, after }: Project,
  { configuration }: ParsedConfiguration,
): Promise<Report | undefined> {
  try {
    return await reviewer.analyse({ before, after, changes: changes.files, configuration })
  } catch (error) {
    if (error instanceof GitHubFailure) throw error
    log.error({ err: error }, 'the analysis failed')
    return undefined
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
  if (project.textBefore(configurationPath) === undefined) return []
  return [
    `Configuration: \`${configurationPath}\` at \`${mergeBase.slice(0, 7)}\``,
    ...problems.map(({ line, message }) => `\`${configurationPath}\`, line ${line}: ${message}`),
  ]
}

/** Says in the check run why there is no review, where one shows already or nothing else will ever be said. */
async function explain(error: unknown, { run, delivery, log }: ReviewRequest, check: PullRequestCheck): Promise<void> {
  const failure = error instanceof GitHubFailure ? error.failure : undefined
  const state = run.signal.aborted ? isSuperseded : failure ? notReviewed(failure) : hasCrashed(delivery)
  const isLasting = failure !== undefined && failure.kind !== 'unavailable'
  if (!state || !(check.isOpen || isLasting)) return
  try {
    await check.conclude(state)
  } catch (again) {
    log.warn({ err: again }, 'the check run could not be concluded')
  }
}
