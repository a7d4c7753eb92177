import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { Lines } from '../../src/core/text.ts'
import { compareTexts } from '../../src/diff/compare-texts.ts'
import { parseMarker } from '../../src/review/marker.ts'
import { planReview } from '../../src/review/plan-review.ts'
import { finding, posted, replacing, report, reviewInput } from './findings.ts'
import { blocksOf } from './markdown-reader.ts'

const path = 'shop/tasks.py'
const numbered = Array.from({ length: 40 }, (_, index) => `line_${index + 1} = ${index + 1}`)
const before = `${numbered.join('\n')}\n`
/** Line 10 is modified and line 30 is added, so that the hunks show the lines 7 to 13 and 27 to 33. */
const after = before.replace('line_10 = 10', 'line_10 = crontab(hour=3)').replace('line_30 =', 'added = 1\nline_30 =')
const texts = { [path]: [before, after] } as const

const plan = (findings: readonly Finding[], some: Parameters<typeof reviewInput>[2] = {}) =>
  planReview(reviewInput(findings, texts, some))
const commentsOf = (...args: Parameters<typeof plan>) => plan(...args).review?.comments ?? []

describe('a clean pull request', () => {
  it('gets no review and a green check', () => {
    expect(plan([])).toEqual({
      settlements: [],
      said: [],
      check: { conclusion: 'success', title: 'No findings', summary: expect.any(String), annotations: [] },
    })
  })
})

describe('the place of a comment', () => {
  const anchor = (some: Partial<Finding>) => commentsOf([finding(some)]).map(({ startLine, line }) => [startLine, line])

  it.each([
    ['one changed line', { line: 10 }, [undefined, 10]],
    ['one context line', { line: 13 }, [undefined, 13]],
    ['several lines of one hunk', { line: 8, endLine: 11 }, [8, 11]],
    ['lines that start above the hunk', { line: 5, endLine: 9 }, [7, 9]],
    ['lines that end below the hunk', { line: 12, endLine: 20 }, [12, 13]],
    ['lines that leave one line in the hunk', { line: 13, endLine: 20 }, [undefined, 13]],
    ['lines that reach from one hunk to the next', { line: 10, endLine: 30 }, [10, 13]],
    ['lines around a whole hunk', { line: 1, endLine: 20 }, [7, 13]],
  ])('is on %s', (_, range, expected) => {
    expect(anchor(range)).toEqual([expected])
  })

  it('names both sides of a range as GitHub asks for', () => {
    const [several, one] = commentsOf([finding({ line: 8, endLine: 9 }), finding({ line: 30 })])
    expect(several).toMatchObject({ path, startLine: 8, startSide: 'RIGHT', line: 9, side: 'RIGHT' })
    expect(one).not.toHaveProperty('startLine')
    expect(one).not.toHaveProperty('startSide')
  })

  it('is nowhere when no hunk shows the line; then the check run has it', () => {
    const { review, check } = plan([finding({ line: 20, endLine: 21, severity: 'warning' })])
    expect(review).toBeUndefined()
    expect(check.conclusion).toBe('neutral')
    expect(check.annotations).toEqual([
      {
        path,
        startLine: 20,
        endLine: 21,
        level: 'warning',
        title: 'crontab-missing-minute',
        message: 'It runs every minute of `hour=3`. Set `minute`.',
      },
    ])
    expect(check.summary).toContain('here only')
  })

  it.each([
    ['computed here', compareTexts({ status: 'modified', path }, before, after)],
    ['not known', { status: 'modified', path } as const],
  ])('is nowhere in a file whose hunks are %s', (_, file) => {
    const { review, check } = plan([finding({ line: 10 })], { files: [file] })
    expect(review).toBeUndefined()
    expect(check.annotations).toHaveLength(1)
  })

  it('is nowhere when the line reads otherwise than in the text that was analysed', () => {
    const moved = new Lines(`# one line more\n${after}`)
    expect(commentsOf([finding({ line: 10 })], { headTextOf: () => moved })).toEqual([])
    const crlf = new Lines(`\ufeff${after.replaceAll('\n', '\r\n')}`)
    expect(commentsOf([finding({ line: 10 })], { headTextOf: () => crlf })).toHaveLength(1)
    expect(commentsOf([finding({ line: 10 })], { headTextOf: () => undefined })).toHaveLength(1)
  })

  it('is the changed line that caused the finding, with a link to the other place', () => {
    const cause = { path, line: 30, message: '`retries` became required' }
    const [comment] = commentsOf([finding({ path: 'shop/views.py', line: 7, cause, related: [cause] })])
    expect(comment).toMatchObject({ path, line: 30 })
    expect(comment?.body).toContain(
      '**Error** `crontab-missing-minute` at [`shop/views.py:7`](https://github.test/o/r/blob/f00dfeed/shop/views.py#L7)',
    )
    expect(comment?.body).toContain('Changed here: `retries` became required')
    expect(comment?.body).not.toContain('See also')
  })

  it('is linked from the line that caused it in the same file, too', () => {
    const cause = { path, line: 30, message: 'the limit is set here' }
    const [comment] = commentsOf([finding({ line: 20, cause })])
    expect(comment).toMatchObject({ path, line: 30 })
    expect(comment?.body).toContain(' at [`shop/tasks.py:20`](')
    expect(comment?.body).toContain('Changed here: the limit is set\n')
  })

  it('stays on the line that caused it, though the fix is elsewhere in the diff', () => {
    const cause = { path, line: 30, message: 'changed' }
    const [comment] = commentsOf([finding({ line: 20, cause, ...replacing(after, 'hour=3', 'hour=4') })])
    expect(comment).toMatchObject({ path, line: 30 })
    expect(blocksOf(comment!.body, 'suggestion')).toEqual([])
  })

  it('is the deleted lines that it is about, where the diff shows them', () => {
    const without = before.replace('line_11 = 11\nline_12 = 12\nline_13 = 13\n', '')
    const removed = { [path]: [before, without] } as const
    const gone = { path, line: 12, endLine: 13 }
    const related = [{ path, line: 13, message: 'it is read here' }]
    const input = reviewInput([finding({ line: 30, gone, related })], removed)
    const [comment] = planReview(input).review?.comments ?? []
    expect(comment).toMatchObject({ path, line: 13, side: 'LEFT', startLine: 12, startSide: 'LEFT' })
    expect(comment?.body).toMatch(/^\*\*Error\*\* `crontab-missing-minute`\n/)
    expect(comment?.body).toContain('See also')
    expect(comment?.body).toContain('`/celery-review ignore crontab-missing-minute reason`')
    const both = [before, without.replace('line_20 =', 'twenty =')] as const
    const changed = reviewInput([finding({ line: 17, gone })], { [path]: both })
    expect(planReview(changed).review?.comments).toMatchObject([{ line: 17, side: 'RIGHT' }])
    const kept = { ...gone, line: 20, endLine: 21 }
    const [other] = planReview(reviewInput([finding({ line: 10, gone: kept })], removed)).review?.comments ?? []
    expect(other).toMatchObject({ line: 10, side: 'RIGHT' })
  })

  it('is its own line before the one that caused it', () => {
    const cause = { path, line: 30, message: 'changed' }
    expect(commentsOf([finding({ line: 10, cause })])).toMatchObject([{ line: 10 }])
  })
})

describe('a comment', () => {
  it('says what, why, where to read more and how to mute it', () => {
    const related = [{ path: 'shop/celery.py', line: 3, message: 'The schedule is `beat`.' }]
    const [comment] = commentsOf([finding({ line: 10, related })])
    expect(comment?.body).toBe(
      [
        '**Error** `crontab-missing-minute`',
        'It runs every minute of `hour=3`. Set `minute`.',
        'See also:',
        '- [`shop/celery.py:3`](https://github.test/o/r/blob/f00dfeed/shop/celery.py#L3): The schedule is `beat`.',
        '<sub>[Why this hurts](https://docs.test/references/periodic-tasks.md#minute) · to mute it: `# celery-review: ignore[crontab-missing-minute] reason`</sub>',
        '<!-- celery-review:v1 rule=crontab-missing-minute fingerprint=crontab%2Dmissing%2Dminute%3Ashop%2Ftasks.py%3A10 -->',
      ].join('\n\n'),
    )
  })

  it('offers a proven fix on exactly the lines that it replaces', () => {
    const [comment] = commentsOf([
      finding({ line: 9, endLine: 11, ...replacing(after, '(hour=3', '(minute=0, hour=3') }),
    ])
    expect(comment).toMatchObject({ line: 10 })
    expect(comment).not.toHaveProperty('startLine')
    expect(comment?.body).toContain('Set `minute`:\n\n```suggestion\nline_10 = crontab(minute=0, hour=3)\n```')
  })

  it('fences a suggestion that holds a fence', () => {
    const [comment] = commentsOf([finding({ line: 10, ...replacing(after, 'hour=3', '"```"') })])
    expect(comment?.body).toContain('\n````suggestion\nline_10 = crontab("```")\n````\n')
  })

  const shownOnly = [
    ['that may change the meaning', after, replacing(after, 'hour=3', 'hour=4', 'unsafe')],
    ['that is only for show', after, replacing(after, 'hour=3', 'hour=4', 'display-only')],
    ['of a line outside of the hunks', after, replacing(after, 'line_20', 'line_twenty')],
    [
      'of two lines in different hunks',
      after,
      {
        ...replacing(after, after.slice(after.indexOf('crontab'), after.indexOf('added')), 'x'),
      },
    ],
    ['that leaves an empty line', after, replacing(after, 'line_10 = crontab(hour=3)', '')],
    ['that a reader cannot see', after, replacing(after, 'hour=3', 'hour=\u202e3')],
  ] as const
  it.each(shownOnly)('shows a fix %s, but offers no commit', (_, text, fixed) => {
    const [comment] = commentsOf([finding({ line: 10, ...fixed })], { headTextOf: () => new Lines(text) })
    expect(comment?.line).toBe(10)
    expect(blocksOf(comment!.body, 'suggestion')).toEqual([])
    expect(comment?.body).toContain('Set `minute`')
  })

  it('shows such a fix as a diff', () => {
    const [comment] = commentsOf([finding({ line: 10, ...replacing(after, 'hour=3', 'hour=4', 'unsafe') })])
    expect(comment?.body).toContain('Possible fix, to be checked. Set `minute`:\n\n```diff\n@@ -7,7 +7,7 @@\n')
    expect(blocksOf(comment!.body, 'diff')[0]).toContain('\n-line_10 = crontab(hour=3)\n+line_10 = crontab(hour=4)\n')
  })

  it('offers no commit in a file with carriage returns, and shows none', () => {
    const [old, now] = [before, after].map((text) => text.replaceAll('\n', '\r\n'))
    const fixed = replacing(now!, 'hour=3', 'hour=4')
    const [comment] =
      planReview(reviewInput([finding({ line: 10, ...fixed })], { [path]: [old!, now!] })).review?.comments ?? []
    expect(blocksOf(comment!.body, 'suggestion')).toEqual([])
    expect(comment?.body).not.toMatch(/\r|\\r/)
    expect(blocksOf(comment!.body, 'diff')[0]).toContain('+line_10 = crontab(hour=4)')
  })

  it('offers no commit in a file where only some lines end with a carriage return', () => {
    const mixed = after.replace('line_1 = 1\n', 'line_1 = 1\r\n')
    const fixed = finding({ line: 10, ...replacing(mixed, 'hour=3', 'hour=4') })
    const { review } = planReview(reviewInput([fixed], { [path]: [before, mixed] }))
    expect(review?.comments[0]?.line).toBe(10)
    expect(blocksOf(review!.comments[0]!.body, 'suggestion')).toEqual([])
  })

  it.each([
    ['many lines', 'x\n'.repeat(50)],
    ['long lines', 'x'.repeat(5000)],
  ])('shows no fix of %s', (_, text) => {
    const [comment] = commentsOf([finding({ line: 10, ...replacing(after, 'hour=3', text, 'unsafe') })])
    expect(comment?.body).toContain('Possible fix, to be checked. Set `minute`.\n\n<sub>')
  })

  it('offers no commit of a text too long to be read, and shows none', () => {
    const [comment] = commentsOf([finding({ line: 10, ...replacing(after, 'hour=3', 'x'.repeat(20_000)) })])
    expect(comment?.body).toContain('Set `minute`.\n\n<sub>')
  })

  it('offers no commit of the last line when it has no newline', () => {
    const fixed = replacing('a\nb', 'b', 'c')
    const open = planReview(reviewInput([finding({ line: 2, ...fixed })], { [path]: ['a\n', 'a\nb'] }))
    expect(blocksOf(open.review!.comments[0]!.body, 'suggestion')).toEqual([])
    const closed = planReview(reviewInput([finding({ line: 2, ...fixed })], { [path]: ['a\n', 'a\nb\n'] }))
    expect(blocksOf(closed.review!.comments[0]!.body, 'suggestion')).toEqual(['c'])
  })

  it('offers no commit over a deleted line', () => {
    const fixed = replacing('a\nb\n', 'a\nb', 'c\nd')
    const over = planReview(reviewInput([finding({ line: 1, ...fixed })], { [path]: ['a\nx\nb\n', 'a\nb\n'] }))
    expect(blocksOf(over.review!.comments[0]!.body, 'suggestion')).toEqual([])
    const beside = planReview(reviewInput([finding({ line: 1, ...fixed })], { [path]: ['a\nb\nx\n', 'a\nb\n'] }))
    expect(blocksOf(beside.review!.comments[0]!.body, 'suggestion')).toEqual(['c\nd'])
  })

  it('offers no commit that changes nothing, or something else than the fix', () => {
    const { suggestion, fix } = replacing(after, 'hour=3', 'hour=3')
    const { suggestion: other } = replacing(after, 'hour=3', 'hour=4')
    for (const fixed of [{ suggestion }, { suggestion, fix }, { suggestion: other, fix }]) {
      const [comment] = commentsOf([finding({ line: 10, ...fixed })])
      expect(blocksOf(comment!.body, 'suggestion')).toEqual([])
    }
  })

  it('goes on when a fix does not fit the text', () => {
    const { suggestion, fix } = replacing(after, 'hour=3', 'hour=4')
    const [comment] = commentsOf([finding({ line: 2, suggestion, fix })], {
      files: reviewInput([], { [path]: ['', 'a\nb\n'] }).files,
      headTextOf: () => new Lines('a\nb\n'),
    })
    expect(blocksOf(comment!.body, 'suggestion')).toEqual([])
  })

  it('offers no two commits of one line', () => {
    const comments = commentsOf([
      finding({ rule: 'a', line: 10, ...replacing(after, 'hour=3', 'hour=4') }),
      finding({ rule: 'b', line: 10, ...replacing(after, 'hour=3', 'minute=0') }),
      finding({ rule: 'c', line: 11, ...replacing(after, 'line_11', 'eleven') }),
    ])
    expect(comments.map(({ body }) => blocksOf(body, 'suggestion').length)).toEqual([1, 0, 1])
  })
})

describe('many findings', () => {
  const everywhere = (count: number, some: Partial<Finding> = {}) => {
    const text = Array.from({ length: count }, (_, index) => `x = ${index}\n`).join('')
    const findings = Array.from({ length: count }, (_, index) =>
      finding({ rule: `rule-${index}`, line: index + 1, severity: 'warning', ...some }),
    )
    return { findings, texts: { [path]: ['', text] as const } }
  }

  it('are said errors first, then by path, line and rule', () => {
    const findings = [
      finding({ rule: 'c', line: 31, severity: 'warning' }),
      finding({ rule: 'b', line: 10, severity: 'info' }),
      finding({ rule: 'b', line: 30, severity: 'error' }),
      finding({ rule: 'a', line: 30, severity: 'error' }),
      finding({ rule: 'd', line: 9, severity: 'warning' }),
    ]
    expect(commentsOf(findings).map(({ body }) => /`(.)`/.exec(body)?.[1])).toEqual(['a', 'b', 'd', 'c', 'b'])
  })

  it('are listed where they get no comment of their own', () => {
    const { findings, texts } = everywhere(23)
    const { review, check } = planReview(reviewInput([...findings, finding({ path: 'other.py' })], texts))
    expect(review?.comments).toHaveLength(20)
    expect(review?.body).toContain('Celery review: **23 warnings**.')
    expect(review?.body).toContain('- Warning `rule-22` at [`shop/tasks.py:23`]')
    expect(review?.body).toContain('1 more finding on lines that take no comment: see the check run.')
    expect(check.title).toBe('1 error, 23 warnings')
    expect(check.annotations.map(({ title }) => title)).toEqual([
      'crontab-missing-minute',
      'rule-20',
      'rule-21',
      'rule-22',
    ])
  })

  it('of one rule in one file are said once', () => {
    const { findings, texts } = everywhere(4, { rule: 'same' })
    const [comment, ...others] = planReview(reviewInput(findings, texts)).review?.comments ?? []
    expect(others).toEqual([])
    expect(comment?.line).toBe(1)
    expect(comment?.fingerprints).toHaveLength(4)
    expect(comment?.body).toContain(
      'The same in 3 other places:\n\n- [line 2](https://github.test/o/r/blob/f00dfeed/shop/tasks.py#L2)\n- [line 3]',
    )
    const [first, ...differing] = findings.map((one, index) => ({ ...one, message: `No ${index}. It hurts.` }))
    const different = planReview(reviewInput([first!, ...differing], texts)).review?.comments[0]?.body
    expect(different).toContain('shop/tasks.py#L2): No 1.\n- [line 3]')
    const three = everywhere(3, { rule: 'same' })
    expect(planReview(reviewInput(three.findings, three.texts)).review?.comments).toHaveLength(3)
  })

  it('of one rule on one line are said once, and each in what sets it apart', () => {
    const lost = (parameter: string) =>
      finding({
        line: 10,
        fingerprint: parameter,
        message: `\`send\` no longer has \`${parameter}\`, but messages carry it: they fail. Keep it.`,
      })
    const [comment, ...others] = commentsOf([lost('body'), lost('text, html'), finding({ rule: 'other', line: 10 })])
    expect(others).toHaveLength(1)
    expect(comment?.fingerprints).toEqual(['body', 'text, html'])
    expect(comment?.body).toContain('Keep it.\n\nLikewise:\n\n- `send` no longer has `text, html`\n\n')
    expect(commentsOf([lost('body'), { ...lost('body'), fingerprint: 'again' }])[0]?.body).not.toContain('The same')
  })

  it('that one line caused are said once', () => {
    const cause = { path, line: 30, message: 'changed' }
    const comments = commentsOf([
      finding({ path: 'a.py', line: 3, cause }),
      finding({ path: 'b.py', line: 4, cause }),
      finding({ path: 'b.py', line: 4, rule: 'other', cause }),
    ])
    expect(comments).toHaveLength(2)
    expect(comments[0]?.body).toContain('The same in 1 other place:\n\n- [`b.py:4`]')
  })

  it('stay within what GitHub takes, however long their names and paths are', () => {
    const long = '\u{e0001}'.repeat(2000)
    const place = { path: `${'ö'.repeat(4000)}.py`, line: 30, message: long }
    const fixed = {
      title: long,
      applicability: 'unsafe',
      edits: [{ span: { start: 0, end: 1 }, replacement: 'x' }],
    } as const
    const cause = { path, line: 30, message: long }
    const findings = Array.from({ length: 100 }, (_, index) =>
      finding({
        ...place,
        line: index,
        cause,
        related: [place, place],
        fix: fixed,
        fingerprint: `${index}`.padEnd(64, 'f'),
      }),
    )
    const { review, check } = plan(findings, { headTextOf: (of) => new Lines(of === path ? after : 'abc') })
    expect(review?.comments).toHaveLength(1)
    expect(parseMarker(review!.comments[0]!.body)?.fingerprints).toHaveLength(100)
    for (const body of [review!.comments[0]!.body, check.summary]) expect(body.length).toBeLessThan(60_001)
  })

  it.each([undefined, 'same'])('stay within what GitHub takes when there are thousands (of rule %s)', (rule) => {
    const message = `A ${'long '.repeat(100)}sentence.`
    const { findings, texts } = everywhere(3000, rule ? { rule, message } : { message })
    const { review, check } = planReview(reviewInput(findings, texts))
    const bodies = review!.comments.map(({ body }) => body)
    for (const body of [review!.body, check.summary, ...bodies]) expect(body.length).toBeLessThan(65_536)
    expect(bodies).toHaveLength(20)
    expect(bodies.some((body) => /\n- \d+ more\n/.test(body))).toBe(rule === 'same')
    expect(check.summary).toMatch(/\n\n\d+ more\n\n/)
  })
})

describe('a second run', () => {
  const first = plan([finding({ line: 10 })])
  const shifted = { [path]: [before, `# new first line\n${after}`] as const }
  const again = (some: Parameters<typeof reviewInput>[2]) =>
    planReview(
      reviewInput([finding({ line: 11, fingerprint: 'crontab-missing-minute:shop/tasks.py:10' })], shifted, some),
    )

  it.each([
    [{}, 'commented before'],
    [{ hasReply: true }, 'commented before, answered'],
    [{ isResolved: true, hasReply: true }, 'muted: its comment was resolved'],
    [{ isMinimized: true }, 'muted: its comment was hidden'],
  ])('repeats nothing of a comment that is %j', (state, words) => {
    const { review, check } = again(posted(first, state))
    expect(review).toBeUndefined()
    expect(check).toMatchObject({ conclusion: 'neutral', title: '1 error', annotations: [] })
    expect(check.summary).toContain(`[${words}](https://github.test/o/r/pull/1#discussion_r1)`)
  })

  it('says what is new, and only that', () => {
    const { review } = plan([finding({ line: 10 }), finding({ line: 30 })], posted(first))
    expect(review?.comments).toMatchObject([{ line: 30 }])
    expect(review?.body).toContain('**1 error**')
  })

  it('repeats nothing of what a review listed, but keeps it in the check run', () => {
    const limits = { comments: 1 }
    const both = [finding({ line: 10 }), finding({ line: 30 })]
    const { review, check } = plan(both, { limits, ...posted(plan(both, { limits })) })
    expect(review).toBeUndefined()
    expect(check.annotations).toMatchObject([{ startLine: 30 }])
  })
})

describe('the check run', () => {
  it('stays within what GitHub takes when much was left out', () => {
    const left = Array.from({ length: 5000 }, (_, index) => ({
      path: `a${index}.py`,
      rule: 'r',
      reason: 'x',
      message: 'x',
    }))
    const { check } = plan([], {
      report: report([], { skipped: left, crashes: left }),
      notes: left.map(({ path }) => path),
    })
    expect(check.summary.length).toBeLessThan(60_001)
    expect(check.summary.match(/- \d+ more/g)).toHaveLength(3)
    expect(check.title).toBe('Not reviewed: 5000 files, 5000 failed rules')
  })

  it.each([
    [{}, undefined, 'success', 'No findings'],
    [{ usesCelery: false }, undefined, 'neutral', 'No Celery found'],
    [{ skipped: [{ path: 'a.py', reason: 'too big' }] }, undefined, 'neutral', 'Not reviewed: 1 file'],
    [{ crashes: [{ rule: 'r', message: 'm' }] }, undefined, 'neutral', 'Not reviewed: 1 failed rule'],
    [
      { findings: [finding({ severity: 'warning' })], skipped: [{ path: 'a.py', reason: 'too big' }] },
      'error',
      'neutral',
      '1 warning; not reviewed: 1 file',
    ],
    [{ findings: [finding({ severity: 'warning' })] }, 'warning', 'failure', '1 warning'],
    [{ findings: [finding({ severity: 'error' })] }, 'warning', 'failure', '1 error'],
    [{ findings: [finding({ severity: 'error' })] }, undefined, 'neutral', '1 error'],
  ] as const)('of %j that fails on %s is %s: %s', (some, failOn, conclusion, title) => {
    const { check } = planReview(reviewInput([], {}, { report: report([], some), failOn }))
    expect(check).toMatchObject({ conclusion, title })
  })

  it('says when no task was recognised, which a review that finds nothing may come of', () => {
    const stats = { files: 10, parsed: 2, cached: 1, tasks: 0 }
    expect(plan([], { report: report([], { stats }) }).check.summary).toMatch(
      /^No mistake found, but no task was recogni/,
    )
  })

  it('says how the review was made and what was left out', () => {
    const { check } = plan([finding({ line: 10, message: 'One `a|b`. Two.' })], {
      report: report([finding({ line: 10, message: 'One `a|b`. Two.' })], {
        skipped: [{ path: 'big.py', reason: 'larger than 1 MB' }],
        crashes: [{ rule: 'naive-eta', path: 'a.py', message: 'x is undefined' }],
      }),
      notes: ['Configuration: `.github/celery-review.yml` of the base'],
      durationMs: 12.7,
    })
    expect(check.summary).toBe(
      [
        'Found **1 error**.',
        [
          '| Severity | Place | Rule | Finding | Said |',
          '| --- | --- | --- | --- | --- |',
          '| Error | [`shop/tasks.py:10`](https://github.test/o/r/blob/f00dfeed/shop/tasks.py#L10) | `crontab-missing-minute` | One `a\\|b`. | commented |',
        ].join('\n'),
        '**Not reviewed**',
        '- `big.py`: larger than 1 MB',
        '**Rules that failed**',
        '- `naive-eta` on `a.py`: `x is undefined`',
        '**How this review was made**',
        '- Configuration: `.github/celery-review.yml` of the base\n- 10 files with 3 tasks, 2 parsed and 1 known from before in 13 ms',
      ].join('\n\n'),
    )
  })
})
