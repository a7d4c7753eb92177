/** Owns the planning of a review: what is said where, what is not said again, and what the check run concludes. */
import { type Finding, severities } from '../core/finding.ts'
import type { Suggestion } from '../core/fix.ts'
import { checkSummary } from './check-summary.ts'
import { commentBody } from './comment-body.ts'
import { type Draft, isElsewhere, shareComments } from './group.ts'
import type { Links } from './markdown.ts'
import { formatMarker, reviewKey } from './marker.ts'
import { type Anchor, type ChangedTexts, placeOf } from './place.ts'
import { annotationOf, checkTitle, conclude } from './plan-check.ts'
import { reviewBody } from './review-body.ts'
import type { PlannedComment, PlannedReview, ReviewInput, ReviewPlan } from './review-plan.ts'
import { mutingOf, type Saying, saidBefore } from './saying.ts'
import { planSettlements } from './settle.ts'
import { committable } from './suggestion.ts'

/** Plans the review of a pull request. The same input gives the same plan, whatever the order of its findings. */
export function planReview(input: ReviewInput): ReviewPlan {
  const { report, head, limits, previous, previousReviews, mutes, isFull, notes = [], durationMs, failOn } = input
  const standing = isFull ? input.standing : []
  const links = { repositoryUrl: input.repositoryUrl, headSha: head.sha, referencesUrl: input.referencesUrl }
  // Hunks computed here may differ from those that GitHub shows, and one wrong anchor costs the whole review.
  const files = new Map(input.files.filter((file) => !file.computed).map((file) => [file.path, file]))
  const filesBefore = new Map([...files.values()].map((file) => [file.previousPath ?? file.path, file]))
  const texts = {
    fileOf: (path: string) => files.get(path),
    fileBefore: (path: string) => filesBefore.get(path),
    headTextOf: input.headTextOf,
  }
  const before = saidBefore(previous, previousReviews, input.said)

  const findings = [...report.findings, ...standing].sort(byImportance)
  const muted = new Map(
    findings.flatMap((finding) => {
      const muting = mutingOf(finding, mutes)
      return muting ? [[finding.fingerprint, { how: 'muted', muting } as const] as const] : []
    }),
  )
  const drafts: Draft[] = []
  const outside: Finding[] = []
  for (const finding of findings.filter(({ fingerprint }) => !before.has(fingerprint) && !muted.has(fingerprint))) {
    const anchor = placeOf(finding, texts)
    if (anchor) drafts.push({ anchor, findings: [finding] })
    else outside.push(finding)
  }
  const shared = shareComments(drafts)
  const posted = shared.slice(0, limits.comments)
  const commented = posted.flatMap((draft) => draft.findings)
  const overflow = shared.slice(limits.comments).flatMap((draft) => draft.findings)

  const { body, listed } = reviewBody({ commented, overflow, outside, isFull }, links)
  const key = reviewKey(head.sha, [...commented, ...listed].map(fingerprintOf), previousReviews.length)
  const review: PlannedReview = {
    event: 'COMMENT',
    commitId: head.sha,
    key,
    body: `${body}\n\n${formatMarker({ review: key, fingerprints: listed.map(fingerprintOf) })}`,
    comments: planComments(posted, texts, links),
  }

  const sayings = new Map<string, Saying>([
    ...before,
    ...commented.map((finding) => [finding.fingerprint, { how: 'commented-now' }] as const),
    ...overflow.map((finding) => [finding.fingerprint, { how: 'listed' }] as const),
    ...outside.map((finding) => [finding.fingerprint, { how: 'outside' }] as const),
    ...muted,
  ])
  const old = new Set(standing.map(fingerprintOf))
  const rows = findings.map((finding) => ({
    finding,
    isOld: old.has(finding.fingerprint),
    saying: sayings.get(finding.fingerprint)!,
  }))
  const heard = { ...report, findings: report.findings.filter(({ fingerprint }) => !muted.has(fingerprint)) }
  const { settlements, forgotten } = planSettlements(input)
  const carried = previous.filter(({ gone }) => gone === undefined).flatMap(({ fingerprints }) => fingerprints)
  const said = new Set([...input.said, ...carried, ...commented.map(fingerprintOf)])
  return {
    ...(posted.length > 0 ? { review } : {}),
    settlements,
    said: [...said].filter((fingerprint) => !forgotten.has(fingerprint)),
    check: {
      conclusion: conclude(heard, failOn),
      title: checkTitle(heard, report.findings.length - heard.findings.length),
      summary: checkSummary({ report: heard, rows, notes, durationMs }, links),
      // What has a comment is shown in its line already.
      annotations: rows
        .filter(({ saying: { how } }) => how === 'listed' || how === 'outside')
        .map(({ finding }) => annotationOf(finding)),
    },
  }
}

/** The comments of a review. No two suggestions touch the same line, since GitHub commits a batch of them at once. */
function planComments(drafts: readonly Draft[], texts: ChangedTexts, links: Links): PlannedComment[] {
  const offered: { path: string; suggestion: Suggestion }[] = []
  return drafts.map((draft) => {
    const [finding] = draft.findings
    const head = texts.headTextOf(finding.path)
    const isOnCode = !draft.anchor.isDeleted && !isElsewhere(finding, draft.anchor)
    const suggestion = isOnCode ? committable(finding, texts.fileOf(finding.path), head) : undefined
    const isFree = offered.every(({ path, suggestion: other }) => path !== finding.path || !overlap(other, suggestion))
    const offer = suggestion && isFree ? suggestion : undefined
    if (offer) offered.push({ path: finding.path, suggestion: offer })

    const anchor: Anchor = offer
      ? { path: finding.path, startLine: offer.startLine, line: offer.endLine }
      : draft.anchor
    const side = anchor.isDeleted ? 'LEFT' : 'RIGHT'
    return {
      path: anchor.path,
      line: anchor.line,
      side,
      ...(anchor.startLine < anchor.line ? { startLine: anchor.startLine, startSide: side } : {}),
      body: commentBody({ ...draft, anchor }, offer, head, links),
      fingerprints: draft.findings.map(fingerprintOf),
    }
  })
}

const fingerprintOf = (finding: Finding): string => finding.fingerprint

const overlap = (one: Suggestion, other: Suggestion | undefined): boolean =>
  other !== undefined && one.startLine <= other.endLine && other.startLine <= one.endLine

/** Errors first, then by path, line and rule. */
function byImportance(a: Finding, b: Finding): number {
  return (
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    compare(a.path, b.path) ||
    a.line - b.line ||
    compare(a.rule, b.rule) ||
    a.column - b.column ||
    compare(a.fingerprint, b.fingerprint)
  )
}

/** By code units: the order must not depend on the machine's language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
