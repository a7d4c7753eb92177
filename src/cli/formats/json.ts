/** Owns the `json` format of `check` and `diff`: a contract with other programs, versioned. */
import type { Finding, RuleCrash, Skipped } from '../../core/finding.ts'
import type { Outcome } from './outcome.ts'

export function formatJson({ findings, skipped, crashes, stats }: Outcome): string {
  const document = {
    version: 1,
    findings: findings.map(toJson),
    skipped: [...skipped, ...crashes.map(toSkipped)],
    stats: { files: stats.files, parsed: stats.parsed, cached: stats.cached, ms: stats.ms },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function toJson(finding: Finding) {
  const { rule, severity, path, line, endLine, column, endColumn, message, reference, fingerprint } = finding
  const related = finding.related.map(({ path, line, message }) => ({ path, line, message }))
  const place = { path, line, endLine, column, endColumn }
  return { rule, severity, ...place, message, reference, fingerprint, suggestion: finding.suggestion, related }
}

/** Where a rule crashed, something was not looked at. */
export const toSkipped = ({ rule, path, message }: RuleCrash): Skipped => ({
  path: path ?? '.',
  reason: `the rule ${rule} crashed there: ${message}`,
})
