/** Owns showing lines of code as rows of a table, with what was taken away and what was put there. */
import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { HunkLine } from '../../../diff/hunk.ts'

const signs = { context: ' ', deleted: '−', added: '+' } as const

/** The cell with the text of a line, behind the sign that says what became of it. */
export const codeCell = (kind: HunkLine['kind'], ...text: ElementContent[]): Element =>
  h('td', { className: ['code'] }, h('span', { className: ['sign'] }, signs[kind]), ...text)

/** A small table of changed lines without numbers. Where one line takes the place of another, what differs is marked. */
export function changeTable(caption: string, lines: readonly HunkLine[]): Element {
  const partners = partnersOf(lines)
  const rows = lines.map((line) =>
    h('tr', { className: [line.kind] }, codeCell(line.kind, ...markDifference(line.text, partners.get(line)?.text))),
  )
  return h('table', { className: ['lines', 'change'] }, h('caption', caption), h('tbody', ...rows))
}

/** Which added line replaces which deleted one, in runs of equally many. */
function partnersOf(lines: readonly HunkLine[]): Map<HunkLine, HunkLine> {
  const partners = new Map<HunkLine, HunkLine>()
  for (let start = 0; start < lines.length; start++) {
    const deleted = runOf(lines, start, 'deleted')
    const added = runOf(lines, start + deleted.length, 'added')
    if (deleted.length === 0) continue
    if (deleted.length === added.length) {
      deleted.forEach((line, index) => {
        partners.set(line, added[index]!).set(added[index]!, line)
      })
    }
    start += deleted.length - 1
  }
  return partners
}

function runOf(lines: readonly HunkLine[], start: number, kind: HunkLine['kind']): HunkLine[] {
  let end = start
  while (lines[end]?.kind === kind) end++
  return lines.slice(start, end)
}

/** The text, with the part between what it begins and ends with in common with the other one marked. */
function markDifference(text: string, other: string | undefined): ElementContent[] {
  const plain = (value: string): ElementContent => ({ type: 'text', value })
  if (other === undefined) return [plain(text)]
  const shorter = Math.min(text.length, other.length)
  let start = 0
  while (start < shorter && text[start] === other[start]) start++
  let end = 0
  while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) end++
  const marked = text.slice(start, text.length - end)
  // A line that has nothing in common with the other but its indentation is simply another line.
  if (marked === '' || text.slice(0, start).trim() === '') return [plain(text)]
  return [plain(text.slice(0, start)), h('mark', marked), plain(text.slice(text.length - end))]
}
