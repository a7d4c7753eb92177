/** Owns how each finding is said, in this run or an earlier one, and what people did about it. */
import type { Finding } from '../core/finding.ts'
import type { Marker } from './marker.ts'
import type { Muting, PostedComment } from './review-plan.ts'

export interface Saying {
  readonly how:
    | 'commented-now'
    /** In a review comment of an earlier run, which was left as it is, answered, resolved, hidden or deleted. */
    | 'commented'
    | 'answered'
    | 'resolved'
    | 'hidden'
    | 'deleted'
    /** By a command. */
    | 'muted'
    /** In the body of a review, when it had no comment left. */
    | 'listed'
    /** Only in the check run, when no comment can stand on its line. */
    | 'outside'
  /** The address of the comment. */
  readonly url?: string
  /** Of `muted`. */
  readonly muting?: Muting
}

/**
 * What earlier runs said, by fingerprint. It is not said again, whatever became of it; unless it was gone in the meantime
 * and came back, which is a new mistake.
 * @param said the fingerprints of all comments of ours, also of those that are there no more
 */
export function saidBefore(
  comments: readonly PostedComment[],
  reviews: readonly Marker[],
  said: readonly string[],
): Map<string, Saying> {
  const sayings = new Map<string, Saying>()
  for (const fingerprint of said) sayings.set(fingerprint, { how: 'deleted' })
  for (const fingerprint of reviews.flatMap((review) => review.fingerprints)) {
    sayings.set(fingerprint, { how: 'listed' })
  }
  for (const comment of comments) {
    if (comment.gone !== undefined) continue
    for (const fingerprint of comment.fingerprints) {
      sayings.set(fingerprint, { how: stateOf(comment), url: comment.url })
    }
  }
  return sayings
}

function stateOf({ isResolved, isMinimized, hasReply }: PostedComment): Saying['how'] {
  if (isResolved) return 'resolved'
  if (isMinimized) return 'hidden'
  return hasReply ? 'answered' : 'commented'
}

/** Who muted a finding by a command; undefined when nobody did. */
export const mutingOf = (finding: Finding, mutes: readonly Muting[]): Muting | undefined =>
  mutes.find(
    ({ rule, fingerprints }) => rule === finding.rule && (!fingerprints || fingerprints.includes(finding.fingerprint)),
  )
