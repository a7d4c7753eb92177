/** Owns the storing of reviews and their comments, once it is settled that GitHub would take them. */
import { type AnchorFault, resolveAnchor, type WantedPlace } from './anchors.ts'
import type { FileDiff } from './diff.ts'
import type { PullRecord, ReviewCommentRecord, ReviewRecord } from './state.ts'
import { timestamp, type World } from './world.ts'

/** A commit of a pull request, and what the pull request changes as of that commit. */
interface ReviewTarget {
  readonly pull: PullRecord
  readonly commit: string
  readonly base: string
  readonly files: readonly FileDiff[]
}

/** What a review of a commit is about; nothing when the commit is not one of the pull request's. */
export async function reviewTargetOf(
  world: World,
  pull: PullRecord,
  commit = pull.head.sha,
): Promise<ReviewTarget | undefined> {
  const commits = await world.code.commitsBetween(pull.base.sha, pull.head.sha)
  if (commit !== pull.head.sha && !commits.includes(commit)) return undefined
  const base = await world.code.mergeBase(pull.base.sha, commit)
  if (!base) return undefined
  const files = await world.code.diff(base, commit)
  return { pull, commit, base, files: files.slice(0, world.limits.pullFiles) }
}

/** The review that a person has begun and not submitted. While there is one, GitHub takes no other of theirs. */
export const ownPendingReview = ({ state }: World, pull: PullRecord, user: string): ReviewRecord | undefined =>
  state.reviews.find(
    (review) => review.pull_number === pull.number && review.user === user && review.state === 'PENDING',
  )

type NewReview = Pick<ReviewRecord, 'user' | 'state' | 'body'>

export function storeReview(world: World, { pull, commit }: ReviewTarget, review: NewReview): ReviewRecord {
  const stored: ReviewRecord = {
    id: world.state.nextId(),
    pull_number: pull.number,
    ...review,
    commit_id: commit,
    submitted_at: review.state === 'PENDING' ? null : timestamp(world),
  }
  world.state.reviews.push(stored)
  return stored
}

/** A comment whose place was found in the diff. */
export type PlacedComment = Pick<
  ReviewCommentRecord,
  'path' | 'body' | 'subject_type' | 'side' | 'start_side' | 'line' | 'start_line' | 'position' | 'diff_hunk'
>

/** The comment with its place in the diff, or why GitHub takes none there. */
export function placeComment(
  files: readonly FileDiff[],
  wanted: WantedPlace & { readonly body: string },
): PlacedComment | AnchorFault {
  const anchor = resolveAnchor(files, wanted)
  if (typeof anchor === 'string') return anchor
  const { path, body, line, start_line = null } = wanted
  return { path, body, subject_type: 'line', line, start_line, ...anchor }
}

/** Stores a comment at its place in the diff of the commit that was reviewed, in a thread of its own. */
export function storeComment(
  world: World,
  target: ReviewTarget,
  review: ReviewRecord,
  comment: PlacedComment,
): ReviewCommentRecord {
  const now = timestamp(world)
  const stored: ReviewCommentRecord = {
    id: world.state.nextId(),
    pull_number: target.pull.number,
    pull_request_review_id: review.id,
    thread: { id: world.state.nextId(), pull_number: target.pull.number, resolved_by: null },
    user: review.user,
    ...comment,
    commit_id: target.commit,
    original_line: comment.line,
    original_start_line: comment.start_line,
    original_position: comment.position,
    original_commit_id: target.commit,
    original_base: target.base,
    minimized: null,
    created_at: now,
    updated_at: now,
  }
  world.state.reviewComments.push(stored)
  return stored
}

/** Stores a reply at the place of the comment that it answers; like every single comment, with a review of its own. */
export function storeReply(world: World, root: ReviewCommentRecord, user: string, body: string): ReviewCommentRecord {
  const pull = world.state.pulls.find(({ number }) => number === root.pull_number)!
  const target = { pull, commit: pull.head.sha, base: root.original_base, files: [] }
  const review = storeReview(world, target, { user, state: 'COMMENTED', body: '' })
  const now = timestamp(world)
  const reply: ReviewCommentRecord = {
    ...root,
    id: world.state.nextId(),
    pull_request_review_id: review.id,
    user,
    body,
    in_reply_to_id: root.in_reply_to_id ?? root.id,
    minimized: null,
    created_at: now,
    updated_at: now,
  }
  world.state.reviewComments.push(reply)
  return reply
}
