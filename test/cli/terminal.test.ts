import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paintFor, printable, widthOf, wrap } from '../../src/cli/terminal.ts'

describe('paintFor', () => {
  const isColoured = (environment: NodeJS.ProcessEnv, isTTY: boolean) =>
    paintFor({ write: () => {}, isTTY }, environment)('red', 'text') !== 'text'

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ])('with %j and a terminal: %s, colours: %s', (environment, isTTY, expected) => {
    expect(isColoured(environment, isTTY)).toBe(expected)
  })
})

describe('printable', () => {
  it('shows what would act on a terminal or hide on it', () => {
    expect(printable('a\u001b[31mb\r\u0007\u202e\u200b\u009b')).toBe('a\\x1b[31mb\\r\\x07\\u202e\\u200b\\x9b')
  })

  it('leaves nothing of the kind, and everything else alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
        expect(printable(printable(text))).toBe(printable(text))
      }),
    )
    expect(printable('çà — 日本 🙂\n')).toBe('çà — 日本 🙂\n')
  })
})

it('measures wide, combining and coloured text', () => {
  expect(widthOf('abc')).toBe(3)
  expect(widthOf('日本')).toBe(4)
  expect(widthOf('🙂')).toBe(2)
  expect(widthOf('e\u0301')).toBe(1)
  expect(widthOf('\u001b[31mred\u001b[39m')).toBe(3)
})

it('wraps without losing or splitting a word', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z日]{1,12}$/)), fc.integer({ min: 1, max: 30 }), (words, width) => {
      const lines = wrap(words.join('  \n'), width)
      expect(lines.flatMap((line) => line.split(' ')).filter((word) => word !== '')).toEqual(words)
      for (const line of lines) expect(widthOf(line) <= width || !line.includes(' ')).toBe(true)
    }),
  )
})
