/** Owns the `text` format: what a person reads in a terminal. */
import type { Finding, Severity } from '../../core/finding.ts'
import { toSuggestion } from '../../core/fix.ts'
import { codeFrame, suggestionFrame } from '../code-frame.ts'
import { count, indent, type Paint, printable, type Style, wrap } from '../terminal.ts'
import { toSkipped } from './json.ts'
import { countBySeverity, type Outcome, type Presentation } from './outcome.ts'

const severityStyles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'blue' }

/** More of them are counted, and listed by the other formats. */
const mostSkipped = 20

export function formatText(outcome: Outcome, presentation: Presentation): string {
  const blocks = outcome.findings.map((finding) => formatFinding(finding, outcome, presentation))
  const skipped = formatSkipped(outcome, presentation)
  if (skipped !== '') blocks.push(skipped)
  blocks.push(formatSummary(outcome, presentation.paint))
  return `${blocks.join('\n\n')}\n`
}

function formatFinding(finding: Finding, { sources }: Outcome, { paint, width, displayPath }: Presentation): string {
  const { rule, severity, path, line, column, message, reference } = finding
  const style = severityStyles[severity]
  const place = (file: string, ...numbers: number[]) => [printable(displayPath(file)), ...numbers].join(':')
  const body: string[] = wrap(printable(message), width && width - 2).map((text) => paintCodeSpans(text, paint))
  const lines = sources.get(path)
  if (lines) body.push(codeFrame(lines, finding, paint, [style, 'bold']))
  const suggestion = finding.suggestion ?? (finding.fix && lines && toSuggestion(lines, finding.fix))
  if (lines && suggestion) {
    const title = finding.fix ? `${printable(finding.fix.title)} ` : ''
    body.push(`${paint('bold', 'fix:')} ${title}${paint('dim', `(${suggestion.applicability})`)}`)
    body.push(suggestionFrame(lines, suggestion, paint))
  }
  if (finding.cause) body.push(`${paint('bold', 'cause:')} ${place(finding.cause.path, finding.cause.line)}`)
  for (const related of finding.related) {
    body.push(`${paint('bold', 'see:')} ${place(related.path, related.line)} ${printable(related.message)}`)
  }
  body.push(paint('dim', `references/${reference}`))
  const head = `${paint('bold', place(path, line, column))} ${paint([style, 'bold'], severity)} ${paint('bold', rule)}`
  return `${head}\n${indent(body.join('\n'), '  ')}`
}

/** Colours what stands between backticks; without colours the text stays as it is. */
const paintCodeSpans = (text: string, paint: Paint): string =>
  text.replace(/(`+)[^`](?:.*?[^`])??\1(?!`)/g, (span) => paint('cyan', span))

function formatSkipped({ skipped, crashes }: Outcome, { paint, displayPath }: Presentation): string {
  const all = [...skipped, ...crashes.map(toSkipped)]
  const lines = all
    .slice(0, mostSkipped)
    .map(({ path, reason }) => `${paint('yellow', 'skipped')} ${printable(displayPath(path))}: ${printable(reason)}`)
  if (all.length > mostSkipped) lines.push(`${paint('yellow', 'skipped')} ${all.length - mostSkipped} more`)
  return lines.join('\n')
}

/** Why there may be nothing to find. */
function nothingSeen(usesCelery: boolean | undefined, tasks: number | undefined): string[] {
  if (usesCelery === false) return ['no Python file mentions Celery']
  return tasks === 0 ? ['no task was recognised'] : []
}

/** What to ask next. */
function hintOf(findings: number, usesCelery: boolean | undefined, tasks: number | undefined): string | undefined {
  if (findings > 0) return 'celery-review explain RULE says more about a rule.'
  if (!usesCelery || tasks !== 0) return undefined
  return '--explain-silence FILE:LINE, at a task that should have been, says why it was not.'
}

function formatSummary({ findings, usesCelery, stats }: Outcome, paint: Paint): string {
  const counts = countBySeverity(findings)
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) =>
    counts[severity] === 0 ? [] : [paint(severityStyles[severity], `${counts[severity]} ${severity}`)],
  )
  const verdict =
    findings.length > 0
      ? `${paint('bold', count(findings.length, 'finding'))} (${parts.join(', ')})`
      : paint(['green', 'bold'], ['No findings', ...nothingSeen(usesCelery, stats.tasks)].join(': '))
  const tasks = stats.tasks ? ` with ${count(stats.tasks, 'task')}` : ''
  const files = `${count(stats.files, 'file')}${tasks}`
  const work = `${files}, ${stats.parsed} parsed, ${stats.cached} from the cache, ${stats.ms} ms`
  const hint = hintOf(findings.length, usesCelery, stats.tasks)
  return `${verdict} ${paint('dim', `in ${work}`)}${hint ? `\n${paint('dim', hint)}` : ''}`
}
