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

it('keeps what is known of files that a change does not reach', () => {
  const first = Object.fromEntries(Object.entries(variants).map(([path, [text]]) => [path, text]))
  const before = link(first)
  const after = link({ ...first, 'shop/base.py': variants['shop/base.py']![1] }, before)
  const markIn = ({ names, files }: CeleryProject, path: string) => names.markOf(files.get(path)!)
  const isKept = (path: string) => markIn(after, path) === markIn(before, path)
  expect(['shop/tasks.py', 'shop/jobs.py', 'shop/views.py'].map(isKept)).toEqual([true, false, false])
})
