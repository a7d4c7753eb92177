/** Owns showing lines of source: with their numbers, the place that is meant, and what a suggestion would change. */
import { diffArrays } from 'diff'
import type { Suggestion } from '../core/fix.ts'
import type { LineRange, Lines } from '../core/text.ts'
import { type Paint, printable, type Style, widthOf } from './terminal.ts'

const contextLines = 2
/** A range of more lines is shown by its first ones. */
const mostRangeLines = 5
/** A longer line is shown around the column that matters. */
const mostCharacters = 160

/** The lines around a range, its first line underlined. */
export function codeFrame(lines: Lines, range: LineRange, paint: Paint, style: Style | Style[]): string {
  const first = Math.max(1, range.line - contextLines)
  const last = Math.min(lastLine(lines), range.endLine + contextLines, range.line + mostRangeLines + contextLines - 1)
  const gutter = gutterFor(last, paint)
  const rows = [gutter()]
  for (let line = first; line <= last; line++) {
    const text = lines.textOf(line)
    const from = line === range.line ? windowStart(text, range.column - 1) : 0
    rows.push(gutter(line, ` ${show(text, from)}`))
    if (line !== range.line) continue
    const end = range.endLine === line ? range.endColumn - 1 : text.trimEnd().length
    const before = widthOf(show(text, from, range.column - 1))
    const marked = Math.max(1, widthOf(show(text, from, end)) - before)
    rows.push(gutter(undefined, ` ${' '.repeat(before)}${paint(style, '^'.repeat(marked))}`))
  }
  return [...rows, gutter()].join('\n')
}

/** The lines that a suggestion takes away and those that it puts there, with what stays between them. */
export function suggestionFrame(lines: Lines, suggestion: Suggestion, paint: Paint): string {
  const { startLine, endLine, replacement } = suggestion
  const old = Array.from({ length: endLine - startLine + 1 }, (_, index) => lines.textOf(startLine + index))
  const parts = diffArrays(old, replacement.split(/\r\n|\r|\n/))
  const gutter = gutterFor(endLine, paint)
  const rows: string[] = []
  let line = startLine
  parts.forEach(({ value, added, removed }, index) => {
    const isBetween = index > 0 && index < parts.length - 1
    value.forEach((text, at) => {
      const isNearChange = at < contextLines || at >= value.length - contextLines
      if (added) rows.push(gutter(undefined, paint('green', ` + ${show(text)}`)))
      else if (removed) rows.push(gutter(line, paint('red', ` - ${show(text)}`)))
      else if (isBetween && isNearChange) rows.push(gutter(line, `   ${show(text)}`))
      else if (isBetween && at === contextLines) rows.push(gutter(undefined, '   …'))
      if (!added) line++
    })
  })
  return [gutter(), ...rows, gutter()].join('\n')
}

/** A text that ends with a line feed has an empty last line that nobody sees in an editor's margin. */
const lastLine = (lines: Lines): number => Math.max(1, lines.count - (lines.textOf(lines.count) === '' ? 1 : 0))

function gutterFor(lastLine: number, paint: Paint): (line?: number, text?: string) => string {
  const width = String(lastLine).length
  return (line, text = '') => `${paint('blue', `${(line?.toString() ?? '').padStart(width)} │`)}${text}`
}

/** The offset from which a line is shown, so that `column` is seen. */
const windowStart = (text: string, column: number): number =>
  text.length <= mostCharacters ? 0 : Math.max(0, column - mostCharacters / 4)

/** A part of a line as it stands on a terminal; `end` is where it is cut, an offset into the whole line like `start`. */
function show(text: string, start = 0, end = text.length): string {
  const stop = Math.min(end, start + mostCharacters)
  const cutLeft = start > 0 ? '…' : ''
  const cutRight = stop < text.length && stop === start + mostCharacters ? '…' : ''
  return cutLeft + printable(text.slice(start, stop).replaceAll('\t', '    ')) + cutRight
}
