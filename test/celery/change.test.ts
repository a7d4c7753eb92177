/** Matching tasks over a change, where the fixtures of the rules do not reach. */
import { beforeAll, expect, it } from 'vitest'
import { renamedTasks } from '../../src/celery/change.ts'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'

type Texts = Readonly<Record<string, string>>

function project(texts: Texts): CeleryProject {
  const facts = new Map(Object.entries(texts).map(([path, text]) => [path, extractFacts(text)]))
  return new CeleryProject(Object.keys(texts), facts)
}

/** The renamed tasks of a change without renamed files, as `old -> new`. */
function renamed(before: Texts, after: Texts): string[] {
  const previousPath = (path: string) => (path in before ? path : undefined)
  const change = { before: project(before), after: project(after), previousPath, unread: new Set<string>() }
  return renamedTasks(change).map(({ old, now }) => `${old.name} -> ${now.name}`)
}

const task = (name: string, body = 'Order.objects.get(pk=pk).ship()') =>
  `from celery import shared_task\n\n@shared_task\ndef ${name}(pk):\n    ${body}\n`

beforeAll(loadGrammar)

it('follows a task into another module', () => {
  expect(renamed({ 'a.py': task('ship') }, { 'b.py': task('ship') })).toEqual(['a.ship -> b.ship'])
})

it('gives up where two tasks match equally well', () => {
  expect(renamed({ 'a.py': task('ship') }, { 'b.py': task('ship'), 'c.py': task('ship') })).toEqual([])
  expect(renamed({ 'a.py': task('ship'), 'b.py': task('ship') }, { 'c.py': task('ship') })).toEqual([])
})

it('prefers the better match', () => {
  const after = { 'b.py': task('ship'), 'c.py': task('ship', 'order = Order.objects.get(pk=pk); order.ship()') }
  expect(renamed({ 'a.py': task('ship') }, after)).toEqual(['a.ship -> b.ship'])
})

it('knows a renamed function by its code only when that takes the same arguments', () => {
  const more = task('send').replace('(pk)', '(pk, fast=False)')
  const required = task('send').replace('(pk)', '(pk, fast)')
  expect(renamed({ 'a.py': task('ship') }, { 'a.py': more })).toEqual(['a.ship -> a.send'])
  expect(renamed({ 'a.py': task('ship') }, { 'a.py': required })).toEqual([])
})

it('leaves alone a name that is registered in another way', () => {
  const registered = `${task('ship')}\nshared_task(name="a.ship")(ship)\n`
  expect(renamed({ 'a.py': task('ship') }, { 'b.py': registered })).toEqual([])
})

it('leaves alone a project that names its tasks by a rule of its own', () => {
  const app =
    'from celery import Celery\n\nclass App(Celery):\n    def gen_task_name(self, name, module):\n        return name\n'
  expect(renamed({ 'a.py': task('ship'), 'app.py': app }, { 'b.py': task('ship'), 'app.py': app })).toEqual([])
})

it('takes another root of the imports for no move', () => {
  const moved = { 'backend/shop/tasks.py': task('ship') }
  expect(renamed({ 'shop/tasks.py': task('ship') }, moved)).toEqual([])
  expect(renamed({ 'shop/tasks.py': task('ship') }, { ...moved, 'backend/__init__.py': '' })).toEqual([
    'shop.tasks.ship -> backend.shop.tasks.ship',
  ])
})
