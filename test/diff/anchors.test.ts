import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedLines, hasDeletionWithin, isCommentable } from '../../src/diff/anchors.ts'
import { compareTexts } from '../../src/diff/compare-texts.ts'
import type { DiffFile } from '../../src/diff/hunk.ts'
import { toOldLine } from '../../src/diff/line-map.ts'
import { toDiffFile } from '../../src/diff/parse-patch.ts'
import { changedTexts, gitLines, patchOf, shownLines } from './changed-texts.ts'

const change = { status: 'modified', path: 'a.py' } as const
const file = toDiffFile(
  change,
  ['@@ -5,4 +5,4 @@', ' a', '-b', '+B', ' c', ' d', '@@ -20,2 +20,3 @@', ' x', '+y', ' z'].join('\n'),
)

describe('isCommentable', () => {
  it('takes added and context lines, and ranges within one hunk', () => {
    expect([4, 5, 6, 8, 9, 19, 20, 22, 23].filter((line) => isCommentable(file, line))).toEqual([5, 6, 8, 20, 22])
    expect(isCommentable(file, 8, 5)).toBe(true)
    expect(isCommentable(file, 5, 8)).toBe(false)
    expect(isCommentable(file, 20, 8)).toBe(false)
    expect(isCommentable(file, 9, 8)).toBe(false)
  })

  it('takes nothing when it is not known what changed', () => {
    const unknown: DiffFile = change
    expect(isCommentable(unknown, 1)).toBe(false)
    expect(changedLines(unknown)).toBeUndefined()
  })

  it('agrees with the patch on every range', () => {
    fc.assert(
      fc.property(changedTexts, ([before, after]) => {
        fc.pre(before !== after)
        const patch = patchOf(before, after)
        const parsed = toDiffFile(change, patch)
        const shown = shownLines(patch)
        const lines = gitLines(after).map((_, index) => index + 1)
        for (const startLine of [0, ...lines]) {
          for (const line of [0, ...lines, lines.length + 1]) {
            const expected = startLine <= line && shown.some((hunk) => hunk.includes(startLine) && hunk.includes(line))
            expect(isCommentable(parsed, line, startLine)).toBe(expected)
          }
        }
      }),
    )
  })
})

describe('changedLines', () => {
  it('are those that have no old line', () => {
    fc.assert(
      fc.property(changedTexts, ([before, after]) => {
        const compared = compareTexts(change, before, after)
        const lines = gitLines(after).map((_, index) => index + 1)
        const added = lines.filter((line) => toOldLine(compared.hunks ?? [], line) === undefined)
        expect([...(changedLines(compared) ?? [])]).toEqual(added)
      }),
    )
  })
})

describe('hasDeletionWithin', () => {
  it('sees a deleted line between two lines, not at the edges', () => {
    expect(hasDeletionWithin(file, 6, 5)).toBe(true)
    expect(hasDeletionWithin(file, 8, 6)).toBe(false)
    expect(hasDeletionWithin(file, 6)).toBe(false)
    expect(hasDeletionWithin(file, 5)).toBe(false)
    expect(hasDeletionWithin(file, 22, 20)).toBe(false)
  })

  it('agrees with the order of the lines in the patch, on every range that can carry a comment', () => {
    fc.assert(
      fc.property(changedTexts, ([before, after]) => {
        const compared = compareTexts(change, before, after)
        for (const { lines } of compared.hunks ?? []) {
          for (const [from, first] of lines.entries()) {
            for (const [to, last] of lines.entries()) {
              if (from > to || first.kind === 'deleted' || last.kind === 'deleted') continue
              const expected = lines.slice(from, to).some((shown) => shown.kind === 'deleted')
              expect(hasDeletionWithin(compared, last.newLine, first.newLine)).toBe(expected)
            }
          }
        }
      }),
    )
  })
})
