/** Owns how each finding is said, in this run or an earlier one, and what people did about it. */
import type { Marker } from './marker.ts'
import type { PostedComment } from './review-plan.ts'

export interface Saying {
  readonly how:
    | 'commented-now'
    /** In a review comment of an earlier run, which was left as it is, answered, resolved or hidden. */
    | 'commented'
    | 'answered'
    | 'resolved'
    | 'hidden'
    /** In the body of a review, when it had no comment left. */
    | 'listed'
    /** Only in the check run, when no comment can stand on its line. */
    | 'outside'
  /** The address of the comment. */
  readonly url?: string
}

/** What earlier runs said, by fingerprint. It is not said again, whatever became of it. */
export function saidBefore(comments: readonly PostedComment[], reviews: readonly Marker[]): Map<string, Saying> {
  const said = new Map<string, Saying>()
  for (const fingerprint of reviews.flatMap((review) => review.fingerprints)) said.set(fingerprint, { how: 'listed' })
  for (const comment of comments) {
    for (const fingerprint of comment.fingerprints) said.set(fingerprint, { how: stateOf(comment), url: comment.url })
  }
  return said
}

function stateOf({ isResolved, isMinimized, hasReply }: PostedComment): Saying['how'] {
  if (isResolved) return 'resolved'
  if (isMinimized) return 'hidden'
  return hasReply ? 'answered' : 'commented'
}
