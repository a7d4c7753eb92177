/** Owns the endpoints of single review comments: replies, edits, and comments that come without a review. */
import type { components } from '@octokit/openapi-types'
import { z } from 'zod'
import type { AnchorFault } from './anchors.ts'
import { type Answer, type ApiRequest, authorOf, created, noContent, ok, page, readBody } from './http.ts'
import { pullOf, reviewCommentOf } from './lookup.ts'
import { rollupOf } from './reactions.ts'
import { bodyTooLong, characters, locked, longestBody, notFound, type Refusal, validationFailed } from './refusals.ts'
import { nodeId, type PullRecord, type ReviewCommentRecord } from './state.ts'
import {
  ownPendingReview,
  type PlacedComment,
  placeComment,
  reviewTargetOf,
  storeComment,
  storeReply,
  storeReview,
} from './stored-reviews.ts'
import { associationOf, toUser } from './users.ts'
import { apiRoot, htmlRoot, timestamp, type World } from './world.ts'

type Schemas = components['schemas']

/** GitHub's description says that these are numbers; of an outdated comment, or one on a file, they are null all the same. */
type MissingLines = { line: number | null; original_line: number | null; original_position: number | null }
export type ReviewComment = Omit<Schemas['review-comment'], keyof MissingLines> & MissingLines

const side = z.enum(['LEFT', 'RIGHT'])

/** The place of a comment, as every endpoint that makes one takes it. GitHub's older `position` is not taken here. */
export const placeSchema = {
  path: z.string(),
  line: z.number().int(),
  side: side.optional(),
  start_line: z.number().int().optional(),
  start_side: side.optional(),
}

const newLineComment = z.strictObject({
  ...placeSchema,
  body: z.string(),
  commit_id: z.string(),
  subject_type: z.literal('line').optional(),
})
const newFileComment = z.strictObject({
  path: z.string(),
  body: z.string(),
  commit_id: z.string(),
  subject_type: z.literal('file'),
})
const newText = z.strictObject({ body: z.string() })

export function toReviewComment(world: World, comment: ReviewCommentRecord): ReviewComment {
  const { thread, user, pull_number, original_base, minimized, ...shown } = comment
  const url = `${apiRoot(world)}/pulls/comments/${comment.id}`
  const pull = `${apiRoot(world)}/pulls/${pull_number}`
  const html = `${htmlRoot(world)}/pull/${pull_number}#discussion_r${comment.id}`
  return {
    ...shown,
    url,
    node_id: nodeId('review_comment', comment.id),
    user: toUser(world, user),
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(world, user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    reactions: rollupOf(world, 'review_comment', comment.id, url),
  }
}

/** The comments of a pull request, without those of reviews that were not submitted yet. */
export function listComments(request: ApiRequest, world: World): Answer<ReviewComment[]> {
  const { number } = pullOf(request, world)
  const query = request.url.searchParams
  const since = query.get('since') ?? ''
  const key = query.get('sort')?.startsWith('updated') ? 'updated_at' : 'created_at'
  const pending = new Set(world.state.reviews.filter((review) => review.state === 'PENDING').map((review) => review.id))
  const comments = world.state.reviewComments
    .filter((comment) => comment.pull_number === number && comment.updated_at >= since)
    .filter((comment) => !pending.has(comment.pull_request_review_id))
    .sort((a, b) => a[key].localeCompare(b[key]) || a.id - b.id)
  if (query.get('direction') === 'desc') comments.reverse()
  const { body, headers } = page(request, comments)
  return { ...ok(body!.map((comment) => toReviewComment(world, comment))), headers }
}

/** Makes a comment on lines or on a whole file; it gets a review of its own, without text. */
export async function createComment(request: ApiRequest, world: World): Promise<Answer<ReviewComment>> {
  const pull = pullOf(request, world)
  const isOnFile = (request.body as { subject_type?: unknown } | null)?.subject_type === 'file'
  const wanted = readBody(request, isOnFile ? newFileComment : newLineComment)
  const user = authorOf(request)
  const target = await reviewTargetOf(world, pull, wanted.commit_id)
  checkText(wanted.body)
  checkConversation(world, pull, user)
  if (!target) throw validationFailed(fieldError('end_commit_oid', 'end_commit_oid is not part of the pull request'))
  const isInDiff = target.files.some((file) => file.path === wanted.path)
  const comment = 'line' in wanted ? placeComment(target.files, wanted) : isInDiff ? onFile(wanted) : 'path'
  if (typeof comment === 'string') throw placeRefused(comment)
  const review = storeReview(world, target, { user, state: 'COMMENTED', body: '' })
  return created(toReviewComment(world, storeComment(world, target, review, comment)))
}

const onFile = ({ path, body }: { path: string; body: string }): PlacedComment => ({
  path,
  body,
  subject_type: 'file',
  side: 'RIGHT',
  start_side: null,
  line: null,
  start_line: null,
  position: null,
  diff_hunk: '',
})

/** Only the first comment of a thread can be replied to. */
export function createReply(request: ApiRequest, world: World): Answer<ReviewComment> {
  const pull = pullOf(request, world)
  const { body } = readBody(request, newText)
  const root = reviewCommentOf(request, world)
  if (root.pull_number !== pull.number || root.in_reply_to_id !== undefined) throw notFound()
  const user = authorOf(request)
  checkText(body)
  checkConversation(world, pull, user)
  return created(toReviewComment(world, storeReply(world, root, user, body)))
}

export const getComment = (request: ApiRequest, world: World): Answer<ReviewComment> =>
  ok(toReviewComment(world, reviewCommentOf(request, world)))

export function updateComment(request: ApiRequest, world: World): Answer<ReviewComment> {
  const comment = reviewCommentOf(request, world)
  const { body } = readBody(request, newText)
  checkText(body)
  comment.body = body
  comment.updated_at = timestamp(world)
  return ok(toReviewComment(world, comment))
}

export function deleteComment(request: ApiRequest, world: World): Answer<never> {
  world.state.remove(world.state.reviewComments, reviewCommentOf(request, world))
  return noContent()
}

function checkText(body: string): void {
  if (body.trim() === '') throw validationFailed(fieldError('body', "body can't be blank"))
  if (characters(body) > longestBody) throw bodyTooLong('PullRequestReviewComment')
}

function checkConversation(world: World, pull: PullRecord, user: string): void {
  if (pull.locked) throw locked()
  if (ownPendingReview(world, pull, user)) {
    throw validationFailed(fieldError('user_id', 'user_id can only have one pending review per pull request'))
  }
}

const fieldError = (field: string, message: string) =>
  ({ resource: 'PullRequestReviewComment', code: 'custom', field, message }) as const

function placeRefused(fault: AnchorFault): Refusal {
  const { field, message } = {
    path: { field: 'path', message: 'is invalid' },
    line: { field: 'line', message: 'must be part of the diff' },
    'start after end': { field: 'start_line', message: 'must precede the end line.' },
    'other hunk': { field: 'start_line', message: 'must be part of the same hunk as the line.' },
  }[fault]
  const name = `pull_request_review_thread.${field}`
  return validationFailed(fieldError(name, `${name} ${message}`))
}
