import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Finding, severities } from '../../src/core/finding.ts'
import { applyEdits, type Fix, toSuggestion } from '../../src/core/fix.ts'
import { Lines } from '../../src/core/text.ts'
import { compareTexts } from '../../src/diff/compare-texts.ts'
import type { DiffFile } from '../../src/diff/hunk.ts'
import { toDiffFile } from '../../src/diff/parse-patch.ts'
import { parseMarker } from '../../src/review/marker.ts'
import { planReview } from '../../src/review/plan-review.ts'
import type { ReviewInput } from '../../src/review/review-plan.ts'
import { changedTexts, patchOf, shownLines } from '../diff/changed-texts.ts'
import { posted, report, reviewInput } from './findings.ts'
import { hostileText } from './hostile-text.ts'
import { blocksOf, cellsOf, foreignNodes, liveProse, unseen } from './markdown-reader.ts'

interface Changed {
  readonly path: string
  readonly before: string
  readonly after: string
  readonly hunks: 'patch' | 'computed' | 'unknown' | 'not in the diff'
}

const changed: fc.Arbitrary<Changed> = fc
  .tuple(
    fc.oneof(fc.constantFrom('shop/tasks.py', 'shop/views.py'), hostileText),
    changedTexts,
    fc.constantFrom(true, true, true, false),
    fc.constantFrom(...Array(7).fill('patch'), 'computed', 'unknown', 'not in the diff'),
  )
  .map(([path, [before, after], isUnix, hunks]) => {
    const [old, now] = isUnix ? [before, after].map((text) => text.replaceAll('\r', '')) : [before, after]
    return { path, before: old!, after: now!, hunks: hunks as Changed['hunks'] }
  })

const replacement = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('x', 'x\ny', '', '\n', '```') },
  { weight: 1, arbitrary: hostileText },
)

/** A finding somewhere in one of the files, often with a fix of one or two places, sometimes with a cause elsewhere. */
const findingIn = (files: readonly Changed[]): fc.Arbitrary<Omit<Finding, 'fingerprint'>> =>
  fc
    .record({
      file: fc.constantFrom(...files),
      causeFile: fc.constantFrom(...files),
      hasCause: fc.boolean(),
      hasFix: fc.constantFrom(true, true, true, false),
      at: fc.nat(45),
      more: fc.nat(4),
      spans: fc.array(fc.tuple(fc.nat(30), fc.nat(8), replacement), { minLength: 1, maxLength: 2 }),
      applicability: fc.constantFrom('safe', 'safe', 'safe', 'unsafe', 'display-only' as const),
      severity: fc.constantFrom(...severities),
      rule: fc.constantFrom('rule-a', 'rule-b', 'rule-c', 'rule-d'),
      message: hostileText,
      other: hostileText,
    })
    .map((random) => {
      const { file, causeFile, at, more, severity, rule, message, other } = random
      const lines = new Lines(file.after)
      const line = 1 + (at % lines.count)
      const endLine = Math.min(line + more, lines.count)
      const base = { rule, severity, path: file.path, line, endLine, column: 1, endColumn: 1, message }
      const place = { path: causeFile.path, line: 1 + (at % new Lines(causeFile.after).count), message: other }
      const finding = {
        ...base,
        reference: 'periodic-tasks.md#minute',
        related: [place],
        ...(random.hasCause ? { cause: place } : {}),
      }
      if (!random.hasFix) return finding
      const fix = {
        title: other,
        applicability: random.applicability as Fix['applicability'],
        edits: random.spans.map(([offset, length, replacement]) => {
          const start = Math.min(lines.startOf(line) + offset, file.after.length)
          return { span: { start, end: Math.min(start + length, file.after.length) }, replacement }
        }) as unknown as Fix['edits'],
      }
      try {
        return { ...finding, fix, suggestion: toSuggestion(lines, fix) }
      } catch {
        return finding // the edits overlap
      }
    })

const scenario = fc
  .uniqueArray(changed, { minLength: 1, maxLength: 3, selector: ({ path }) => path })
  .chain((files) => fc.tuple(fc.constant(files), fc.array(findingIn(files), { maxLength: 14 }), fc.nat(12)))
  .map(([files, random, comments]) => {
    const findings = random.map((finding, index): Finding => ({ ...finding, fingerprint: `f${index}` }))
    const texts = Object.fromEntries(files.map(({ path, before, after }) => [path, [before, after] as const]))
    const diff = files.flatMap(({ path, before, after, hunks }): DiffFile[] => {
      const change = { status: 'modified', path } as const
      if (hunks === 'not in the diff') return []
      if (hunks === 'computed') return [compareTexts(change, before, after)]
      return [toDiffFile(change, hunks === 'patch' ? patchOf(before, after) : undefined)]
    })
    return { files, input: reviewInput(findings, texts, { files: diff, limits: { comments } }) }
  })

/** What GitHub makes of a file when a suggestion on these lines is committed. */
function commit(text: string, startLine: number, line: number, replacement: string): string {
  const lines = text.split('\n')
  lines.splice(startLine - 1, line - startLine + 1, ...replacement.split('\n'))
  return lines.join('\n')
}

const check = (property: (scenario: { files: Changed[]; input: ReviewInput }) => void, numRuns = 500) =>
  fc.assert(fc.property(scenario, property), { numRuns })

describe('any plan', () => {
  it('comments only on lines that GitHub shows', () => {
    check(({ files, input }) => {
      const comments = planReview(input).review?.comments ?? []
      expect(comments.length).toBeLessThanOrEqual(input.limits.comments)
      for (const { path, startLine, line } of comments) {
        const file = files.find((one) => one.path === path)!
        expect(file.hunks).toBe('patch')
        if (startLine !== undefined) expect(startLine).toBeLessThan(line)
        const hunks = shownLines(patchOf(file.before, file.after))
        expect(hunks.some((lines) => lines.includes(line) && lines.includes(startLine ?? line))).toBe(true)
      }
    })
  })

  it('offers only suggestions that have the effect of the fix, and no two of one line', () => {
    let offered = 0
    check(({ input }) => {
      const taken = new Set<string>()
      for (const { path, startLine, line, body, fingerprints } of planReview(input).review?.comments ?? []) {
        const [replacement, ...others] = blocksOf(body, 'suggestion')
        expect(others).toEqual([])
        if (replacement === undefined) continue
        offered++
        const { fix } = input.report.findings.find(({ fingerprint }) => fingerprint === fingerprints[0])!
        const { text } = input.headTextOf(path)!
        expect(commit(text, startLine ?? line, line, replacement)).toBe(applyEdits(text, fix!.edits))
        expect(commit(text, startLine ?? line, line, replacement)).not.toBe(text)
        for (let at = startLine ?? line; at <= line; at++) {
          expect(taken).not.toContain(`${path}:${at}`)
          taken.add(`${path}:${at}`)
        }
      }
    }, 1000)
    expect(offered).toBeGreaterThan(15)
  })

  it('loses no finding: each has a comment or an annotation, not both', () => {
    check(({ input }) => {
      const { review, check } = planReview(input)
      const commented = (review?.comments ?? []).flatMap(({ fingerprints }) => fingerprints)
      expect(new Set(commented).size).toBe(commented.length)
      expect(commented.length + check.annotations.length).toBe(input.report.findings.length)
      for (const { fingerprint, path, line } of input.report.findings) {
        if (commented.includes(fingerprint)) continue
        expect(check.annotations.some((one) => one.path === path && one.startLine === line)).toBe(true)
      }
      for (const { body, fingerprints } of review?.comments ?? []) {
        expect(parseMarker(body)).toMatchObject({ fingerprints, review: undefined, gone: undefined })
      }
    })
  })

  it('does not depend on the order of what it is given', () => {
    check(({ input }) => {
      const turned = { ...input, report: report(input.report.findings.toReversed()), files: input.files.toReversed() }
      expect(planReview(turned)).toEqual(planReview(input))
    })
  })

  it('says nothing in a second run', () => {
    check(({ input }) => {
      const first = planReview(input)
      const second = planReview({ ...input, ...posted(first) })
      expect(second.review).toBeUndefined()
      expect({ ...second.check, summary: '' }).toEqual({ ...first.check, summary: '' })
    })
  })

  it('keeps the text of the reviewed code inert', () => {
    check(({ input }) => {
      const { findings } = input.report
      const skipped = findings.map(({ path, message }) => ({ path, reason: message }))
      const crashes = findings.map(({ path, rule, message }) => ({ path, rule, message }))
      const notes = findings.map(({ message }) => message)
      const plan = planReview({ ...input, report: report(findings, { skipped, crashes }), notes })

      const [table, rest] = [/^\|.*$/gm.exec(plan.check.summary)?.[0], plan.check.summary.replace(/^\|.*$/gm, '')]
      expect(table === undefined).toBe(findings.length === 0)
      const rows = plan.check.summary.match(/^\|.*$/gm)?.map(cellsOf) ?? []
      for (const row of rows) expect(row).toHaveLength(5)

      const comments = plan.review?.comments ?? []
      const bodies = [plan.review?.body ?? '', rest, ...rows.slice(2).flat(), ...comments.map(({ body }) => body)]
      for (const markdown of bodies) {
        expect(foreignNodes(markdown)).toEqual([])
        expect(liveProse(markdown)).toEqual([])
        expect(markdown).not.toMatch(unseen)
      }
    }, 200)
  })
})
