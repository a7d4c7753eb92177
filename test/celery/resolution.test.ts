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

  it('are found where an application is told by what the code calls it alone', () => {
    const project = link(`
# --- file: shop/runtime.py
from importlib import import_module
celery_class = import_module("acme").pick()
# --- file: shop/apps.py
from acme.celery_tools import NotifyCelery, Proxy, create_celery_app, FlaskExtension
from celery import Celery
from .factory import create_app
from .runtime import celery_class

def make_celery(app=None):
    ext = FlaskExtension(app or create_app())
    return ext.celery

def count_celery():
    return 12

class Celery2:
    def task(self, function):
        return function

subclass = NotifyCelery()
annotated: Celery = Proxy(lambda: None)
chosen = celery_class("shop")
extension = create_app().extensions["celery"]
made = make_celery()
created = create_celery_app("shop")
number = count_celery()
own = Celery2()
other = Proxy(lambda: None)
# --- file: shop/tasks.py
from pyramid_celery import celery_app
from .apps import annotated, chosen, created, extension, made, number, other, own, subclass

@subclass.task
def a(): ...

@annotated.task(bind=True)
def b(self): ...

@chosen.task
def c(): ...

@extension.task
def d(): ...

@made.task
def e(): ...

@created.task
def f(): ...

@celery_app.task
def g(): ...

@number.task
def no_app(): ...

@own.task
def own_class(): ...

@other.task
def proxy(): ...
`)
    expect(taskNames(project)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `shop.tasks.${name}`))
  })

  it('go by the name that a constant gives them', () => {
    const project = link(`
# --- file: shop/names.py
import enum
MAIL = "shop.mail"
class Names(str, enum.Enum):
    PACK = "shop.pack"
# --- file: shop/tasks.py
import os
from celery import Task, shared_task
from .names import MAIL, Names

@shared_task(name=MAIL)
def mail(): ...

@shared_task(name=Names.PACK)
def pack(): ...

@shared_task(name=os.environ["NAME"])
def unseen(): ...

class Sync(Task):
    name = MAIL + ".sync"
    def run(self): ...
`)
    expect(taskNames(project)).toEqual(['?Sync', '?unseen', 'shop.mail', 'shop.pack'])
  })

  it('go by the name of the function where a wrapper visibly leaves it, and by none that is known otherwise', () => {
    const project = link(`
# --- file: lib/tasks.py
import functools
from celery import shared_task

def on_queue(*args, **kwargs):
    return shared_task(*args, queue="slow", **kwargs)

def renaming(*args, **kwargs):
    kwargs.setdefault("name", "lib.renamed")
    return shared_task(*args, **kwargs)

def named(name, **kwargs):
    return shared_task(name=f"lib.{name}", **kwargs)

def careless(func):
    def inner(*a, **k):
        return func(*a, **k)
    return shared_task(inner)

class Late:
    def __init__(self, queue):
        self.queue = queue

    def __call__(self, func=None, *, singleton=False):
        if func is None:
            return lambda func: self._decorate(func, singleton)
        return self._decorate(func, singleton)

    def _decorate(self, func, singleton):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            return func(*args, **kwargs)
        return shared_task(acks_late=True, queue=self.queue)(wrapper)

late = Late("late")
# --- file: shop/tasks.py
from lib.tasks import careless, late, named, on_queue, renaming

@on_queue()
def queued(): ...

@on_queue(name="shop.chosen")
def chosen(): ...

@late
def bare(): ...

@late(singleton=True)
def called(): ...

@renaming()
def renamed(): ...

@named("x")
def given(): ...

@careless
def lost(): ...
`)
    expect(taskNames(project)).toEqual([
      '?given',
      '?lost',
      '?renamed',
      'shop.chosen',
      'shop.tasks.bare',
      'shop.tasks.called',
      'shop.tasks.queued',
    ])
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

  it('are resolved where a package exports a task under the name of the module that defines it', () => {
    const project = link(`
# --- file: shop/tasks/__init__.py
from .mail import mail
from . import pack
# --- file: shop/tasks/mail.py
from celery import shared_task

@shared_task
def mail(pk): ...
# --- file: shop/tasks/pack.py
from celery import shared_task

@shared_task
def pack(pk): ...
# --- file: shop/views.py
from shop.tasks import mail, pack
from .tasks import mail as post

def go():
    mail.delay(1)
    post.delay(2)
    pack.delay(3)
    pack.pack.delay(4)
`)
    expect(dispatches(project)).toEqual([
      'mail.delay(1) -> shop.tasks.mail.mail',
      'post.delay(2) -> shop.tasks.mail.mail',
      'pack.pack.delay(4) -> shop.tasks.pack.pack',
    ])
  })

  it('are resolved in modules that are imported by a call, and through objects that a function gave back', () => {
    const project = link(`
# --- file: shop/celery.py
from celery import Celery
from acme import instrumented, serialized
app = Celery("shop")
app = instrumented(app)
# --- file: shop/tasks.py
from .celery import app

@app.task
def mail(pk): ...
# --- file: shop/models.py
import importlib
from importlib import import_module

def save(name):
    tasks = importlib.import_module("shop.tasks")
    tasks.mail.delay(1)
    import_module("shop.tasks").mail.delay(2)
    unknown = import_module(name)
    unknown.mail.delay(3)
    other = name.import_module("shop.tasks")
    other.mail.delay(4)
`)
    expect(taskNames(project)).toEqual(['shop.tasks.mail'])
    expect(dispatches(project)).toEqual(['tasks.mail.delay(1) -> shop.tasks.mail'])
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
