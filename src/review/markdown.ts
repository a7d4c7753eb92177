/** Owns the building blocks of all Markdown that is posted: fences, links to lines, table cells, lists that fit. */
import { type Finding, type Severity, severities } from '../core/finding.ts'
import { code, longestBackticks } from './inert.ts'

/** What GitHub takes is 65,536 characters; the rest is left for what it may count differently. */
export const longestBody = 60_000

/** As much of a path as the label of a link shows, in UTF-16 units. */
const longestLabel = 80

/** Where links to the reviewed code and to the reference documents lead. */
export interface Links {
  /** The repository's `html_url`. */
  readonly repositoryUrl: string
  readonly headSha: string
  /** The address below which the reference documents lie. */
  readonly referencesUrl: string
}

export const link = (label: string, url: string): string => `[${label}](${url})`

/** The address of a line, or of some lines, of a file at the reviewed commit. */
export function lineUrl({ repositoryUrl, headSha }: Links, path: string, line: number, endLine = line): string {
  const lines = endLine > line ? `#L${line}-L${endLine}` : `#L${line}`
  return `${repositoryUrl}/blob/${headSha}/${path.split('/').map(encodeSegment).join('/')}${lines}`
}

/** A link to a finding or to a related place, labelled with its first line and the end of its path. */
export function placeLink(links: Links, place: { path: string; line: number; endLine?: number }): string {
  const name = `${place.path}:${place.line}`
  const label = name.length > longestLabel ? `…${name.slice(1 - longestLabel)}` : name
  // Where a paragraph starts with it, `[…]:` defines a link, even if the bracket closes within code.
  return link(code(label).replaceAll(']:', ']\u200b:'), lineUrl(links, place.path, place.line, place.endLine))
}

export const referenceUrl = ({ referencesUrl }: Pick<Links, 'referencesUrl'>, reference: string): string =>
  `${referencesUrl.replace(/\/+$/, '')}/${reference}`

/** A fenced block; the fence is longer than any run of backticks inside. */
export function fenced(info: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestBackticks(text) + 1))
  return text === '' ? `${fence}${info}\n${fence}` : `${fence}${info}\n${text}\n${fence}`
}

/** One row of a table. Pipes are escaped, also those in code spans, as GitHub's tables ask for. */
export function tableRow(cells: readonly string[]): string {
  // GitHub's parsers disagree about a backslash before an escaped pipe, so the two are kept apart.
  const escaped = cells.map((cell) => cell.replace(/\\(?=\|)/g, '\\\u200b').replace(/\|/g, '\\|'))
  return `| ${escaped.join(' | ')} |`
}

/** "2 errors, 1 warning", the worst first. */
export function countBySeverity(findings: readonly Finding[]): string {
  const words: Record<Severity, [string, string]> = {
    error: ['error', 'errors'],
    warning: ['warning', 'warnings'],
    info: ['info', 'info'],
  }
  return severities
    .toReversed()
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => plural(count, ...words[severity]))
    .join(', ')
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/**
 * As many of the lines, from the first on, as fit into `limit` UTF-16 units when each is followed by a line feed, and
 * how many that are. When not all do, a last line of `more(left out)` is among them.
 */
export function fitLines(lines: readonly string[], limit: number, more: (count: number) => string): FittedLines {
  const lengths = lines.map((line) => line.length + 1)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  if (total <= limit) return { text: lines.join('\n'), count: lines.length }
  let count = 0
  for (let length = more(lines.length).length; count < lines.length; count++) {
    length += lengths[count]!
    if (length > limit) break
  }
  return { text: [...lines.slice(0, count), more(lines.length - count)].join('\n'), count }
}

interface FittedLines {
  readonly text: string
  readonly count: number
}

/** Like `encodeURIComponent`, for any string, and with the parentheses that would end a Markdown link. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
