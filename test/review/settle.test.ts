import { describe, expect, it } from 'vitest'
import { parseMarker } from '../../src/review/marker.ts'
import { planReview } from '../../src/review/plan-review.ts'
import type { PostedComment, ReviewInput } from '../../src/review/review-plan.ts'
import { finding, posted, replacing, report, reviewInput } from './findings.ts'
import { blocksOf } from './markdown-reader.ts'

const path = 'shop/tasks.py'
const text = 'a = 1\nb = 2\nc = 3\n'
const texts = { [path]: ['', text] } as const
const one = finding({ line: 1, fingerprint: 'one', ...replacing(text, 'a = 1', 'a = 2') })
const two = finding({ line: 2, fingerprint: 'two', rule: 'naive-eta' })
const first = planReview(reviewInput([one, two], texts))

/** A later run, over what the first one posted. */
const again = (
  findings: Parameters<typeof report>[0],
  state: Partial<PostedComment>,
  some: Partial<ReviewInput> = {},
) => planReview(reviewInput(findings, texts, { ...posted(first, state), said: ['one', 'two'], ...some }))

describe('a comment whose finding is gone', () => {
  it.each([
    ['resolved, where that is allowed', { mayResolve: true }, { how: 'resolve', otherwise: 'delete' }],
    ['resolved, also with an answer', { mayResolve: true, hasReply: true }, { how: 'resolve', otherwise: 'hide' }],
    ['deleted', {}, { how: 'delete', otherwise: 'delete' }],
    ['hidden, where a person has answered', { hasReply: true }, { how: 'hide', otherwise: 'hide' }],
  ] as const)('is %s', (_, state, expected) => {
    const { settlements, said, review } = again([two], state)
    expect(settlements).toMatchObject([{ id: 'C1', threadId: 'T1', ...expected }])
    expect(said).toEqual(['two'])
    expect(review).toBeUndefined()
  })

  it.each([
    ['a person resolved it', { isResolved: true }],
    ['a person hid it', { isMinimized: true }],
  ])('is left alone when %s', (_, state) => {
    expect(again([two], { ...state, mayResolve: true }).settlements).toEqual([])
  })

  it('stays when not everything was looked at', () => {
    const skipped = [{ path: 'big.py', reason: 'too large' }]
    const crashes = [{ rule: 'naive-eta', message: 'cannot' }]
    expect(again([], {}, { report: report([], { skipped }) }).settlements).toEqual([])
    expect(again([], {}, { report: report([], { crashes }) }).settlements).toEqual([])
  })

  it('stays when the finding stood there before and was asked for', () => {
    expect(again([two], {}, { standing: [one] }).settlements).toEqual([])
  })

  it('keeps what was said as a record, with nothing to commit', () => {
    const [settlement] = again([two], { hasReply: true }).settlements
    const body = settlement!.body!
    expect(body).toMatch(/^No longer found as of \[`f00dfee`\]\(https:\/\/github\.test\/o\/r\/commit\/f00dfeed\)\.\n/)
    expect(body).toContain('It runs every minute of `hour=3`.')
    expect(first.review!.comments[0]!.body).toContain('```suggestion\n')
    expect(blocksOf(body, 'suggestion')).toEqual([])
    expect(parseMarker(body)).toMatchObject({ gone: 'f00dfeed', fingerprints: ['one'], rule: 'crontab-missing-minute' })
  })

  it('is not written to a second time', () => {
    const [settlement] = again([two], { hasReply: true, gone: 'beef' }).settlements
    expect(settlement).toMatchObject({ how: 'hide', body: undefined })
  })

  it('is said again when it comes back', () => {
    const { review } = again([one, two], { gone: 'beef', isResolved: true }, { said: [] })
    expect(review?.comments).toHaveLength(2)
  })
})

it('what a person deleted is not said again', () => {
  const { review, check, said } = planReview(reviewInput([one, two], texts, { said: ['one', 'two'] }))
  expect(review).toBeUndefined()
  expect(check.summary).toContain('muted: its comment was deleted')
  expect(said).toEqual(['one', 'two'])
})

describe('a muted finding', () => {
  const mutes = [{ rule: one.rule, by: 'bob', reason: 'see @alice and <img>' }]

  it('is not commented, does not count, and is listed with who muted it and why', () => {
    const { review, check } = planReview(reviewInput([one], texts, { mutes, failOn: 'error' }))
    expect(review).toBeUndefined()
    expect(check).toMatchObject({ conclusion: 'success', title: '1 muted', annotations: [] })
    expect(check.summary).toContain('muted by `bob`: see @\u200balice and \\<img\\>')
  })

  it('leaves others alone', () => {
    const { review, check } = planReview(reviewInput([one, two], texts, { mutes }))
    expect(review?.comments.map(({ fingerprints }) => fingerprints)).toEqual([['two']])
    expect(check.title).toBe('1 error, 1 muted')
    const here = [{ rule: one.rule, by: 'bob', fingerprints: ['another'] }]
    expect(planReview(reviewInput([one], texts, { mutes: here })).review?.comments).toHaveLength(1)
  })

  it('has its comment resolved where that is allowed, and else left as it is', () => {
    expect(again([one, two], { mayResolve: true }, { mutes }).settlements).toEqual([
      { id: 'C1', threadId: 'T1', how: 'resolve', otherwise: 'nothing' },
    ])
    expect(again([one, two], {}, { mutes }).settlements).toEqual([])
  })
})

describe('a full review', () => {
  it('says also what stood there before, and concludes by what is new', () => {
    const full = { standing: [one], isFull: true, failOn: 'error' } as const
    const { review, check } = planReview(reviewInput([], texts, full))
    expect(review?.comments.map(({ fingerprints }) => fingerprints)).toEqual([['one']])
    expect(check).toMatchObject({ conclusion: 'success', title: 'No findings' })
    expect(check.summary).toContain('Found 1 that stood there before.')
    expect(planReview(reviewInput([], texts, { ...full, isFull: false })).review).toBeUndefined()
  })
})
