import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultConfiguration } from '../../src/config/configuration.ts'
import { formatConfiguration } from '../../src/config/format-configuration.ts'
import { parseConfiguration } from '../../src/config/parse-configuration.ts'

const ruleNames = ['dispatch-in-atomic', 'task-renamed-or-moved', 'crontab-missing-minute']
const parse = (text: string) => parseConfiguration(text, { ruleNames })

describe('a faultless file', () => {
  test('sets what it names and leaves the rest as it is', () => {
    const { configuration, problems } = parse(
      [
        'rules:',
        '  dispatch-in-atomic: off',
        '  crontab-missing-minute: error',
        'preview: true',
        'paths: { ignore: ["**/migrations/**"] }',
        'task_decorators: [shop.celery.task]',
        'roots: [src]',
        'fail_on: error',
        'comments: 5',
        'bots: false',
        'base_branches: [main, "release/*"]',
        'labels: { ignore: [wip] }',
        'authors: { ignore: [renovate] }',
      ].join('\n'),
    )
    expect(problems).toEqual([])
    expect(configuration).toEqual({
      rules: { 'dispatch-in-atomic': 'off', 'crontab-missing-minute': 'error' },
      preview: true,
      paths: { ignore: ['**/migrations/**'] },
      taskDecorators: ['shop.celery.task'],
      roots: ['src'],
      failOn: 'error',
      comments: 5,
      drafts: false,
      bots: false,
      baseBranches: ['main', 'release/*'],
      labels: { ignore: ['wip'] },
      authors: { ignore: ['renovate'] },
    })
  })

  test('reads the same when it is written out', () => {
    const { configuration } = parse('rules: { dispatch-in-atomic: off }\nbase_branches: ["*"]\nfail_on: error\n')
    expect(parse(formatConfiguration(configuration))).toEqual({ configuration, problems: [] })
  })

  test.each(['', '# nothing yet\n', 'rules:\n', '---\n'])('may say nothing: %j', (text) => {
    expect(parse(text)).toEqual({ configuration: defaultConfiguration, problems: [] })
  })
})

describe('a faulty key is named with its line and costs itself only', () => {
  test.each([
    ['preveiw: true\ndrafts: true', 1, 'unknown key `preveiw`; did you mean `preview`?'],
    ['drafts: true\n\nunheard: 1', 3, 'unknown key `unheard`; known here: rules, preview, paths,'],
    ['drafts: true\npaths:\n  ignor: []', 3, 'unknown key `ignor`; did you mean `ignore`?'],
    [
      'drafts: true\nrules:\n  dispatch-in-atomics: off',
      3,
      'unknown rule `dispatch-in-atomics`; did you mean `dispatch-in-atomic`?',
    ],
    ['drafts: true\nrules:\n  zzz: off', 3, 'unknown rule `zzz`; `celery-review rules` lists them'],
    [
      'drafts: true\nrules: { dispatch-in-atomic: loud }',
      2,
      '`rules.dispatch-in-atomic` must be one of off, info, warning, error, not "loud"',
    ],
    ['drafts: true\ncomments: 50', 2, '`comments`: '],
    ['drafts: true\nroots:\n  - src\n  - ../other', 2, '`roots.1`: must be a directory inside the repository'],
    ['drafts: true\ntask_decorators: [task]', 2, '`task_decorators.0`: must be a dotted name'],
    ['drafts: true\nrules: off', 2, '`rules`: '],
  ])('%j', (text, line, message) => {
    const { configuration, problems } = parse(text)
    expect(problems).toEqual([{ line, message: expect.stringContaining(message) }])
    expect(configuration).toEqual({ ...defaultConfiguration, drafts: true })
  })

  test('several at once, in the order of the file, and the sound rule beside the faulty one still counts', () => {
    const { configuration, problems } = parse(
      'foo: 1\nrules:\n  dispatch-in-atomic: off\n  crontab-missing-minute: never\nfail_on: maybe\n',
    )
    expect(problems.map(({ line }) => line)).toEqual([1, 4, 5])
    expect(configuration.rules).toEqual({ 'dispatch-in-atomic': 'off' })
  })
})

describe('a file that is no configuration at all leaves the defaults', () => {
  test.each([
    ['rules:\n  a: [', 2, 'not valid YAML'],
    ['drafts: true\ndrafts: false', 2, 'not valid YAML'],
    ['- drafts', 1, 'must hold keys and values'],
    ['just words', 1, 'must hold keys and values'],
    [`roots: [${'a,'.repeat(40_000)}]`, 1, 'longer than'],
    [billionLaughs(), 1, 'not usable YAML'],
  ])('%.40j', (text, line, message) => {
    const parsed = parse(text)
    expect(parsed.configuration).toEqual(defaultConfiguration)
    expect(parsed.problems).toEqual([{ line, message: expect.stringContaining(message) }])
  })
})

test('no text makes it throw, and every problem stands on a line of the file', () => {
  const piece = fc.constantFrom(
    'rules',
    'paths',
    'drafts',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    'true',
    'off',
    '&a',
    '*a',
    '<<',
    '"',
    '~',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('')
      for (const { line, message } of parse(text).problems) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(text.split('\n').length)
        expect(message).not.toContain('\n')
      }
    }),
  )
})

function billionLaughs(): string {
  const lines = ['a0: &a0 [x]']
  for (let level = 1; level < 12; level++) lines.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`)
  return lines.join('\n')
}

describe('a file made to exhaust the app', () => {
  const chain = Array.from({ length: 2_500 }, (_, n) => `a${n}: &a${n} [${n > 0 ? `*a${n - 1}` : 1}]`).join('\n')
  const laughs = Array.from(
    { length: 9 },
    (_, n) =>
      `l${n}: &l${n} [${Array(9)
        .fill(n > 0 ? `*l${n - 1}` : 'ha')
        .join(', ')}]`,
  )
  test.each([
    ['lists in a line', '- '.repeat(30_000), /nested too deeply/],
    ['keys in a line', '? '.repeat(30_000), /nested too deeply/],
    ['brackets', '['.repeat(60_000), /nested too deeply/],
    ['braces over many lines', 'a: {\n'.repeat(10_000), /nested too deeply/],
    ['columns', Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}k:`).join('\n'), /nested too deeply/],
    ['references to references', chain, /Excessive alias count/],
    ['references that multiply', laughs.join('\n'), /Excessive alias count/],
    ['a name of its own', '__proto__: { drafts: true }', /unknown key `__proto__`/],
    ['its length', '#'.repeat(70_000), /longer than 65536/],
    ['alternatives', `paths: { ignore: ["${'{a,b}'.repeat(30)}"] }`, /at most 100 alternatives/],
  ])('by its %s leaves the defaults', (_, text, message) => {
    const { configuration, problems } = parse(text)
    expect(problems.map((problem) => problem.message).join()).toMatch(message)
    expect(configuration).toEqual(defaultConfiguration)
  })

  test('by thousands of mistakes is told some of them, and the rest of it applies', () => {
    const unknown = Array.from({ length: 3_000 }, (_, n) => `  rule-${n}: off`)
    const { configuration, problems } = parse(
      ['drafts: true', 'rules:', '  dispatch-in-atomic: off', ...unknown].join('\n'),
    )
    expect(problems).toHaveLength(50)
    expect(configuration).toMatchObject({ drafts: true, rules: { 'dispatch-in-atomic': 'off' } })
  })
})
