/** What is a task and what is a dispatch, across files; and what belongs to other libraries. */
import { beforeAll, describe, expect, it } from 'vitest'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'
import { parseFixture } from '../support/fixture.ts'

beforeAll(loadGrammar)

function link(text: string, options = {}) {
  const files = parseFixture(text, 'shop/views.py').after
  const facts = new Map(Object.entries(files).map(([path, code]) => [path, extractFacts(code)]))
  return new CeleryProject(Object.keys(files), facts, options)
}

const taskNames = (project: CeleryProject) => project.tasks.map(({ name, node }) => name ?? `?${node.name}`).sort()
/** The dispatches as written, with the name of the task that each leads to. */
const dispatches = (project: CeleryProject) =>
  project.dispatches.map(({ file, call, task, certainty }) => `${file.textOf(call)} -> ${task?.name ?? certainty}`)

describe('tasks', () => {
  it('are found through aliases, instances from elsewhere, re-exports and relative imports', () => {
    const project = link(`
# --- file: proj/celery.py
from celery import Celery
app = Celery("proj")
# --- file: proj/__init__.py
from .celery import app as celery_app
# --- file: proj/jobs/__init__.py
from proj import celery_app as worker
from celery import shared_task as job, current_app
import celery

@worker.task(bind=True)
def bound(self, pk): ...

@job
def aliased(): ...

@celery.shared_task(name="custom.name")
def named(): ...

@current_app.task
def current(): ...

try:
    from celery import shared_task
except ImportError:
    shared_task = None

@shared_task()
def guarded(): ...

class Group:
    @worker.task
    def nested(): ...
`)
    expect(taskNames(project)).toEqual([
      'custom.name',
      'proj.jobs.aliased',
      'proj.jobs.bound',
      'proj.jobs.current',
      'proj.jobs.guarded',
      'proj.jobs.nested',
    ])
    expect(project.tasksByName.get('proj.jobs.bound')![0]!.parameters.map(({ name }) => name)).toEqual(['pk'])
  })

  it('are found behind application factories, subclasses of Celery and settings modules', () => {
    const project = link(`
# --- file: a/worker.py
from celery import Celery

class App(Celery): ...

def make():
    app = Celery("a")
    app.config_from_object("a.config")
    return app

one = make()
two = App("b")

@one.task
def first(): ...

@two.task
def second(): ...
`)
    expect(taskNames(project)).toEqual(['a.worker.first', 'a.worker.second'])
  })

  it('are found behind decorators that the project wraps around Celery, and behind configured ones', () => {
    const project = link(
      `
# --- file: lib/tasks.py
import functools
from celery import shared_task

def instrumented(*args, **kwargs):
    def wrap(func):
        @functools.wraps(func)
        def inner(*a, **k):
            return func(*a, **k)
        return shared_task(*args, **kwargs)(inner)
    return wrap

quick = functools.partial(shared_task, acks_late=True)
retrying = shared_task(autoretry_for=(OSError,))

def unrelated(func):
    @shared_task
    def own(): ...
    return func

class Retryable:
    def __init__(self, **options):
        self.options = options

    def __call__(self, func):
        @functools.wraps(func)
        def inner(*a, **k):
            return func(*a, **k)
        return shared_task(**self.options)(inner)

class Counted:
    def __call__(self, func):
        return func
# --- file: shop/tasks.py
from lib.tasks import Counted, Retryable, instrumented, quick, retrying, unrelated
from acme.queue import background

@instrumented(name="shop.explicit")
def wrapped(pk): ...

@quick
def partial_made(): ...

@retrying
def kept(): ...

@unrelated
def no_task(): ...

@Retryable(name="shop.retryable")
def by_class(pk): ...

@Counted()
def counted(pk): ...

@background()
def configured(): ...
`,
      { taskDecorators: ['acme.queue.background'] },
    )
    expect(taskNames(project)).toEqual([
      '?configured',
      'lib.tasks.own',
      'shop.explicit',
      'shop.retryable',
      'shop.tasks.kept',
      'shop.tasks.partial_made',
    ])
    const made = project.tasks.find(({ node }) => node.name === 'partial_made')!
    expect([...made.options.keys()]).toEqual(['acks_late'])
  })

  it('are found as classes, with their base classes options', () => {
    const project = link(`
# --- file: shop/tasks.py
import celery
from celery import Celery, shared_task

app = Celery()

class Base(celery.Task):
    abstract = True
    acks_late = True

class Sync(Base):
    name = "shop.sync"
    def run(self, pk): ...

sync = app.register_task(Sync())

@shared_task(base=Base)
def plain(): ...

def go():
    sync.delay(1)
    Sync().apply_async((2,))
`)
    expect(taskNames(project)).toEqual(['shop.sync', 'shop.tasks.plain'])
    expect(dispatches(project)).toEqual(['sync.delay(1) -> shop.sync', 'Sync().apply_async((2,)) -> shop.sync'])
    const plain = project.tasks.find(({ node }) => node.name === 'plain')!
    expect(project.taskOption(plain, 'acks_late').value).toMatchObject({ kind: 'constant', value: true })
  })

  it.each([
    ['invoke', 'from invoke import task'],
    ['prefect', 'from prefect import task'],
    ['airflow', 'from airflow.decorators import task'],
    ['luigi', 'from luigi import task'],
    ['Django', 'from django.tasks import task'],
    ['procrastinate', 'import procrastinate\napp = procrastinate.App()\ntask = app.task'],
    ['huey', 'from huey.contrib.djhuey import task'],
    ['fabric', 'from fabric import task'],
    ['locust', 'from locust import task'],
    ['RQ', 'from django_rq import job as task'],
    ['dramatiq', 'from dramatiq import actor as task'],
    ['Flagsmith', 'from task_processor.decorators import register_task_handler as task'],
  ])('of %s are none of ours', (_, imports) => {
    const project = link(`
# --- file: shop/tasks.py
# celery is mentioned here
${imports}

@task
def bare(pk): ...

@task()
def called(pk): ...

def go():
    bare.delay(1)
    called.apply_async((1,))
    bare.s(1)
# --- file: shop/views.py
from .tasks import bare
from . import tasks

def view():
    bare.delay(1)
    tasks.called.delay(args=(1,))
`)
    expect(taskNames(project)).toEqual([])
    expect(dispatches(project)).toEqual([])
  })
})

describe('dispatches', () => {
  it('are resolved through every form of import, and through local names', () => {
    const project = link(`
# --- file: shop/tasks/__init__.py
from .mail import send
from .mail import send as post
# --- file: shop/tasks/mail.py
from celery import shared_task

@shared_task
def send(pk): ...
# --- file: shop/views.py
import shop.tasks.mail
from shop import tasks
from shop.tasks import post
from .tasks.mail import send as mail_it

def go(send_later=None):
    tasks.send.delay(1)
    post.apply_async((2,))
    mail_it.s(3)
    shop.tasks.mail.send.si(4)
    from shop.tasks.mail import send
    send.delay(5)
    chosen = send
    chosen.delay(6)
    send_later.delay(7)

def other():
    send.delay(8)
`)
    const lead = ' -> shop.tasks.mail.send'
    expect(dispatches(project)).toEqual([
      `tasks.send.delay(1)${lead}`,
      `post.apply_async((2,))${lead}`,
      `mail_it.s(3)${lead}`,
      `shop.tasks.mail.send.si(4)${lead}`,
      `send.delay(5)${lead}`,
      `chosen.delay(6)${lead}`,
    ])
  })

  it('of signatures, canvases and names are found', () => {
    const project = link(`
# --- file: shop/tasks.py
from celery import shared_task, chain, group, signature, Celery
app = Celery()

@shared_task
def a(x): ...

def go():
    chain(a.s(1), a.s()).delay()
    (a.s(1) | a.s())()
    group(a.s(i) for i in range(3)).apply_async()
    sig = a.s(1)
    sig.delay()
    app.send_task("shop.tasks.a", args=[1])
    signature("shop.tasks.a", args=(1,)).delay()
`)
    const sends = project.dispatches.filter(({ kind }) => kind === 'send').map(({ file, call }) => file.textOf(call))
    expect(sends).toEqual([
      'chain(a.s(1), a.s()).delay()',
      '(a.s(1) | a.s())()',
      'group(a.s(i) for i in range(3)).apply_async()',
      'sig.delay()',
      'app.send_task("shop.tasks.a", args=[1])',
      'signature("shop.tasks.a", args=(1,)).delay()',
    ])
  })

  it('see what the task receives, and when they do not', () => {
    const project = link(`
# --- file: shop/tasks.py
from celery import shared_task

@shared_task
def a(x, y=None): ...

def go(args, options):
    a.delay(1, y=2)
    a.apply_async((1,), {"y": 2}, countdown=3)
    a.apply_async(args=[1], kwargs=dict(y=2))
    a.apply_async(args)
    a.delay(*args)
    a.apply_async((1,), **options)
`)
    expect(
      project.dispatches.map(({ args, options, optionsOpen }) => [
        args.positional.length,
        [...args.keywords.keys()],
        args.open,
        [...options.keys()],
        optionsOpen,
      ]),
    ).toEqual([
      [1, ['y'], false, [], false],
      [1, ['y'], false, ['countdown'], false],
      [1, ['y'], false, [], false],
      [0, [], true, [], false],
      [0, [], true, [], false],
      [1, [], true, [], true],
    ])
  })
})

describe('source roots', () => {
  it('keep services of a monorepo apart', () => {
    const tasks = 'from celery import shared_task\n\n@shared_task\ndef ship(pk): ...\n'
    const views = 'from orders.tasks import ship\n\ndef go():\n    ship.delay(1)\n'
    const files: Record<string, string> = {
      'services/a/manage.py': '',
      'services/a/orders/__init__.py': '',
      'services/a/orders/tasks.py': tasks,
      'services/a/orders/views.py': views,
      'services/b/manage.py': '',
      'services/b/orders/tasks.py': tasks,
      'services/b/orders/views.py': views,
      'lib/src/tools/jobs.py': tasks,
    }
    const facts = new Map(Object.entries(files).map(([path, code]) => [path, extractFacts(code)]))
    const project = new CeleryProject([...Object.keys(files), 'lib/setup.py'], facts)
    expect(project.dispatches.map(({ file, task }) => [file.path, task?.file.path])).toEqual([
      ['services/a/orders/views.py', 'services/a/orders/tasks.py'],
      ['services/b/orders/views.py', 'services/b/orders/tasks.py'],
    ])
    expect([...project.tasksByName.keys()].sort()).toEqual(['orders.tasks.ship', 'tools.jobs.ship'])
  })
})

describe('several roots', () => {
  it('keep services with modules of the same names apart', () => {
    const service = (name: string) => `
# --- file: services/${name}/shop/__init__.py
"""A package."""
# --- file: services/${name}/shop/celery.py
from celery import Celery
app = Celery("${name}")
# --- file: services/${name}/shop/tasks.py
from shop.celery import app
@app.task
def sync(pk): ...
# --- file: services/${name}/shop/views.py
from shop.celery import app
from shop.tasks import sync
def view(pk):
    sync.delay(pk)
    app.send_task("shop.tasks.sync", [pk])
`
    const project = link(`${service('billing')}${service('mail')}`)
    expect(taskNames(project)).toEqual(['shop.tasks.sync', 'shop.tasks.sync'])
    const sent = project.dispatches.map((dispatch) => [dispatch.file.path, project.taskSentBy(dispatch)?.file.path])
    expect(sent).toEqual(
      ['billing', 'billing', 'mail', 'mail'].map((name) => [
        `services/${name}/shop/views.py`,
        `services/${name}/shop/tasks.py`,
      ]),
    )
  })

  it('are also where manage.py lies, although that is a package', () => {
    const project = link(`
# --- file: proj/manage.py
"""A script."""
# --- file: proj/__init__.py
"""A package."""
# --- file: proj/projects/__init__.py
"""A package."""
# --- file: proj/projects/tasks.py
from celery import shared_task
@shared_task
def build(pk): ...
# --- file: proj/projects/views.py
from projects.tasks import build
from proj.projects import tasks
build.delay(1)
tasks.build.delay(1)
`)
    expect(dispatches(project)).toEqual([
      'build.delay(1) -> proj.projects.tasks.build',
      'tasks.build.delay(1) -> proj.projects.tasks.build',
    ])
  })
})
