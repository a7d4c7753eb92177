/** Owns getting a review onto its pull request: once, on the head that was analysed, and with less when GitHub takes no more. */
import { isDeepStrictEqual } from 'node:util'
import type { DiffFile } from '../diff/hunk.ts'
import { GitHubFailure } from '../github/failure.ts'
import { type PublishedReview, publishReview } from '../github/publish-review.ts'
import { readFiles } from '../github/read-changes.ts'
import { readHead } from '../github/read-pull-request.ts'
import { settleComments } from '../github/settle-comments.ts'
import type { PlannedReview, ReviewPlan } from '../review/review-plan.ts'
import type { ReviewStore } from '../store/review-store.ts'
import { missing } from './check-states.ts'
import type { ReviewRequest } from './review-pull-request.ts'

/** The plan for these files; the notes go into the check run. */
export type PlanFor = (files: readonly DiffFile[], notes: readonly string[]) => ReviewPlan

/**
 * Posts what is planned, and gives back the plan that holds then: one without comments where GitHub took none, so that
 * the check run names every finding. Undefined when nothing must be posted any more.
 * @throws GitHubFailure
 */
export async function publishPlan(
  request: ReviewRequest,
  store: ReviewStore,
  files: readonly DiffFile[],
  planFor: PlanFor,
): Promise<ReviewPlan | undefined> {
  // Whether an App may comment there is not documented; nobody who locks a conversation waits for it.
  if (request.pull.isLocked) {
    return planFor(files.map(withoutHunks), ['There are no comments, since the conversation is locked.'])
  }
  const plan = await publishOnce(request, files, planFor)
  if (!plan || (!plan.review && plan.settlements.length > 0 && !(await isCurrent(request)))) return undefined
  // First of all: a comment that is deleted and remembered would pass for one that a person deleted.
  await store.change(request.ref, (state) => ({ ...state, said: plan.said }))
  if (plan.settlements.length > 0) {
    const left = await settleComments(request.octokit, plan.settlements)
    request.log.info({ settled: plan.settlements.length - left, left }, 'comments settled')
  }
  return plan
}

async function publishOnce(
  request: ReviewRequest,
  files: readonly DiffFile[],
  planFor: PlanFor,
): Promise<ReviewPlan | undefined> {
  let plan = planFor(files, [])
  if (!plan.review) return plan
  let answer = await publishIfCurrent(request, plan.review)
  if (answer.kind === 'not-taken') {
    const again = planFor(await readFiles(request.octokit, request.pull.name), [])
    // Where GitHub's patches did not change meanwhile, the same comments would be refused the same way.
    if (again.review && !isDeepStrictEqual(again.review, plan.review)) {
      plan = again
      answer = await publishIfCurrent(request, again.review)
    }
  }
  if (answer.kind === 'published') return plan
  if (answer.kind === 'head-moved') return undefined
  const reason = whyOnlyTheCheck(answer)
  request.log.warn({ reason }, 'the review was not taken')
  return planFor(files.map(withoutHunks), [reason])
}

/** Whether this run was not replaced, and the pull request not pushed to or closed since it was read. */
async function isCurrent({ octokit, pull, run }: ReviewRequest): Promise<boolean> {
  return (await readHead(octokit, pull.name)) === pull.head && (await run.isCurrent())
}

async function publishIfCurrent(request: ReviewRequest, review: PlannedReview): Promise<PublishedReview> {
  const { octokit, pull } = request
  if (!(await isCurrent(request))) return { kind: 'head-moved' }
  const answer = await publishReview(octokit, pull.name, review)
  if (answer.kind !== 'head-moved' || (await readHead(octokit, pull.name)) !== pull.head) return answer
  return { kind: 'failed', failure: { kind: 'unavailable', message: 'GitHub contradicts itself about the head' } }
}

/** @throws GitHubFailure when it is not for good. */
function whyOnlyTheCheck(answer: Extract<PublishedReview, { kind: 'not-taken' | 'failed' }>): string {
  if (answer.kind === 'not-taken') return `There are no comments, since GitHub refused them: ${answer.message}`
  const { failure } = answer
  if (failure.kind !== 'forbidden') throw new GitHubFailure(failure, `the review was not posted: ${failure.kind}`)
  return `There are no comments. ${missing(failure.permission)}`
}

/** Without hunks no line of a file can carry a comment. */
const withoutHunks = ({ hunks, ...file }: DiffFile): DiffFile => file
