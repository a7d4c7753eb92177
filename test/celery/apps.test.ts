/** What an application gives to all its tasks. */
import { beforeAll, expect, it } from 'vitest'
import { appTaskClasses } from '../../src/celery/apps.ts'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'

beforeAll(loadGrammar)

it('finds the task classes of applications, whichever way they are given', () => {
  const texts = {
    'shop/celery.py': [
      'from celery import Celery, Task',
      'class Audited(Task): ...',
      'class Atomic(Task): ...',
      'app = Celery("shop", task_cls=Audited)',
      'app.Task = Atomic',
      'app.conf.Task = Audited',
      'other = Shop("shop", task_cls=Audited)',
      'app.Task = make_task()',
    ].join('\n'),
    'shop/test_celery.py': 'from shop.celery import Audited, app\napp.Task = Audited\n',
  }
  const facts = new Map(Object.entries(texts).map(([path, text]) => [path, extractFacts(text)]))
  const project = new CeleryProject(Object.keys(texts), facts)
  const found = [...appTaskClasses(project.names, project.files.values())]
  expect(found.map((referent) => (referent?.kind === 'class' ? referent.node.name : undefined))).toEqual([
    'Atomic',
    undefined,
    'Audited',
  ])
})
