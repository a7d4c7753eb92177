/** Pairs of texts for the tests of hunks, and the patch that `diff` writes for them. */
import { createTwoFilesPatch, OMIT_HEADERS } from 'diff'
import fc from 'fast-check'

/** Few different lines, so that lines repeat, move and stay; with the endings and first characters that trip parsers. */
const line = fc.constantFrom('', 'a', 'b', 'c = 1', '    d()', '-- e', '++ f', '@@ g', '\\ h', '\tö🥬', 'cr\r')

/** The text of some lines, with or without a final newline. */
export const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
  .map(([lines, newline]) => (lines.length > 0 && newline ? `${lines.join('\n')}\n` : lines.join('\n')))

/** Two texts where the second is the first with some runs of lines replaced. */
const edited = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(40), fc.nat(4), fc.array(line, { maxLength: 4 })), { maxLength: 5 }))
  .map(([before, edits]) => {
    const lines = before.split('\n')
    for (const [at, count, added] of edits) lines.splice(Math.min(at, lines.length), count, ...added)
    return [before, lines.join('\n')] as const
  })

export const changedTexts = fc.oneof(edited, edited, fc.tuple(text, text))

/** The bare patch from one text to the other, as GitHub gives it: without file headers and final newline. */
export function patchOf(before: string, after: string): string {
  const patch = createTwoFilesPatch('', '', before, after, undefined, undefined, {
    context: 3,
    headerOptions: OMIT_HEADERS,
  })
  return patch.replace(/\n$/, '')
}

/** The lines of a text as git counts them. */
export function gitLines(content: string): string[] {
  const lines = content.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The new lines that a patch shows, hunk by hunk, read off the patch without the code under test. */
export function shownLines(patch: string): number[][] {
  const shown: number[][] = []
  let next = 0
  for (const line of patch.split('\n')) {
    const start = /^@@ -\S+ \+(\d+)/.exec(line)
    if (start) {
      next = Number(start[1])
      shown.push([])
    } else if (line.startsWith('+') || line.startsWith(' ')) shown.at(-1)?.push(next++)
  }
  return shown
}
