/** Constant folding: what an expression always is, and silence about all that it may be. */
import { beforeAll, describe, expect, it } from 'vitest'
import { numberOf } from '../../src/celery/constants.ts'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'

/** The number of `value = <expression>` in `jobs.py`, beside the other files. */
function fold(expression: string, files: Record<string, string> = {}): number | undefined {
  const texts = { 'jobs.py': `from datetime import timedelta\nimport limits\nvalue = ${expression}\n`, ...files }
  const facts = new Map(Object.entries(texts).map(([path, text]) => [path, extractFacts(text)]))
  const project = new CeleryProject(Object.keys(texts), facts)
  const file = project.files.get('jobs.py')!
  return numberOf(project, file, file.assigns.at(-1)!.value!)
}

beforeAll(loadGrammar)

describe('numberOf', () => {
  it.each([
    ['300', 300],
    ['60 * 5', 300],
    ['(60 * 5) + 30', 330],
    ['-5', -5],
    ['1.5 * 2 ** 3', 12],
    ['7 // 2', 3],
    ['int(2.9)', 2],
    ['timedelta(minutes=5).total_seconds()', 300],
    ['timedelta(1, 30).total_seconds()', 86_430],
    ['int(timedelta(hours=2).total_seconds()) - 60', 7140],
  ])('%s', (expression, number) => {
    expect(fold(expression)).toBe(number)
  })

  it('follows names of the module and of other modules', () => {
    const limits =
      'from datetime import timedelta\nMINUTE = 60\nLONG = 10 * MINUTE\nPAUSE = timedelta(seconds=MINUTE)\n'
    expect(fold('limits.LONG + limits.MINUTE', { 'limits.py': limits })).toBe(660)
    expect(fold('limits.PAUSE.total_seconds()', { 'limits.py': limits })).toBe(60)
  })

  it.each([
    'True',
    '"300"',
    'limits.UNKNOWN',
    'int("300")',
    'int(1, 2)',
    'min(1, 2)',
    'timedelta(minutes=5)',
    'timedelta(fortnights=1).total_seconds()',
    'timedelta(constructor=1).total_seconds()',
    '1 / 0',
    '9 ** 9 ** 9',
    '5 % 3',
    'not 5',
    'value + 1',
  ])('is silent about %s', (expression) => {
    expect(fold(expression, { 'limits.py': 'X = 1\n' })).toBeUndefined()
  })

  it('is silent about a name that has more than one value', () => {
    expect(fold('limits.X', { 'limits.py': 'X = 1\nX = 2\n' })).toBeUndefined()
  })
})
