import { describe, expect, it } from 'vitest'
import { formats } from '../../src/cli/formats/formats.ts'
import type { Outcome } from '../../src/cli/formats/outcome.ts'
import type { Finding } from '../../src/core/finding.ts'
import { Lines } from '../../src/core/text.ts'

const source = 'from celery.schedules import crontab\n\nNIGHTLY = ("日本", crontab(hour=3))\n'

const finding: Finding = {
  rule: 'crontab-missing-minute',
  severity: 'error',
  path: 'shop/settings, old.py',
  line: 3,
  endLine: 3,
  column: 18,
  endColumn: 33,
  message: 'Runs every minute of `hour 3`: 100% wrong.',
  reference: 'periodic-tasks.md#a-crontab-without-a-minute',
  fingerprint: 'f00d',
  suggestion: {
    startLine: 3,
    endLine: 3,
    replacement: 'NIGHTLY = ("日本", crontab(hour=3, minute=0))',
    applicability: 'safe',
  },
  fix: {
    title: 'Add minute=0',
    applicability: 'safe',
    edits: [{ span: { start: 1, end: 1 }, replacement: '' }],
  },
  cause: { path: 'shop/celery.py', line: 2, message: 'because of this' },
  related: [{ path: 'shop/celery.py', line: 7, message: 'used here' }],
}

const outcome: Outcome = {
  findings: [finding],
  skipped: [{ path: 'old\u001b.py', reason: 'contains a NUL byte' }],
  crashes: [{ rule: 'some-rule', path: 'shop/tasks.py', message: 'oh' }],
  usesCelery: true,
  stats: { files: 4338, parsed: 221, cached: 7, tasks: 1, ms: 812 },
  sources: new Map([['shop/settings, old.py', new Lines(source)]]),
  rules: [],
}

const format = (name: keyof typeof formats, changes: Partial<Outcome> = {}) =>
  formats[name](
    { ...outcome, ...changes },
    { paint: (_style, text) => text, width: undefined, displayPath: (path) => `./${path}` },
  )

describe('text', () => {
  it('shows place, rule, code, fix, cause, related places and reference', () => {
    expect(`\n${format('text')}`).toBe(`
./shop/settings, old.py:3:18 error crontab-missing-minute
  Runs every minute of \`hour 3\`: 100% wrong.
    │
  1 │ from celery.schedules import crontab
  2 │ 
  3 │ NIGHTLY = ("日本", crontab(hour=3))
    │                    ^^^^^^^^^^^^^^^
    │
  fix: Add minute=0 (safe)
    │
  3 │ - NIGHTLY = ("日本", crontab(hour=3))
    │ + NIGHTLY = ("日本", crontab(hour=3, minute=0))
    │
  cause: ./shop/celery.py:2
  see: ./shop/celery.py:7 used here
  references/periodic-tasks.md#a-crontab-without-a-minute

skipped ./old\\x1b.py: contains a NUL byte
skipped ./shop/tasks.py: the rule some-rule crashed there: oh

1 finding (1 error) in 4,338 files with 1 task, 221 parsed, 7 from the cache, 812 ms
celery-review explain RULE says more about a rule.
`)
  })

  it('says so when there is nothing to say', () => {
    const nothing = { findings: [], skipped: [], crashes: [] }
    expect(format('text', nothing)).toBe(
      'No findings in 4,338 files with 1 task, 221 parsed, 7 from the cache, 812 ms\n',
    )
    expect(format('text', { ...nothing, usesCelery: false })).toMatch(/no Python file mentions Celery/)
    const blind = { ...nothing, stats: { ...outcome.stats, tasks: 0 } }
    expect(format('text', blind)).toMatch(
      /^No findings: no task was recognised in 4,338 files, .*\n--explain-silence FILE:LINE, at a task/,
    )
  })

  it('lets nothing of the reviewed code act on the terminal', () => {
    const hostile = '\u001b]8;;https://example.org\u0007\u202e'
    const text = format('text', {
      findings: [
        { ...finding, path: hostile, message: hostile, related: [{ path: hostile, line: 1, message: hostile }] },
      ],
      sources: new Map([[hostile, new Lines(`\n\n${hostile.repeat(9)}`)]]),
    })
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  })
})

describe('json', () => {
  it('is the contract', () => {
    expect(JSON.parse(format('json'))).toEqual({
      version: 1,
      findings: [
        {
          rule: 'crontab-missing-minute',
          severity: 'error',
          path: 'shop/settings, old.py',
          line: 3,
          endLine: 3,
          column: 18,
          endColumn: 33,
          message: 'Runs every minute of `hour 3`: 100% wrong.',
          reference: 'periodic-tasks.md#a-crontab-without-a-minute',
          fingerprint: 'f00d',
          suggestion: finding.suggestion,
          related: [{ path: 'shop/celery.py', line: 7, message: 'used here' }],
        },
      ],
      skipped: [
        { path: 'old\u001b.py', reason: 'contains a NUL byte' },
        { path: 'shop/tasks.py', reason: 'the rule some-rule crashed there: oh' },
      ],
      stats: { files: 4338, parsed: 221, cached: 7, ms: 812 },
    })
  })
})

describe('github', () => {
  it('escapes what would end a property or the command', () => {
    expect(format('github')).toBe(
      '::error title=crontab-missing-minute,file=shop/settings%2C old.py,line=3,endLine=3,col=18,endColumn=33::' +
        'Runs every minute of `hour 3`: 100%25 wrong. (references/periodic-tasks.md#a-crontab-without-a-minute)\n',
    )
    const injected = format('github', { findings: [{ ...finding, path: 'a\n::error::b', message: 'a\r\n::error::b' }] })
    expect(injected.match(/\n/g)).toHaveLength(1)
  })

  it('gives no columns for a range of several lines', () => {
    expect(format('github', { findings: [{ ...finding, endLine: 4 }] })).not.toContain('col=')
  })
})

describe('rdjson', () => {
  it('counts columns in bytes of UTF-8', () => {
    const [diagnostic] = JSON.parse(format('rdjson')).diagnostics
    expect(diagnostic.location.range).toEqual({ start: { line: 3, column: 22 }, end: { line: 3, column: 37 } })
    expect(Buffer.from(source.split('\n')[2]!).subarray(21, 36).toString()).toBe('crontab(hour=3)')
    expect(diagnostic.severity).toBe('ERROR')
    expect(diagnostic.suggestions).toEqual([
      { range: { start: { line: 3 }, end: { line: 3 } }, text: finding.suggestion?.replacement },
    ])
  })
})

describe('sarif', () => {
  it('names rule, place, identity and fix', () => {
    const [run] = JSON.parse(format('sarif')).runs
    expect(run.columnKind).toBe('utf16CodeUnits')
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(2)
    const [result] = run.results
    expect(result).toMatchObject({ ruleId: 'crontab-missing-minute', level: 'error' })
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'shop/settings%2C%20old.py', uriBaseId: '%SRCROOT%' },
      region: { startLine: 3, startColumn: 18, endLine: 3, endColumn: 33 },
    })
    expect(result.partialFingerprints).toEqual({ primaryLocationLineHash: 'f00d' })
    expect(result.fixes[0].artifactChanges[0].replacements).toEqual([
      { deletedRegion: { startLine: 3, endLine: 3 }, insertedContent: { text: finding.suggestion?.replacement } },
    ])
  })
})
