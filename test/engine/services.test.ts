/** Repositories of several services: what is found in each, and what one of them says nothing about the others. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject, type LinkOptions } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'
import { analyseFixture, parseFixture } from '../support/fixture.ts'
import { fixless } from '../support/rules.ts'

const shortly = ({ rule, path, line }: { rule: string; path: string; line: number }) => `${path}:${line} ${rule}`

beforeAll(loadGrammar)

/** What rules find in a fixture; by default those that it has markers for. */
async function findingsOf(text: string, select?: readonly string[]): Promise<string[]> {
  const fixture = parseFixture(text)
  const named = new Set(select ?? fixture.markers.map(({ rule }) => rule))
  const { findings, crashes } = await analyseFixture(
    fixture,
    fixless.filter(({ meta }) => named.has(meta.name)),
  )
  expect(crashes).toEqual([])
  return findings.map(shortly).sort()
}

describe('services of one repository', () => {
  it('are each looked at with their own settings, schedules and tasks', async () => {
    const text = readFileSync(new URL('services.py', import.meta.url), 'utf8')
    const { markers } = parseFixture(text)
    expect(await findingsOf(text)).toEqual(
      markers
        .filter(({ kind }) => kind === 'expect')
        .map(shortly)
        .sort(),
    )
  })
})

describe('where services lie', () => {
  const directoriesOf = (files: Readonly<Record<string, string>>, options?: LinkOptions) => {
    const facts = new Map(Object.entries(files).map(([path, text]) => [path, extractFacts(text)]))
    return new CeleryProject(Object.keys(files), facts, options).serviceDirectories
  }
  const app = 'from celery import Celery\n\napp = Celery("app")\n'

  it('is seen from applications, from manage.py, and from what a worker imports beside itself', () => {
    const files = {
      'a/shop/__init__.py': '',
      'a/shop/background.py': app,
      'b/worker.py': `${app}\nimport jobs\n`,
      'b/jobs.py': '',
      'c/manage.py': '',
      'c/shop/views.py': 'from django.db import transaction\n',
    }
    expect(directoriesOf(files)).toEqual([['a'], ['b'], ['c']])
  })

  it('is one place where an application and a Django project belong together', () => {
    const files = {
      'worker/__init__.py': '',
      'worker/celery.py': `${app}import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n`,
      'backend/manage.py': '',
      'backend/shop/__init__.py': '',
      'backend/shop/settings.py': 'CELERY_TASK_ACKS_LATE = True\n',
    }
    expect(directoriesOf(files)).toEqual([])
  })

  it('is told apart by package in one root, unless one leads to another', () => {
    const files = { 'a/__init__.py': '', 'a/celery.py': app, 'b/__init__.py': '', 'b/celery.py': app }
    expect(directoriesOf(files)).toEqual([['a'], ['b']])
    expect(directoriesOf({ ...files, 'b/jobs.py': 'from a.celery import app\n' })).toEqual([])
  })

  it('is what the configuration says where nothing shows it', () => {
    const files = { 'services/a/jobs/queue.py': app, 'services/b/jobs/queue.py': app }
    expect(directoriesOf(files)).toEqual([])
    expect(directoriesOf(files, { roots: ['services/a', 'services/b'] })).toEqual([['services/a'], ['services/b']])
  })

  it('is nowhere in tests', () => {
    expect(directoriesOf({ 'shop/celery.py': app, 'tests/app.py': app, 'tests/manage.py': '' })).toEqual([])
  })
})

describe('a change of one service', () => {
  const service = (name: string, tasks: string, rest = '') => `
# --- file: services/${name}/app/__init__.py
"""${name}"""
# --- file: services/${name}/app/celery.py
from celery import Celery
app = Celery("${name}")
# --- file: services/${name}/app/tasks.py
from app.celery import app
${tasks}
# --- file: services/${name}/app/views.py
from app.celery import app
from app import tasks
${rest}
`
  const sync = '@app.task\ndef sync(pk): ...'
  const check = ['task-required-param-added', 'task-removed-still-referenced', 'task-renamed-or-moved']
  const findingsOfChange = (before: string, after: string) =>
    findingsOf(`# --- before${before}# --- after${after}`, check)

  it('is told apart from its like in another', async () => {
    const before = service('a', sync, 'tasks.sync.delay(1)') + service('b', sync, 'tasks.sync.delay(1)')
    const changed = sync.replace('pk', 'pk, lang')
    const after = service('a', changed, 'tasks.sync.delay(1, "en")') + service('b', sync, 'tasks.sync.delay(1)')
    expect(await findingsOfChange(before, after)).toEqual(['services/a/app/tasks.py:3 task-required-param-added'])
  })

  it('reaches the services that send its tasks by name', async () => {
    const lead = 'def go():\n    app.send_task("app.tasks.report", [1])'
    const report = `${sync}\n@app.task\ndef report(pk): ...`
    const before = service('a', report) + service('b', sync, lead)
    const after = service('a', sync) + service('b', sync, lead)
    expect(await findingsOfChange(before, after)).toEqual(['services/b/app/views.py:4 task-removed-still-referenced'])
  })

  it('is not seen by services that have a task of that name', async () => {
    const lead = 'def go():\n    app.send_task("app.tasks.report", [1])'
    const report = `${sync}\n@app.task\ndef report(pk): ...`
    const before = service('a', report) + service('b', report, lead)
    const after = service('a', sync) + service('b', report, lead)
    expect(await findingsOfChange(before, after)).toEqual([])
  })

  it('does not come of a service that is added, moved or taken away', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => service(name, sync, 'tasks.sync.delay(1)'))
    expect(await findingsOfChange(a!, a! + b!)).toEqual([])
    expect(await findingsOfChange(a! + b!, a!)).toEqual([])
    expect(await findingsOfChange(a! + b!, a! + c!)).toEqual([])
  })
})

describe('a package that imports show to be a source root', () => {
  const project = (apps: string, importers: number) => `
# --- file: ${apps}/__init__.py
"""apps"""
# --- file: ${apps}/geo/__init__.py
"""geo"""
# --- file: ${apps}/lead/__init__.py
"""lead"""
# --- file: ${apps}/geo/tasks.py
from celery import shared_task
@shared_task
def load(pk): ...
# --- file: ${apps}/lead/models.py
from django.db import models
class Lead(models.Model): ...
${Array.from(
  { length: importers },
  (_, index) => `# --- file: ${apps}/lead/views_${index}.py
from django.db import transaction
from geo.tasks import load
from lead.models import Lead
def view():
    with transaction.atomic():
        Lead().save()
        load.delay(${index}, 2)
`,
).join('')}`
  const rules = ['dispatch-arity-mismatch', 'task-renamed-or-moved', 'task-removed-still-referenced']
  const findingsOfChange = (before: string, after: string) =>
    findingsOf(`# --- before${before}# --- after${after}`, rules)

  it('gives its modules the names by which they are imported', async () => {
    expect(await findingsOf(project('apps', 3), ['dispatch-arity-mismatch'])).toEqual(
      [0, 1, 2].map((index) => `apps/lead/views_${index}.py:7 dispatch-arity-mismatch`),
    )
    expect(await findingsOf(project('apps', 2), ['dispatch-arity-mismatch'])).toEqual([])
  })

  it('is one in both states of a change, or in none, and wherever it lay before', async () => {
    expect(await findingsOfChange(project('apps', 2), project('apps', 3))).toEqual([
      'apps/lead/views_2.py:7 dispatch-arity-mismatch',
    ])
    expect(await findingsOfChange(project('apps', 3), project('apps', 2))).toEqual([])
    expect(await findingsOfChange(project('apps', 3), project('src/apps', 3))).toEqual([])
  })
})
