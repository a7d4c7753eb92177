/** What requirements and lock files say about versions, alone and together. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requirementsIn } from '../../src/celery/requirements.ts'
import { Versions } from '../../src/celery/versions.ts'
import { checkProject } from '../../src/engine/analyse.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { memorySnapshot } from '../support/memory-snapshot.ts'

const lowest = (path: string, text: string) => requirementsIn(path, text).map((one) => [one.package, one.lowest])

it.each([
  ['celery==5.4.0', '5.4.0'],
  ['celery[redis]>=5.3.1,<6  # for the worker', '5.3.1'],
  ['Celery ~= 5.2', '5.2'],
  ['celery<6,>5.1', '5.1'],
  ['celery == 5.4.*', '5.4'],
  ['celery==5.4.0 ; python_version > "3.8"', '5.4.0'],
  ['celery==5.4.0 \\', '5.4.0'],
  ['    "celery>=5.3",', '5.3'],
  ['celery==3.1.26.post2 \\', '3.1.26.post2'],
  ['celery==5.0.0rc1', '5.0.0rc1'],
  ['celery', undefined],
  ['celery<6', undefined],
  ['celery @ git+https://github.com/celery/celery@v5.4.0', undefined],
])('reads the line %s', (line, version) => {
  expect(lowest('requirements.txt', line)).toEqual([['celery', version]])
})

it('reads the strings of a setup.py', () => {
  const text = 'setup(\n    name="celery-shop",\n    install_requires=["Django>=4.2", \'celery[redis]==3.1.24\'],\n)'
  expect(lowest('setup.py', text)).toEqual([
    ['django', '4.2'],
    ['celery', '3.1.24'],
  ])
})

it.each([
  ['celery>=4.2.0,<4.3.0', '4.3', true],
  ['celery>=4.2.0,<4.3.0', '4.2.9', false],
  ['celery<5', '5', true],
  ['celery~=4.3.0', '4.4', true],
  ['celery~=4.3', '5', true],
  ['celery~=4.3', '4.9', false],
  ['celery==4.*', '5', true],
  ['celery==4.4.7', '5', true],
  ['celery==3.1.26.post2', '4', true],
  ['celery>=4.4.7', '5', false],
  ['celery<=4.4.7', '5', false],
  ['celery', '5', false],
  ['django-celery==3.0.11', '4', true],
  ['django-celery-beat==2.5', '4', false],
])('knows whether all that %s allows is older than %s', (line, version, expected) => {
  expect(new Versions(requirementsIn('requirements/base.pip', line)).isBelow('celery', version)).toBe(expected)
})

it("reads Poetry's carets and tildes as bounds", () => {
  const below = (stated: string, version: string) =>
    new Versions(requirementsIn('Pipfile', `[packages]\ncelery = "${stated}"`)).isBelow('celery', version)
  expect([below('^4.3', '5'), below('^4.3', '4.9'), below('~4.3.1', '4.4'), below('~4', '5')]).toEqual([
    true,
    false,
    true,
    true,
  ])
})

it.each(['# celery==5.4.0', 'celery-redbeat==2.0', '    # via celery', 'celery = 5', '-r base.txt', 'pytest-celery'])(
  'takes nothing from the line %s',
  (line) => expect(requirementsIn('requirements/base.in', line)).toEqual([]),
)

describe('files that tools write', () => {
  it('reads the lists and groups of a pyproject.toml', () => {
    const text = [
      '[project]',
      'dependencies = ["celery (>=5.6.3,<5.7)", "django[bcrypt]~=5.2.17"]',
      '[project.optional-dependencies]',
      'worker = ["kombu>=5.3"]',
      '[dependency-groups]',
      'dev = ["django-celery-beat==2.8.1", {include-group = "lint"}]',
      '[tool.uv.exclude-newer-package]',
      'django = "2026-08-04T15:05:00Z"',
    ].join('\n')
    expect(lowest('api/pyproject.toml', text)).toEqual([
      ['celery', '5.6.3'],
      ['django', '5.2.17'],
      ['kombu', '5.3'],
      ['django-celery-beat', '2.8.1'],
    ])
  })

  it("reads Poetry's and Pipenv's tables", () => {
    const poetry =
      '[tool.poetry.dependencies]\ncelery = "^5.0.5"\ndjango = { version = "4.2" }\n[tool.poetry.group.celery.dependencies]\nkombu = "*"'
    expect(lowest('pyproject.toml', poetry)).toEqual([
      ['celery', '5.0.5'],
      ['django', '4.2'],
      ['kombu', undefined],
    ])
    expect(lowest('Pipfile', '[packages]\ncelery = {version = "~=5.3", extras = ["redis"]}')).toEqual([
      ['celery', '5.3'],
    ])
  })

  it('reads lock files', () => {
    const block = '[[package]]\nname = "celery"\nversion = "5.6.3"\nsource = { registry = "x" }\n'
    for (const name of ['uv.lock', 'poetry.lock', 'pdm.lock'])
      expect(lowest(name, block)).toEqual([['celery', '5.6.3']])
    const pipenv = JSON.stringify({ default: { celery: { version: '==5.2.7' } }, develop: {} })
    expect(lowest('Pipfile.lock', pipenv)).toEqual([['celery', '5.2.7']])
  })

  it('takes nothing from what it cannot read', () => {
    expect(requirementsIn('pyproject.toml', '[project\ncelery')).toEqual([])
    expect(requirementsIn('Pipfile.lock', '{')).toEqual([])
    const paths = fc.constantFrom('uv.lock', 'pyproject.toml', 'Pipfile', 'Pipfile.lock', 'requirements.txt')
    fc.assert(fc.property(paths, fc.string({ unit: 'binary' }), (path, text) => void requirementsIn(path, text)))
  })
})

describe('all requirements together', () => {
  const versions = (...files: [string, string][]) =>
    new Versions(files.flatMap(([path, text]) => requirementsIn(path, text)))

  it('take the lowest of all pins, and pins before ranges', () => {
    const both = versions(['a/requirements.txt', 'celery==5.4.0'], ['b/requirements.txt', 'celery==5.10.0'])
    expect([both.lowest('celery'), both.highest('celery')]).toEqual(['5.4.0', '5.10.0'])
    expect(
      versions(
        ['pyproject.toml', '[project]\ndependencies=["celery>=5"]'],
        ['r/requirements.txt', 'celery==5.5'],
      ).lowest('celery'),
    ).toBe('5.5')
  })

  it('know nothing where one of them is open', () => {
    const open = versions(['requirements.txt', 'celery>=5.5'], ['dev-requirements.txt', 'celery'])
    expect([open.isAtLeast('celery', '5.4'), open.isBelow('celery', '6')]).toEqual([false, false])
    expect(versions().isAtLeast('django', '1')).toBe(false)
    expect(versions(['requirements.txt', 'celery>=5.3']).isBelow('celery', '99')).toBe(false)
  })
})

describe('rules that depend on a version', async () => {
  const rules = await loadRules()
  const check = async (requirements: string, files: Record<string, string>, rule: string) => {
    const snapshot = memorySnapshot({ 'requirements.txt': requirements, ...files })
    const { findings } = await checkProject(snapshot, { rules, settings: { select: new Set([rule]) } })
    return findings
  }

  it('offer delay_on_commit from Celery 5.4 on', async () => {
    const files = {
      'shop/tasks.py': 'from celery import shared_task\n\n\n@shared_task\ndef ship(pk):\n    print(pk)\n',
      'shop/views.py': [
        'from django.db import transaction',
        'from shop.models import Order',
        'from shop.tasks import ship',
        '',
        '',
        'def buy(name):',
        '    with transaction.atomic():',
        '        order = Order.objects.create(name=name)',
        '        ship.delay(order.pk)',
        '',
      ].join('\n'),
    }
    const fixOf = async (requirements: string) =>
      (await check(requirements, files, 'dispatch-in-atomic'))[0]?.suggestion?.replacement.trim()
    expect(await fixOf('celery==5.4.0')).toBe('ship.delay_on_commit(order.pk)')
    for (const older of ['celery==5.3.6', 'celery>=5.3', 'celery', ''])
      expect(await fixOf(older)).toBe('transaction.on_commit(lambda: ship.delay(order.pk))')
  })

  const tasks = (decorator: string, body = 'pass') => ({
    'shop/tasks.py': `from celery import shared_task\n\n\n${decorator}\ndef ship(pk):\n    ${body}\n`,
  })

  it.each([
    ['unknown-task-option', tasks('@shared_task(pydantic=True)'), '5.5.0'],
    ['unknown-task-option', tasks('@shared_task(dont_autoretry_for=(KeyError,))'), '5.3.0'],
    ['unknown-task-option', tasks('@shared_task(on_replace=print)'), '5.3.0'],
    ['unknown-task-option', tasks('@shared_task(acks_on_failure=False)'), '5.7.0'],
    ['unknown-apply-async-option', tasks('@shared_task', 'ship.apply_async((1,), stamped_headers=["a"])'), '5.3.0'],
    ['on-commit-method-on-plain-task', tasks('@shared_task', 'ship.delay_on_commit(1)'), '5.4.0'],
  ])('say with %s what a pinned version does not have yet: %j', async (rule, files, since) => {
    const [one, ...others] = await check('celery==5.1.2', files, rule)
    expect(one?.message).toContain('Celery `5.1.2`')
    expect(one?.message).toContain(`Celery \`${since.replace(/\.0$/, '')}\``)
    expect(others).toEqual([])
    for (const enough of [`celery==${since}`, 'celery>=5.1', 'celery', ''])
      expect(await check(enough, files, rule)).toEqual([])
  })

  it('say which options tasks have lost, where the version has lost them', async () => {
    const files = tasks('@shared_task(autoregister=False)')
    for (const newer of ['celery==5.6.3', '']) {
      expect((await check(newer, files, 'unknown-task-option'))[0]?.message).toContain('since Celery `5.1`')
    }
    expect(await check('celery==5.0.5', files, 'unknown-task-option')).toEqual([])
  })

  it('offer no delay_on_commit where a version is pinned that lacks it, whoever uses it', async () => {
    const files = tasks('@shared_task', 'ship.delay_on_commit(1)')
    const views =
      'from django.db import transaction\nfrom shop.models import Order\nfrom shop.tasks import ship\n\n\ndef buy(name):\n    with transaction.atomic():\n        ship.delay(Order.objects.create(name=name).pk)\n'
    const fixOf = async (requirements: string) => {
      const [one] = await check(requirements, { ...files, 'shop/views.py': views }, 'dispatch-in-atomic')
      expect(one).toBeDefined()
      return one?.suggestion?.replacement ?? ''
    }
    expect(await fixOf('celery==5.3.6')).not.toContain('delay_on_commit')
    expect(await fixOf('')).toContain('delay_on_commit')
  })

  it('say nothing of removed modules where Celery 4 is pinned', async () => {
    const files = { 'shop/tasks.py': 'from celery.task import task\n' }
    expect(await check('celery==4.4.7', files, 'legacy-celery-import')).toEqual([])
    expect(await check('celery<5', files, 'legacy-celery-import')).toEqual([])
    for (const other of ['celery==5.2.0', 'celery>=4', '']) {
      expect(await check(other, files, 'legacy-celery-import')).toHaveLength(1)
    }
  })
})
