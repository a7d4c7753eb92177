/** Owns getting a review onto its pull request: once, on the head that was analysed, and with less when GitHub takes no more. */
import { isDeepStrictEqual } from 'node:util'
import type { DiffFile } from '../diff/hunk.ts'
import { GitHubFailure } from '../github/failure.ts'
import { type PublishedReview, publishReview } from '../github/publish-review.ts'
import { readFiles } from '../github/read-changes.ts'
import { readHead } from '../github/read-pull-request.ts'
import type { PlannedReview, ReviewPlan } from '../review/review-plan.ts'
import { missing } from './check-states.ts'
import type { ReviewRequest } from './review-pull-request.ts'

/** The plan for these files; the notes go into the check run. */
export type PlanFor = (files: readonly DiffFile[], notes: readonly string[]) => ReviewPlan

/**
 * Posts what is planned, and gives back the plan that holds then: one without comments where GitHub took none, so that
 * the check run names every finding. Undefined when the review must not be posted any more.
 * @throws GitHubFailure
 */
export async function publishPlan(
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

/** Writes nothing when the run was replaced, or the pull request was pushed to or closed since it was read. */
async function publishIfCurrent(
  { octokit, pull, run }: ReviewRequest,
  review: PlannedReview,
): Promise<PublishedReview> {
  const hasMoved = async () => (await readHead(octokit, pull.name)) !== pull.head
  if ((await hasMoved()) || !(await run.isCurrent())) return { kind: 'head-moved' }
  const answer = await publishReview(octokit, pull.name, review)
  if (answer.kind !== 'head-moved' || (await hasMoved())) return answer
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
