/** Owns the endpoints of reviews: what GitHub accepts as one, all of it or nothing, and how they are shown. */
import type { components } from '@octokit/openapi-types'
import { z } from 'zod'
import type { AnchorFault } from './anchors.ts'
import { type Answer, type ApiRequest, authorOf, numberParam, ok, page, readBody } from './http.ts'
import { pullOf } from './lookup.ts'
import { characters, locked, longestBody, notFound, unprocessable } from './refusals.ts'
import { placeSchema, type ReviewComment, toReviewComment } from './review-comments.ts'
import { nodeId, type PullRecord, type ReviewRecord } from './state.ts'
import { ownPendingReview, placeComment, reviewTargetOf, storeComment, storeReview } from './stored-reviews.ts'
import { associationOf, toUser } from './users.ts'
import { apiRoot, htmlRoot, type World } from './world.ts'

type Schemas = components['schemas']

const newReview = z.strictObject({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  comments: z.array(z.strictObject({ ...placeSchema, body: z.string() })).optional(),
})

const stateAfter = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const

/** Of several bad comments GitHub does not say which; one is enough to refuse them all. */
const placeRefusals: Readonly<Record<AnchorFault, string>> = {
  path: 'Path could not be resolved',
  line: 'Line could not be resolved',
  'start after end': 'Pull request review thread start line must precede the end line.',
  'other hunk': 'Pull request review thread start line must be part of the same hunk as the line.',
}

/** Without an event the review is left pending, seen by its author alone. */
export async function createReview(request: ApiRequest, world: World): Promise<Answer<Schemas['pull-request-review']>> {
  const pull = pullOf(request, world)
  const { commit_id, body = '', event, comments: wanted = [] } = readBody(request, newReview)
  const user = authorOf(request)
  const target = await reviewTargetOf(world, pull, commit_id)

  if (pull.locked) throw locked()
  if (ownPendingReview(world, pull, user)) {
    throw unprocessable('User can only have one pending review per pull request')
  }
  if (!target) throw unprocessable('The commitOID is not part of the pull request')
  if (pull.user === user && event === 'APPROVE') throw unprocessable('Can not approve your own pull request')
  if (pull.user === user && event === 'REQUEST_CHANGES') {
    throw unprocessable('Can not request changes on your own pull request')
  }
  const texts = wanted.map((comment) => comment.body)
  const needsBody = event === 'REQUEST_CHANGES' || (event === 'COMMENT' && wanted.length === 0)
  if ((needsBody ? [body, ...texts] : texts).some((text) => text.trim() === '')) {
    throw unprocessable("Body can't be blank")
  }
  if ([body, ...texts].some((text) => characters(text) > longestBody)) {
    throw unprocessable(`Body is too long (maximum is ${longestBody} characters)`)
  }
  const comments = wanted.map((comment) => {
    const placed = placeComment(target.files, comment)
    if (typeof placed === 'string') throw unprocessable(placeRefusals[placed])
    return placed
  })

  const review = storeReview(world, target, { user, body, state: event ? stateAfter[event] : 'PENDING' })
  for (const comment of comments) storeComment(world, target, review, comment)
  return ok(toReview(world, review))
}

/** The reviews of a pull request that a person can see: of the pending ones, only their own. */
export const visibleReviews = ({ state }: World, pull: PullRecord, viewer: string): ReviewRecord[] =>
  state.reviews.filter(
    (review) => review.pull_number === pull.number && (review.state !== 'PENDING' || review.user === viewer),
  )

function toReview(world: World, review: ReviewRecord): Schemas['pull-request-review'] {
  const html = `${htmlRoot(world)}/pull/${review.pull_number}#pullrequestreview-${review.id}`
  const pull = `${apiRoot(world)}/pulls/${review.pull_number}`
  return {
    id: review.id,
    node_id: nodeId('review', review.id),
    user: toUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(review.submitted_at === null ? {} : { submitted_at: review.submitted_at }),
    commit_id: review.commit_id,
    author_association: associationOf(world, review.user),
  }
}

export function listReviews(request: ApiRequest, world: World): Answer<Schemas['pull-request-review'][]> {
  const { body, headers } = page(request, visibleReviews(world, pullOf(request, world), authorOf(request)))
  return { ...ok(body!.map((review) => toReview(world, review))), headers }
}

function reviewOf(request: ApiRequest, world: World): ReviewRecord {
  const id = numberParam(request, 'id')
  const review = visibleReviews(world, pullOf(request, world), authorOf(request)).find((one) => one.id === id)
  if (!review) throw notFound()
  return review
}

export const getReview = (request: ApiRequest, world: World): Answer<Schemas['pull-request-review']> =>
  ok(toReview(world, reviewOf(request, world)))

export function listReviewComments(request: ApiRequest, world: World): Answer<ReviewComment[]> {
  const { id } = reviewOf(request, world)
  const comments = world.state.reviewComments.filter((comment) => comment.pull_request_review_id === id)
  const { body, headers } = page(request, comments)
  return { ...ok(body!.map((comment) => toReviewComment(world, comment))), headers }
}

/** Only a review that was not submitted can be deleted, and its comments go with it. */
export function deleteReview(request: ApiRequest, world: World): Answer<Schemas['pull-request-review']> {
  const review = reviewOf(request, world)
  if (review.state !== 'PENDING') throw unprocessable('Can not delete a non-pending pull request review')
  const comments = world.state.reviewComments.filter((comment) => comment.pull_request_review_id === review.id)
  for (const comment of comments) world.state.remove(world.state.reviewComments, comment)
  world.state.remove(world.state.reviews, review)
  return ok(toReview(world, review))
}
