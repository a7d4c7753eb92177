/**
 * Owns the `rdjson` format, which reviewdog reads. Columns count bytes of UTF-8 there, ends are exclusive, and a range
 * without columns means whole lines. Source: proto/rdf/reviewdog.proto in reviewdog/reviewdog.
 */
import type { Finding, Severity } from '../../core/finding.ts'
import type { Lines } from '../../core/text.ts'
import type { Outcome } from './outcome.ts'

const severities: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', info: 'INFO' }

export function formatRdjson({ findings, sources }: Outcome): string {
  const diagnostics = findings.map((finding) => toDiagnostic(finding, sources.get(finding.path)))
  return `${JSON.stringify({ source: { name: 'celery-review' }, diagnostics }, null, 2)}\n`
}

function toDiagnostic({ rule, severity, path, message, suggestion, ...range }: Finding, lines: Lines | undefined) {
  const position = (line: number, column: number) =>
    lines ? { line, column: Buffer.byteLength(lines.textOf(line).slice(0, column - 1)) + 1 } : { line }
  return {
    message,
    location: {
      path,
      range: { start: position(range.line, range.column), end: position(range.endLine, range.endColumn) },
    },
    severity: severities[severity],
    code: { value: rule },
    suggestions: suggestion && [
      {
        range: { start: { line: suggestion.startLine }, end: { line: suggestion.endLine } },
        text: suggestion.replacement,
      },
    ],
  }
}
