import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hunksBetween } from '../../src/diff/compare-texts.ts'
import type { Hunk } from '../../src/diff/hunk.ts'
import { parsePatch, toDiffFile } from '../../src/diff/parse-patch.ts'
import { changedTexts, gitLines, patchOf } from './changed-texts.ts'

const patch = [
  '@@ -1,5 +1,6 @@',
  ' import time',
  '-from x import y',
  '+from x import z',
  '+',
  ' ',
  ' def f():',
  '     pass',
  '@@ -20 +21,2 @@ def g():',
  '-    return 1',
  '\\ No newline at end of file',
  '+    return 2',
  '+    # end',
  '\\ No newline at end of file',
].join('\n')

/** The new text, made from the old one by what the hunks say; fails where they contradict it. */
function apply(before: string, hunks: readonly Hunk[]): string[] {
  const old = gitLines(before)
  const result: string[] = []
  let done = 0
  for (const hunk of hunks) {
    result.push(...old.slice(done, hunk.oldStart - 1))
    done = hunk.oldStart - 1
    for (const line of hunk.lines) {
      if (line.kind !== 'added') {
        expect(line).toMatchObject({ oldLine: done + 1, text: old[done] })
        done++
      }
      if (line.kind !== 'deleted') {
        result.push(line.text)
        expect(line.newLine).toBe(result.length)
      }
    }
  }
  return [...result, ...old.slice(done)]
}

describe('parsePatch', () => {
  it('numbers the lines of both sides', () => {
    const [first, second] = parsePatch(patch)
    expect(first).toMatchObject({ oldStart: 1, oldLines: 5, newStart: 1, newLines: 6 })
    expect(first?.lines.slice(0, 4)).toEqual([
      { kind: 'context', text: 'import time', oldLine: 1, newLine: 1 },
      { kind: 'deleted', text: 'from x import y', oldLine: 2 },
      { kind: 'added', text: 'from x import z', newLine: 2 },
      { kind: 'added', text: '', newLine: 3 },
    ])
    expect(second?.lines).toEqual([
      { kind: 'deleted', text: '    return 1', oldLine: 20 },
      { kind: 'added', text: '    return 2', newLine: 21 },
      { kind: 'added', text: '    # end', newLine: 22 },
    ])
  })

  it('reads new and removed files', () => {
    expect(parsePatch('@@ -0,0 +1,2 @@\n+a\n+b')).toMatchObject([
      { oldStart: 1, oldLines: 0, newStart: 1, newLines: 2 },
    ])
    expect(parsePatch('@@ -1 +0,0 @@\n-a')).toMatchObject([{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 0 }])
  })

  it.each([
    ['an empty patch', ''],
    ['no hunk header', ' a\n+b'],
    ['a header without numbers', '@@ all @@\n a'],
    ['a line that is cut off', patch.slice(0, patch.indexOf('def f'))],
    ['a missing last line', '@@ -1 +1 @@\n-a'],
    ['one line too many', '@@ -1 +1 @@\n-a\n+b\n+c'],
    ['a count too high', '@@ -1,2 +1,3 @@\n-a\n+b\n c'],
    ['a note at the end', `${patch}\n... 200 lines omitted`],
    ['a blank line between hunks', patch.replace('\n@@ -20', '\n\n@@ -20')],
    ['file headers', `--- a/x\n+++ b/x\n${patch}`],
    ['two files', '@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b'],
    ['hunks out of order', '@@ -9 +9 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b'],
    ['hunks that drift apart', '@@ -1 +1 @@\n-a\n+b\n@@ -9 +12 @@\n-a\n+b'],
  ])('refuses %s', (_, broken) => {
    expect(() => parsePatch(broken)).toThrow()
    expect(toDiffFile({ status: 'modified', path: 'a.py' }, broken).hunks).toBeUndefined()
  })

  it('refuses a patch that is cut off after any of its lines but a whole hunk', () => {
    const lines = patch.split('\n')
    const whole = lines.findIndex((line) => line.startsWith('@@ -20'))
    // The last line only says that the file ends without a newline.
    for (let count = 1; count < lines.length - 1; count++) {
      if (count === whole) continue
      expect(() => parsePatch(lines.slice(0, count).join('\n')), `${count} lines`).toThrow()
    }
  })

  it('reads what is written for any two texts', () => {
    fc.assert(
      fc.property(changedTexts, ([before, after]) => {
        fc.pre(before !== after)
        const hunks = parsePatch(patchOf(before, after))
        expect(hunks).toEqual(hunksBetween(before, after))
        expect(apply(before, hunks)).toEqual(gitLines(after))
      }),
    )
  })

  it("reads git's own patches", () => {
    const folder = mkdtempSync(join(tmpdir(), 'celery-review-patch-'))
    try {
      const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
      git('init', '--quiet')
      git('config', 'core.autocrlf', 'false')
      fc.assert(
        fc.property(changedTexts, ([before, after]) => {
          fc.pre(gitLines(before).join() !== gitLines(after).join())
          writeFileSync(join(folder, 'a.py'), before)
          git('add', 'a.py')
          writeFileSync(join(folder, 'a.py'), after)
          const output = git('diff', '--no-color', '--no-ext-diff', '--unified=3', '--', 'a.py')
          const bare = output.slice(output.indexOf('\n@@') + 1)
          expect(apply(before, parsePatch(bare))).toEqual(gitLines(after))
        }),
        { numRuns: 40 },
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('hunksBetween', () => {
  it('finds nothing between equal texts', () => {
    expect(hunksBetween('a\nb\n', 'a\nb\n')).toEqual([])
  })

  it('makes one hunk of texts that have too little in common', () => {
    const before = Array.from({ length: 5000 }, (_, index) => `a${index}\n`).join('')
    const after = Array.from({ length: 4000 }, (_, index) => `b${index}\n`).join('')
    const hunks = hunksBetween(before, after)
    expect(hunks).toMatchObject([{ oldStart: 1, oldLines: 5000, newStart: 1, newLines: 4000 }])
    expect(apply(before, hunks)).toEqual(gitLines(after))
  })
})
