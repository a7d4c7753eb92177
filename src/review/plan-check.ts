/** Owns what the check run concludes, its title and its annotations. Its summary is left to `check-summary`. */
import { type Finding, isAtLeast, type Report, type Severity } from '../core/finding.ts'
import { cut, visible } from './inert.ts'
import { countBySeverity, plural } from './markdown.ts'
import type { PlannedAnnotation, PlannedCheck } from './review-plan.ts'

/** As much of a message as an annotation shows, in UTF-16 units; GitHub takes 64 KB. */
const longestAnnotation = 4000

/**
 * Success says that all was looked at and nothing was found. A finding whose thread was resolved still counts: the author
 * of the pull request can do that. One that was muted by a command does not, since that takes write access.
 */
export function conclude(
  { findings, skipped, crashes, usesCelery }: Report,
  failOn?: Severity,
): PlannedCheck['conclusion'] {
  if (failOn && findings.some(({ severity }) => isAtLeast(severity, failOn))) return 'failure'
  return findings.length + skipped.length + crashes.length === 0 && usesCelery !== false ? 'success' : 'neutral'
}

/** @param muted how many findings are left out of the report */
export function checkTitle({ findings, skipped, crashes, usesCelery }: Report, muted: number): string {
  const parts = [
    ...(skipped.length > 0 ? [plural(skipped.length, 'file')] : []),
    ...(crashes.length > 0 ? [plural(crashes.length, 'failed rule')] : []),
  ]
  const notReviewed = parts.join(', ')
  const heard = countBySeverity(findings) || (usesCelery === false ? 'No Celery found' : '')
  const found = [heard, muted > 0 ? `${muted} muted` : ''].filter(Boolean).join(', ')
  if (!notReviewed) return found || 'No findings'
  return found ? `${found}; not reviewed: ${notReviewed}` : `Not reviewed: ${notReviewed}`
}

export const annotationOf = (finding: Finding): PlannedAnnotation => ({
  path: finding.path,
  startLine: finding.line,
  endLine: finding.endLine,
  level: ({ error: 'failure', warning: 'warning', info: 'notice' } as const)[finding.severity],
  title: finding.rule,
  message: cut(visible(finding.message), longestAnnotation),
})
