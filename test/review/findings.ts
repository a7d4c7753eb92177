/** Findings, reports and inputs for the tests of reviews, with what a test does not care about filled in. */
import type { Finding, Report } from '../../src/core/finding.ts'
import { type Fix, toSuggestion } from '../../src/core/fix.ts'
import { Lines } from '../../src/core/text.ts'
import { toDiffFile } from '../../src/diff/parse-patch.ts'
import { parseMarker } from '../../src/review/marker.ts'
import type { PostedComment, ReviewInput, ReviewPlan } from '../../src/review/review-plan.ts'
import { patchOf } from '../diff/changed-texts.ts'

export const finding = (some: Partial<Finding> = {}): Finding => {
  const whole = {
    rule: 'crontab-missing-minute',
    severity: 'error',
    path: 'shop/tasks.py',
    line: 1,
    column: 1,
    endColumn: 2,
    message: 'It runs every minute of `hour=3`. Set `minute`.',
    reference: 'periodic-tasks.md#minute',
    related: [],
    ...some,
  } as const
  return {
    ...whole,
    endLine: some.endLine ?? whole.line,
    fingerprint: some.fingerprint ?? `${whole.rule}:${whole.path}:${whole.line}`,
  }
}

/** A fix that replaces text by other text, and the suggestion of it. */
export function replacing(text: string, from: string, to: string, applicability: Fix['applicability'] = 'safe') {
  const start = text.indexOf(from)
  const fix: Fix = {
    title: 'Set `minute`',
    applicability,
    edits: [{ span: { start, end: start + from.length }, replacement: to }],
  }
  return { fix, suggestion: toSuggestion(new Lines(text), fix) }
}

export const report = (findings: readonly Finding[], some: Partial<Report> = {}): Report => ({
  findings,
  skipped: [],
  crashes: [],
  stats: { files: 10, parsed: 2, cached: 1, tasks: 3 },
  usesCelery: true,
  ...some,
})

/** What a file was and is. */
export type Texts = Readonly<Record<string, readonly [before: string, after: string]>>

export const reviewInput = (
  findings: readonly Finding[],
  texts: Texts,
  some: Partial<ReviewInput> = {},
): ReviewInput => ({
  report: report(findings),
  files: Object.entries(texts).map(([path, [before, after]]) =>
    toDiffFile({ status: 'modified', path }, patchOf(before, after)),
  ),
  head: { sha: 'f00dfeed' },
  headTextOf: (path) => (texts[path] ? new Lines(texts[path][1]) : undefined),
  repositoryUrl: 'https://github.test/o/r',
  referencesUrl: 'https://docs.test/references',
  previous: [],
  previousReviews: [],
  said: [],
  mutes: [],
  standing: [],
  isFull: false,
  limits: { comments: 20 },
  ...some,
})

/** What a later run reads of the comments and the review that a plan posted. */
export const posted = ({ review }: ReviewPlan, state: Partial<PostedComment> = {}) => ({
  previous: (review?.comments ?? []).map(({ body }, index): PostedComment => {
    const { fingerprints, rule, gone } = parseMarker(body)!
    const names = { number: index + 1, id: `C${index + 1}`, threadId: `T${index + 1}` }
    const url = `https://github.test/o/r/pull/1#discussion_r${index + 1}`
    const untouched = { isResolved: false, isMinimized: false, hasReply: false, mayResolve: false }
    return { ...names, url, body, fingerprints, rule, gone, ...untouched, ...state }
  }),
  previousReviews: review ? [parseMarker(review.body)!] : [],
})
