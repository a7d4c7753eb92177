/** Owns the text of the check run: all findings, what was not reviewed and why, and how the review was made. */
import type { Finding, Report } from '../core/finding.ts'
import { severityWord } from './comment-body.ts'
import { code, firstSentence, inert } from './inert.ts'
import { countBySeverity, fitLines, type Links, link, longestBody, placeLink, plural, tableRow } from './markdown.ts'
import type { Saying } from './saying.ts'

/** What was not reviewed, and notes, take at most this much each, in UTF-16 units; the findings take the rest. */
const longestList = 8000

export interface SummaryInput {
  readonly report: Report
  /** The findings in the order to show them, each with how it is said; those muted or old are not in the report. */
  readonly rows: readonly { readonly finding: Finding; readonly isOld: boolean; readonly saying: Saying }[]
  readonly notes: readonly string[]
  readonly durationMs?: number
}

/** The Markdown of the check run's summary. */
export function checkSummary({ report, rows, notes, durationMs }: SummaryInput, links: Links): string {
  const before = [outcome(report, rows)]
  const after = [
    ...section(
      'Not reviewed',
      report.skipped.map(({ path, reason }) => `- ${code(path)}: ${inert(reason)}`),
    ),
    ...section(
      'Rules that failed',
      report.crashes.map(
        ({ rule, path, message }) => `- ${code(rule)}${path ? ` on ${code(path)}` : ''}: ${code(message)}`,
      ),
    ),
    ...section('How this review was made', [
      ...notes.map((note) => `- ${inert(note)}`),
      `- ${effort(report, durationMs)}`,
    ]),
  ]
  const room = longestBody - [...before, ...after].join('\n\n').length
  const table = rows.length > 0 ? [findingTable(rows, room, links)] : []
  return [...before, ...table, ...after].join('\n\n')
}

function outcome({ usesCelery, findings, skipped, crashes, stats }: Report, rows: SummaryInput['rows']): string {
  const old = rows.filter(({ isOld }) => isOld).length
  const muted = rows.length - old - findings.length
  const further = [...(muted > 0 ? [`${muted} muted`] : []), ...(old > 0 ? [`${old} that stood there before`] : [])]
  const found = [...(findings.length > 0 ? [`**${countBySeverity(findings)}**`] : []), ...further]
  if (found.length > 0) return `Found ${found.join(', ')}.`
  if (usesCelery === false) return 'No file of this repository mentions Celery, so there is nothing to review.'
  if (stats.tasks === 0) return 'No mistake found, but no task was recognised in this repository either.'
  if (skipped.length > 0 || crashes.length > 0) return 'No mistake found in what could be reviewed.'
  return 'No mistake found.'
}

function findingTable(rows: SummaryInput['rows'], room: number, links: Links): string {
  const head = [
    tableRow(['Severity', 'Place', 'Rule', 'Finding', 'Said']),
    tableRow(['---', '---', '---', '---', '---']),
  ]
  const lines = rows.map(({ finding, isOld, saying }) =>
    tableRow([
      severityWord[finding.severity],
      placeLink(links, finding),
      code(finding.rule),
      firstSentence(finding.message),
      isOld ? `there before, ${describe(saying)}` : describe(saying),
    ]),
  )
  const more = (count: number) => `\n${count} more`
  return fitLines([...head, ...lines], room - 100, more).text
}

function describe({ how, url, muting }: Saying): string {
  if (muting) return `muted by ${code(muting.by)}${muting.reason ? `: ${inert(muting.reason)}` : ''}`
  const words = {
    muted: 'muted',
    'commented-now': 'commented',
    commented: 'commented before',
    answered: 'commented before, answered',
    resolved: 'muted: its comment was resolved',
    hidden: 'muted: its comment was hidden',
    deleted: 'muted: its comment was deleted',
    listed: 'in the list of a review, not commented',
    outside: 'here only: no comment can stand on its line',
  }[how]
  return url ? link(words, url) : words
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  return [`**${title}**`, fitLines(lines, longestList, (count) => `- ${count} more`).text]
}

function effort({ stats: { files, parsed, cached, tasks } }: Report, durationMs: number | undefined): string {
  const time = durationMs === undefined ? '' : ` in ${Math.round(durationMs)} ms`
  const seen = tasks ? ` with ${plural(tasks, 'task')}` : ''
  return `${plural(files, 'file')}${seen}, ${parsed} parsed and ${cached} known from before${time}`
}
