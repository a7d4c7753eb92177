/** Why a place was not reported, in words. */
import { describe, expect, it } from 'vitest'
import { explainSilence } from '../../src/engine/explain-silence.ts'
import type { EngineSettings } from '../../src/engine/settings.ts'
import type { Rule } from '../../src/rule/rule.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'
import { rules } from '../support/rules.ts'

const tasks = 'from celery import shared_task\n\n\n@shared_task\ndef ship(order_id): ...\n'
const early = 'from celery.schedules import crontab\n\nEARLY = crontab(hour=5)\n'

/** The answer for the line that holds `# here`. */
async function why(files: Files, { before, settings = {} }: { before?: Files; settings?: EngineSettings } = {}) {
  const [path, text] = Object.entries(files).find(([, content]) => content.includes('# here'))!
  const line = text.split('\n').findIndex((content) => content.includes('# here')) + 1
  const snapshot = memorySnapshot(files)
  const subject = before
    ? { before: memorySnapshot(before), after: snapshot, changes: changesOf(before, files) }
    : { snapshot }
  return (await explainSilence(subject, { path, line }, { rules, settings })).join('; ')
}
const view = (imports: string, body: string): Files => ({
  'shop/tasks.py': tasks,
  'shop/views.py': `${imports}\nfrom django.db import transaction\n\n\ndef buy(order, notify):\n    with transaction.atomic():\n        ${body}  # here\n`,
})

it.each<[string, Files, string]>([
  [
    'a star import that is not at hand',
    view('from vendor.tasks import *', 'ship.delay(1)'),
    'from vendor.tasks import *',
  ],
  ['a parameter', view('', 'notify.delay(1)'), '`notify` is a parameter'],
  [
    'a name with two meanings',
    view('from .tasks import ship\nship = ship or None', 'ship.delay(1)'),
    'more than one place',
  ],
  ['a computed task', view('from .tasks import make', 'make("ship").delay(1)'), 'not known to send a task'],
  [
    'a deferred dispatch',
    view('from .tasks import ship', 'transaction.on_commit(lambda: ship.delay(1))'),
    'it is deferred: it runs after the commit',
  ],
  ['arguments that are unpacked', view('from .tasks import ship', 'ship.s(*order)'), 'not all of its arguments'],
  [
    'a decorator from elsewhere',
    { 'shop/tasks.py': 'from vendor import job  # celery\n\n\n@job\ndef ship(order_id): ...  # here\n' },
    '`job` is `vendor.job`, which is not in the project',
  ],
  [
    'a computed name',
    { 'shop/tasks.py': 'from celery import shared_task\n\n\n@shared_task(name=NAME)  # here\ndef ship(pk): ...\n' },
    'its name is computed',
  ],
  ['a file without any word of Celery', { 'a.py': 'X = 1  # here\n', 'shop/tasks.py': tasks }, 'was not analysed'],
  ['a project without Celery', { 'a.py': 'X = 1  # here\n' }, 'no Python file of the project mentions Celery'],
  ['another kind of file', { 'a.txt': '# here', 'shop/tasks.py': tasks }, 'only Python files'],
  ['a file that cannot be read', { 'a.py': '# here celery\u0000\n' }, 'was not analysed: it'],
  ['a syntax error', { 'a.py': `${early}def (: # here\n` }, 'syntax cannot be read'],
  ['a test', { 'tests/test_a.py': `on_commit\n${early.trimEnd()}  # here\n`, 'a.py': early }, 'taken for a test'],
  ['nothing at all', { 'a.py': `${early}X = 1  # here\n` }, 'none of the'],
])('names %s', async (_, files, expected) => {
  expect(await why(files)).toContain(expected)
})

describe('of a task that a change touches', () => {
  const task = (signature: string, decorators = '') =>
    `from celery import shared_task\n\n\n@shared_task\n${decorators}def ship(${signature}): ...\n`
  const of = (was: string, is: string, others: Files = {}) =>
    why(
      { 'shop/tasks.py': is.replace(/(def ship.*)/, '$1  # here'), ...others },
      { before: { 'shop/tasks.py': was, ...others } },
    )

  it.each([
    ['that it is new', task('pk').replace('ship', 'other'), task('pk'), 'no task of that name was there'],
    [
      'that its parameters stayed',
      task('pk'),
      task('pk, *, note=None').replace(', *, note=None', ''),
      'names and the order',
    ],
    ['that its decorators hide them', task('pk', '@job\n'), task('pk, note', '@job\n'), 'not compared'],
    ['what is new', task('pk'), task('pk, note=None'), '`note` is new, and has a default'],
    ['what has another name', task('pk'), task('order_pk'), '`order_pk` stands where `pk` stood'],
    ['that nothing sends it', task('pk'), task('pk, note=None'), 'nothing is seen to send it'],
  ])('says %s', async (_, was, is, expected) => {
    expect(await of(was, is)).toContain(expected)
  })

  it('counts who sends it', async () => {
    const views = { 'shop/views.py': 'from .tasks import ship\n\n\ndef buy(pk):\n    ship.delay(pk)\n' }
    expect(await of(task('pk'), task('pk, note=None'), views)).toContain('one place is seen to send it')
  })
})

it('names the decorator of what is no task', async () => {
  const files = {
    'shop/tasks.py': 'from vendor import job  # celery\n\n\n@job\ndef ship(pk): ...\n',
    'shop/views.py': 'from .tasks import ship\n\n\ndef buy(pk):\n    ship.delay(pk)  # here\n',
  }
  expect(await why(files)).toMatch(/`ship` is no task.*`job` is `vendor.job`.*task_decorators/)
})

it('names comments and settings that silence a rule', async () => {
  const files = { 'a.py': `${early.trimEnd()}  # here\n` }
  const name = 'crontab-missing-minute'
  expect(await why(files)).toBe(`${name} is reported here`)
  expect(
    await why({
      'a.py': early.replace('EARLY', `# celery-review: ignore[${name}]\nEARLY`).replace('5)', '5)  # here'),
    }),
  ).toBe(`${name} finds this, and a comment silences it`)
  expect(await why(files, { settings: { ignore: new Set([name]) } })).toContain('is ignored')
  expect(await why(files, { settings: { severities: new Map([[name, 'off']]) } })).toContain('switched off')
  expect(await why(files, { settings: { select: new Set(['async-task']) } })).toContain('was not selected')
  expect(await why(files, { settings: { ignorePaths: ['a.py'] } })).toContain('leaves the file out')
})

it('names rules in preview', async () => {
  const rule = rules.find(({ meta }) => meta.name === 'crontab-missing-minute')!
  const preview: Rule = { ...rule, meta: { ...rule.meta, status: 'preview' } }
  const answer = await explainSilence(
    { snapshot: memorySnapshot({ 'a.py': early }) },
    { path: 'a.py', line: 3 },
    { rules: [preview] },
  )
  expect(answer).toEqual(['crontab-missing-minute finds this, and is in preview: --preview runs it'])
})

it('names findings that were there before the change', async () => {
  const before = { 'a.py': early }
  expect(await why({ 'a.py': `\n${early.trimEnd()}  # here\n` }, { before })).toBe(
    'crontab-missing-minute finds this, and it was there before the change',
  )
})
