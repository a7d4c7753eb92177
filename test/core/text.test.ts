import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeSpan } from '../../src/core/code-span.ts'
import { applyEdits, type Edit, toSuggestion } from '../../src/core/fix.ts'
import { Lines } from '../../src/core/text.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\n', '\r\n', '\r', '\t', '#') })

describe('Lines', () => {
  it('gives every offset the line whose start and end enclose it', () => {
    fc.assert(
      fc.property(text, fc.nat(), (source, seed) => {
        const lines = new Lines(source)
        const offset = seed % (source.length + 1)
        const line = lines.lineAt(offset)
        expect(lines.startOf(line)).toBeLessThanOrEqual(offset)
        if (line < lines.count) expect(offset).toBeLessThan(lines.startOf(line + 1))
      }),
    )
  })

  it('splits a text into lines that make it up again', () => {
    fc.assert(
      fc.property(text, (source) => {
        const lines = new Lines(source)
        const numbers = Array.from({ length: lines.count }, (_, index) => index + 1)
        expect(numbers.map((line) => source.slice(lines.startOf(line), lines.startOf(line + 1))).join('')).toBe(source)
        expect(numbers.map((line) => lines.textOf(line))).toEqual(source.split(/\r\n|\r|\n/))
      }),
    )
  })

  it('counts columns from one in UTF-16 code units', () => {
    expect(new Lines('a\n😀b').rangeOf({ start: 4, end: 5 })).toEqual({ line: 2, endLine: 2, column: 3, endColumn: 4 })
  })
})

/** Edits that do not overlap, made from sorted cuts. */
const edited = text.chain((source) =>
  fc.record({
    source: fc.constant(source),
    edits: fc
      .array(
        fc.record({ from: fc.nat(source.length), to: fc.nat(source.length), replacement: fc.string({ maxLength: 4 }) }),
        {
          minLength: 1,
          maxLength: 5,
        },
      )
      .map((raw) => {
        const cuts = raw.flatMap(({ from, to }) => [from, to]).sort((a, b) => a - b)
        return raw.map(
          ({ replacement }, index): Edit => ({
            span: { start: cuts[index * 2]!, end: cuts[index * 2 + 1]! },
            replacement,
          }),
        )
      }),
  }),
)

describe('fixes', () => {
  it('leave what stands before, between and behind the edits alone', () => {
    fc.assert(
      fc.property(edited, ({ source, edits }) => {
        let expected = ''
        let at = 0
        for (const { span, replacement } of edits) {
          expected += source.slice(at, span.start) + replacement
          at = span.end
        }
        expect(applyEdits(source, edits)).toBe(expected + source.slice(at))
      }),
    )
  })

  it('have the same effect as the whole-line suggestion made of them', () => {
    fc.assert(
      fc.property(edited, ({ source, edits }) => {
        const splitsTerminator = (offset: number) => source.slice(offset - 1, offset + 1) === '\r\n'
        fc.pre(!edits.some(({ span }) => splitsTerminator(span.start) || splitsTerminator(span.end)))
        const lines = new Lines(source)
        const fix = {
          title: 'x',
          applicability: 'safe' as const,
          edits: edits as unknown as readonly [Edit, ...Edit[]],
        }
        const { startLine, endLine, replacement } = toSuggestion(lines, fix)
        expect(source.slice(0, lines.startOf(startLine)) + replacement + source.slice(lines.endOf(endLine))).toBe(
          applyEdits(source, edits),
        )
      }),
    )
  })

  it('are refused when they overlap or lie outside the text', () => {
    const edit = (start: number, end: number): Edit => ({ span: { start, end }, replacement: '' })
    expect(() => applyEdits('abcdef', [edit(0, 3), edit(2, 4)])).toThrow(RangeError)
    expect(() => applyEdits('abc', [edit(2, 9)])).toThrow(RangeError)
  })
})

describe('codeSpan', () => {
  it('shows any text on one line, fenced by more backticks than it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', '\u202e', '@', '<', ' ', '\u0000') }), (source) => {
        const span = codeSpan(source)
        const fence = /^`+/.exec(span)![0]
        expect(span.endsWith(fence)).toBe(true)
        expect(span.slice(fence.length, -fence.length)).not.toMatch(new RegExp(`(^|[^\`])${fence}($|[^\`])`))
        // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must be gone
        expect(span).not.toMatch(/[\n\u0000\u202e]/)
      }),
    )
  })
})
