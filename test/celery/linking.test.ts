/** Linking one state of a repository from another: what comes out is what linking it from nothing gives. */
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { extractFacts, type FileFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'

beforeAll(loadGrammar)

/** What each file can hold; undefined when it is not there, `null` when it is there and not parsed. */
const variants: Readonly<Record<string, readonly (string | null | undefined)[]>> = {
  'shop/__init__.py': ['', undefined, 'from .tasks import ship'],
  'shop/tasks.py': [
    'from celery import shared_task\n\n@shared_task\ndef ship(pk): ...',
    'from shop.jobs import *',
    'from .jobs import pack as ship',
    'def ship(pk): ...',
    null,
    undefined,
  ],
  'shop/jobs.py': [
    'from shop.base import task\n\n@task\ndef pack(pk): ...\n\n@task(name="ship")\ndef ship(pk): ...',
    'from shop.tasks import ship\n\npack = ship',
    null,
    undefined,
  ],
  'shop/base.py': ['from celery import shared_task as task', 'def task(function):\n    return function', undefined],
  'shop/views.py': [
    'from shop.tasks import ship\nfrom shop import jobs\n\ndef go():\n    ship.delay(1)\n    jobs.pack.delay(2)',
    'import shop.tasks\nimport shop\n\nshop.tasks.ship.delay(1)\nshop.ship.delay(2)',
  ],
  'other/shop/tasks.py': ['from celery import shared_task\n\n@shared_task(name="other")\ndef ship(pk): ...', undefined],
  'other/manage.py': ['', undefined],
}

const known = new Map<string, FileFacts>()
const factsOf = (path: string, text: string): FileFacts => {
  const key = `${path} ${text}`
  if (!known.has(key)) known.set(key, extractFacts(text))
  return known.get(key)!
}

function link(state: Readonly<Record<string, string | null | undefined>>, like?: CeleryProject): CeleryProject {
  const present = Object.entries(state).filter(([, text]) => text !== undefined)
  const facts = present.flatMap(([path, text]): [string, FileFacts][] => (text ? [[path, factsOf(path, text)]] : []))
  return new CeleryProject(
    present.map(([path]) => path),
    new Map(facts),
    { like },
  )
}

const summary = (project: CeleryProject) => ({
  tasks: project.tasks.map(({ file, name }) => `${file.path} ${name}`),
  dispatches: project.dispatches.map(
    ({ file, call, task, certainty }) => `${file.textOf(call)} ${certainty} ${task?.file.path} ${task?.name}`,
  ),
  areTasksOwn: project.dispatches.every(({ task }) => !task || project.tasks.includes(task)),
})

const state = fc.record(
  Object.fromEntries(Object.entries(variants).map(([path, texts]) => [path, fc.constantFrom(...texts)])),
)

it('is the same as linking it from nothing', () => {
  fc.assert(
    fc.property(fc.array(state, { minLength: 2, maxLength: 4 }), (states) => {
      let like: CeleryProject | undefined
      for (const one of states) {
        like = link(one, like)
        const fresh = link(one)
        expect(summary(like)).toEqual(summary(fresh))
        // What was asked of the state before may lead to more.
        expect([...like.unparsed]).toEqual(expect.arrayContaining([...fresh.unparsed]))
      }
    }),
    { numRuns: 300 },
  )
})

it('asks again only where an answer went through what has changed', () => {
  const first = {
    ...Object.fromEntries(Object.entries(variants).map(([path, [text]]) => [path, text])),
    // Leads to a view, which leads to a task that is made by the base.
    'shop/urls.py': 'from shop import views\n\nviews.go()',
  }
  const asked: string[] = []
  const ask = (project: CeleryProject) => {
    for (const file of project.files.values()) {
      project.remember(file, 'test', () => {
        asked.push(file.path)
        return [project.dispatchesOf(file), ...file.calls.map(({ callee }) => project.resolve(file, callee))]
      })
    }
  }
  const before = link(first)
  ask(before)
  const after = link({ ...first, 'shop/base.py': variants['shop/base.py']![1] }, before)
  asked.length = 0
  ask(after)
  expect(asked).toEqual(['shop/jobs.py', 'shop/base.py', 'shop/views.py'])
})
