/**
 * Which lines may carry a comment, against an oracle that knows no hunk with context: a line may when it changed, or
 * when it is at most three lines from a change, and two of them share a hunk when no line between them may not.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Side } from '../../src/simulator/diff.ts'
import { refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, repository } = await startSetting({ limits: { contentPerMinute: 1e9, contentPerHour: 1e9 } })

/** Long enough, more often than not, for several hunks. */
const fileText = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', '', '@@ -1 +1 @@', '-- x', '++ y', 'é\r'), { maxLength: 60, size: 'max' }),
    fc.boolean(),
  )
  .map(([lines, endsOpen]) => lines.map((line) => `${line}\n`).join('') + (endsOpen && lines.length > 0 ? 'end' : ''))

const edit = fc.tuple(fc.nat(60), fc.nat(3), fc.array(fc.constantFrom('new', 'a', ''), { maxLength: 3 }))

/** A text and what became of it after a few edits, so that much stays as it was. */
const editedText = fc
  .tuple(fileText, fc.array(edit, { minLength: 1, maxLength: 4, size: 'max' }))
  .map(([before, edits]) => {
    const lines = before.split('\n')
    for (const [at, gone, fresh] of edits) lines.splice(Math.min(at, lines.length), gone, ...fresh)
    return { before, after: lines.join('\n') }
  })
  .filter(({ before, after }) => before !== after && before !== '' && after !== '')

interface Range {
  readonly from: number
  readonly to: number
}

/** For each side, the ranges of lines that stand together in a hunk. */
async function oracle(base: string, head: string): Promise<Record<Side, Range[]>> {
  const diff = await repository.git('diff', '--no-color', '--unified=0', base, head, '--', 'file.py')
  const size = async (sha: string) => (await repository.git('cat-file', 'blob', `${sha}:file.py`)).split('\n').length
  const sizes = { LEFT: await size(base), RIGHT: await size(head) }
  const ranges: Record<Side, Range[]> = { LEFT: [], RIGHT: [] }
  for (const [, oldAt, oldCount = '1', newAt, newCount = '1'] of diff.matchAll(
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm,
  )) {
    const touched = { LEFT: [Number(oldAt), Number(oldCount)], RIGHT: [Number(newAt), Number(newCount)] } as const
    for (const side of ['LEFT', 'RIGHT'] as const) {
      const [at, count] = touched[side]
      // Where a side has none of the changed lines, the change lies behind its line `at`.
      const first = count === 0 ? at + 1 : at
      const range = { from: Math.max(1, first - 3), to: Math.min(sizes[side], first + count - 1 + 3) }
      const last = ranges[side].at(-1)
      if (last && range.from <= last.to + 1) ranges[side][ranges[side].length - 1] = { from: last.from, to: range.to }
      else ranges[side].push(range)
    }
  }
  return ranges
}

const linesOf = (ranges: readonly Range[]): number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))

test('a comment is taken exactly where the oracle has it', async () => {
  await fc.assert(
    fc.asyncProperty(
      editedText,
      fc.array(
        fc.record({
          side: fc.constantFrom<Side>('LEFT', 'RIGHT'),
          /** Whether the numbers count only lines that may carry a comment, so that many do. */
          isNear: fc.boolean(),
          end: fc.nat(70),
          start: fc.option(fc.nat(70)),
        }),
        { minLength: 8, maxLength: 16 },
      ),
      async ({ before, after }, places) => {
        const base = await repository.commit('Before', { 'file.py': before }, { branch: 'before', from: 'main' })
        const head = await repository.commit('After', { 'file.py': after }, { branch: 'after', from: base })
        const { number } = await github.openPull({ base, head })
        const ranges = await oracle(base, head)
        for (const { side, isNear, end, start } of places) {
          const near = linesOf(ranges[side])
          const pick = (number: number) => (isNear ? (near[number % near.length] ?? number) : number)
          const line = pick(end)
          const first = start === null ? undefined : pick(start)
          const isAllowed = ranges[side].some(
            ({ from, to }) => line >= from && line <= to && (first === undefined || (first >= from && first < line)),
          )
          const place = { path: 'file.py', side, line, start_line: first, body: 'Here.' }
          const request = octokit.rest.pulls.createReview({
            ...repo,
            pull_number: number,
            event: 'COMMENT',
            comments: [place],
          })
          if (isAllowed) expect((await request).status).toBe(200)
          else expect((await refusalOf(request)).status).toBe(422)
        }
      },
    ),
    { numRuns: 25, endOnFailure: true },
  )
})

test('after a push a comment stands on the same text, or nowhere', async () => {
  let moved = 0
  await fc.assert(
    fc.asyncProperty(editedText, editedText, fc.nat(200), async (first, second, pick) => {
      const base = await repository.commit('Before', { 'file.py': first.before }, { branch: 'p0', from: 'main' })
      const head = await repository.commit('After', { 'file.py': first.after }, { branch: 'p1', from: base })
      const { number } = await github.openPull({ base, head })
      const lines = linesOf((await oracle(base, head)).RIGHT)
      fc.pre(lines.length > 0)
      const line = lines[pick % lines.length]!
      const comments = [{ path: 'file.py', line, body: 'Here.' }]
      await octokit.rest.pulls.createReview({ ...repo, pull_number: number, event: 'COMMENT', comments })

      const next = `pushed\n${first.after.replace('a\n', '')}${second.after}`
      const pushed = await repository.commit('Push', { 'file.py': next }, { branch: 'p1' })
      await github.pushTo(number, pushed)
      const { data } = await octokit.rest.pulls.listReviewComments({ ...repo, pull_number: number })
      const { line: now, original_line, commit_id } = data[0]!
      expect(original_line).toBe(line)
      expect(commit_id).toBe(now === null ? head : pushed)
      if (now) expect(next.split('\n')[now - 1]).toBe(first.after.split('\n')[line - 1])
      if (now && now !== line) moved++
    }),
    { numRuns: 25, endOnFailure: true },
  )
  expect(moved).toBeGreaterThan(0)
})
