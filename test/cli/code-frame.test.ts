import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeFrame, suggestionFrame } from '../../src/cli/code-frame.ts'
import { type Paint, widthOf } from '../../src/cli/terminal.ts'
import { Lines } from '../../src/core/text.ts'

const plain: Paint = (_style, text) => text

/** What stands above the carets of a frame, by columns of a terminal. */
function markedText(frame: string): string {
  const rows = frame.split('\n')
  const at = rows.findIndex((row) => /│ *\^+$/.test(row))
  const carets = rows[at]!
  let column = 0
  let marked = ''
  for (const character of rows[at - 1]!) {
    if (column >= carets.indexOf('^') && column < carets.length) marked += character
    column += widthOf(character)
  }
  return marked
}

describe('codeFrame', () => {
  it('shows a place with the lines around it', () => {
    const lines = new Lines('one = 1\ntwo = 2\nthree = crontab(hour=3)\nfour = 4\n')
    const range = { line: 3, endLine: 3, column: 9, endColumn: 24 }
    expect(`\n${codeFrame(lines, range, plain, 'red')}\n`).toBe(`
  │
1 │ one = 1
2 │ two = 2
3 │ three = crontab(hour=3)
  │         ^^^^^^^^^^^^^^^
4 │ four = 4
  │
`)
  })

  it('underlines the first line of a long range and stops soon after it', () => {
    const lines = new Lines(`call(\n${'    argument,\n'.repeat(40)})\n`)
    const rows = codeFrame(lines, { line: 1, endLine: 42, column: 1, endColumn: 2 }, plain, 'red').split('\n')
    expect(rows[2]).toBe('  │ ^^^^^')
    expect(rows.length).toBeLessThan(12)
  })

  it('shows the part of a long line that matters', () => {
    const lines = new Lines(`${'x'.repeat(100_000)}HERE${'y'.repeat(100_000)}`)
    const frame = codeFrame(lines, { line: 1, endLine: 1, column: 100_001, endColumn: 100_005 }, plain, 'red')
    expect(markedText(frame)).toBe('HERE')
    expect(frame.length).toBeLessThan(600)
  })

  it('puts the carets below what is meant, whatever stands before it', () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', '\t', '日', '🙂', 'é', '\u001b', '\u202e', ' '),
      maxLength: 12,
    })
    fc.assert(
      fc.property(piece, fc.stringMatching(/^[a-z]{1,8}$/), piece, fc.nat(3), (before, meant, after, above) => {
        const lines = new Lines(`${'\n'.repeat(above)}${before}${meant}${after}`)
        const column = before.length + 1
        const line = above + 1
        const range = { line, endLine: line, column, endColumn: column + meant.length }
        expect(markedText(codeFrame(lines, range, plain, 'red'))).toBe(meant)
      }),
    )
  })
})

describe('suggestionFrame', () => {
  it('shows what changes and what stays between', () => {
    const lines = new Lines('a\nsend(\n    1,\n    2,\n    3,\n    4,\n    5,\n)\nb\n')
    const replacement = 'later(send(\n    1,\n    2,\n    3,\n    4,\n    5,\n))'
    const frame = suggestionFrame(lines, { startLine: 2, endLine: 8, replacement, applicability: 'safe' }, plain)
    expect(`\n${frame}\n`).toBe(`
  │
2 │ - send(
  │ + later(send(
3 │       1,
4 │       2,
  │   …
6 │       4,
7 │       5,
8 │ - )
  │ + ))
  │
`)
  })

  it('shows every line that goes and every line that comes', () => {
    const line = fc.stringMatching(/^[ab]{0,2}$/)
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.array(line, { minLength: 1, maxLength: 8 }),
        (old, fresh) => {
          const suggestion = {
            startLine: 1,
            endLine: old.length,
            replacement: fresh.join('\n'),
            applicability: 'safe',
          } as const
          const rows = suggestionFrame(new Lines(old.join('\n')), suggestion, plain).split('\n')
          const marked = (mark: string) =>
            rows.filter((row) => row.includes(`│ ${mark}`)).map((row) => row.split(`│ ${mark} `)[1] ?? '')
          const without = (all: string[], some: string[]) => {
            const rest = [...all]
            for (const text of some) rest.splice(rest.indexOf(text), 1)
            return rest.sort()
          }
          expect(marked('-').every((text) => old.includes(text))).toBe(true)
          expect(without(old, marked('-'))).toEqual(without(fresh, marked('+')))
        },
      ),
    )
  })
})
