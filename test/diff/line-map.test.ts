import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hunksBetween } from '../../src/diff/compare-texts.ts'
import { replacementAt, toNewLine, toOldLine } from '../../src/diff/line-map.ts'
import { changedTexts, gitLines } from './changed-texts.ts'

describe('line map', () => {
  it('shifts the lines behind a hunk, and knows no place for a line that exists on one side only', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].join('\n')
    const hunks = hunksBetween(before, before.replace('b', 'B1\nB2'))
    expect([1, 2, 3, 9].map((line) => toNewLine(hunks, line))).toEqual([1, undefined, 4, 10])
    expect([1, 2, 3, 4, 10].map((line) => toOldLine(hunks, line))).toEqual([1, undefined, undefined, 3, 9])
  })

  it('knows what a new line replaced', () => {
    const hunks = hunksBetween('a\nb\nc\nd\ne\nf\ng', 'a\nB1\nB2\nc\nd\nnew\ne\nf\ng')
    expect(replacementAt(hunks, 3)).toEqual({ oldLines: [2], newLines: [2, 3] })
    expect(replacementAt(hunks, 6)).toEqual({ oldLines: [], newLines: [6] })
    expect([1, 4, 8].map((line) => replacementAt(hunks, line))).toEqual([undefined, undefined, undefined])
  })

  it('pairs equal lines, in order, one to one', () => {
    fc.assert(
      fc.property(changedTexts, ([before, after]) => {
        const hunks = hunksBetween(before, after)
        const [old, now] = [gitLines(before), gitLines(after)]
        const pairs = old.flatMap((_, index) => {
          const newLine = toNewLine(hunks, index + 1)
          return newLine === undefined ? [] : [[index + 1, newLine] as const]
        })
        for (const [index, [oldLine, newLine]] of pairs.entries()) {
          expect(now[newLine - 1]).toBe(old[oldLine - 1])
          expect(toOldLine(hunks, newLine)).toBe(oldLine)
          expect(newLine).toBeGreaterThan(pairs[index - 1]?.[1] ?? 0)
        }
        expect(now.filter((_, index) => toOldLine(hunks, index + 1) !== undefined)).toHaveLength(pairs.length)
      }),
    )
  })
})
