/** Owns posting a review exactly once, through everything GitHub may answer to it. */
import { parseMarker } from '../review/marker.ts'
import type { PlannedReview } from '../review/review-plan.ts'
import { type Failure, GitHubFailure } from './failure.ts'
import { type Octokit, once, type PullRequestName } from './octokit.ts'

export type PublishedReview =
  | { readonly kind: 'published' }
  /** The commit is no longer one of the pull request's: somebody pushed by force. */
  | { readonly kind: 'head-moved' }
  /** GitHub did not take the review as it is. One bad comment is enough, and it does not say which. */
  | { readonly kind: 'not-taken'; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Posts a review. When the answer leaves open whether it was stored, looks for it instead of posting it again. */
export async function publishReview(
  octokit: Octokit,
  name: PullRequestName,
  review: PlannedReview,
): Promise<PublishedReview> {
  const first = await post(octokit, name, review)
  if (first.kind === 'failed' && first.failure.kind === 'unavailable') {
    return (await findReview(octokit, name, review.key)) ?? first
  }
  // A pending review of ours is one that broke off, and blocks every other. Nobody else can see it.
  if (first.kind === 'not-taken' && /pending review/i.test(first.message)) {
    const failure = await deletePending(octokit, name)
    return failure ? { kind: 'failed', failure } : post(octokit, name, review)
  }
  return first
}

async function post(octokit: Octokit, name: PullRequestName, review: PlannedReview): Promise<PublishedReview> {
  try {
    await octokit.rest.pulls.createReview({
      ...name,
      commit_id: review.commitId,
      event: review.event,
      body: review.body,
      comments: review.comments.map(({ path, line, side, startLine, startSide, body }) => ({
        path,
        line,
        side,
        ...(startLine === undefined ? {} : { start_line: startLine, start_side: startSide }),
        body,
      })),
      ...once,
    })
    return { kind: 'published' }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.kind !== 'refused') return { kind: 'failed', failure }
    // octokit/octokit.rb#1131: "commit_id is not part of the pull request", in several spellings.
    if (/not part of the pull request/i.test(failure.message)) return { kind: 'head-moved' }
    return { kind: 'not-taken', message: failure.message }
  }
}

async function findReview(octokit: Octokit, name: PullRequestName, key: string): Promise<PublishedReview | undefined> {
  try {
    const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { ...name, per_page: 100 })
    const isIt = ({ user, body }: (typeof reviews)[number]) => user?.type === 'Bot' && parseMarker(body)?.review === key
    return reviews.some(isIt) ? { kind: 'published' } : undefined
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) }
  }
}

async function deletePending(octokit: Octokit, name: PullRequestName): Promise<Failure | undefined> {
  try {
    const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { ...name, per_page: 100 })
    for (const { id, state } of reviews) {
      if (state === 'PENDING') await octokit.rest.pulls.deletePendingReview({ ...name, review_id: id })
    }
    return undefined
  } catch (error) {
    return failureOf(error)
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof GitHubFailure) return error.failure
  throw error
}
