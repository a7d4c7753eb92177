/**
 * Owns what becomes of comments that have had their time, because what they are about is gone or was muted: as little as
 * clears the conversation, and never at the cost of what a person wrote there.
 */
import { code } from './inert.ts'
import { link } from './markdown.ts'
import { formatMarker } from './marker.ts'
import type { PlannedSettlement, PostedComment, ReviewInput } from './review-plan.ts'

type Conversation = Pick<ReviewInput, 'report' | 'standing' | 'previous' | 'mutes' | 'head' | 'repositoryUrl'>

export interface PlannedSettlements {
  readonly settlements: readonly PlannedSettlement[]
  /** The fingerprints of comments that will be gone, and so may be said again should they come back. */
  readonly forgotten: ReadonlySet<string>
}

/** Plans the settling of comments. What a person resolved or hid is settled already. */
export function planSettlements(input: Conversation): PlannedSettlements {
  const present = new Set([...input.report.findings, ...input.standing].map(({ fingerprint }) => fingerprint))
  const settlements: PlannedSettlement[] = []
  const forgotten = new Set<string>()
  for (const comment of input.previous) {
    if (comment.isResolved || comment.isMinimized) continue
    const { id, threadId } = comment
    if (isGone(comment, present, input)) {
      const rung = comment.hasReply ? 'hide' : 'delete'
      const body = comment.gone === undefined ? goneBody(comment, input) : undefined
      settlements.push({ id, threadId, how: comment.mayResolve ? 'resolve' : rung, otherwise: rung, body })
      for (const fingerprint of comment.fingerprints) forgotten.add(fingerprint)
    } else if (comment.mayResolve && isMuted(comment, input)) {
      settlements.push({ id, threadId, how: 'resolve', otherwise: 'nothing' })
    }
  }
  return { settlements, forgotten }
}

/** What was not looked at may still be there. */
function isGone(
  { gone, fingerprints }: PostedComment,
  present: ReadonlySet<string>,
  { report }: Conversation,
): boolean {
  if (gone !== undefined) return true
  const isAllSeen = report.skipped.length + report.crashes.length === 0
  return isAllSeen && fingerprints.every((fingerprint) => !present.has(fingerprint))
}

const isMuted = ({ rule, fingerprints }: PostedComment, { mutes }: Conversation): boolean =>
  mutes.some(
    (muting) =>
      muting.rule === rule &&
      fingerprints.every((fingerprint) => !muting.fingerprints || muting.fingerprints.includes(fingerprint)),
  )

/** The comment as a record: what was said, without a suggestion that would now be wrong to commit. */
function goneBody({ body, rule, fingerprints }: PostedComment, { head, repositoryUrl }: Conversation): string {
  const said = body
    .replace(/<!-- celery-review:v1[^<>]*-->\s*$/, '')
    .replace(/^(`{3,})suggestion$/gm, '$1python')
    .trimEnd()
  const commit = link(code(head.sha.slice(0, 7)), `${repositoryUrl}/commit/${head.sha}`)
  return [
    `No longer found as of ${commit}.`,
    '<details><summary>What was said</summary>',
    said,
    '</details>',
    formatMarker({ rule, gone: head.sha, fingerprints }),
  ].join('\n\n')
}
