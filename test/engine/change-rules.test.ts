/** What change rules say in which words, and how gravely: a claim is made only where it can be seen to hold. */
import { describe, expect, it } from 'vitest'
import { compareProjects } from '../../src/engine/analyse.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'
import { rules } from '../support/rules.ts'

/** What a rule says of a change, as `severity: message`. */
async function said(rule: string, before: Files, after: Files): Promise<string[]> {
  const { findings } = await compareProjects(
    { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) },
    { rules, settings: { preview: true } },
  )
  return findings.flatMap((finding) => (finding.rule === rule ? `${finding.severity}: ${finding.message}` : []))
}

const head = 'from celery import shared_task\n\n\n'

describe('a renamed task', () => {
  const named = (name: string) =>
    `${head}@shared_task(name="${name}")\ndef tag(day):\n    Parcel.objects.filter(sent=day).tag()\n`
  const renamed = (others: Files) =>
    said(
      'task-renamed-or-moved',
      { 'shop/tasks.py': named('shop.tasks.tag'), ...others },
      { 'shop/tasks.py': named('shop.tag'), ...others },
    )

  it.each([
    ['a constant', 'NAME = "shop.tasks.tag"  # celery'],
    ['a command in a string', 'COMMAND = "celery call shop.tasks.tag --args"'],
    ['a part of an f-string that is all of it', 'NAME = f"shop.tasks.tag {COUNT}"  # celery'],
  ])('is used where %s names it', async (_, script) => {
    expect(await renamed({ 'scripts/run.py': script })).toEqual([expect.stringMatching(/^error: .*already queued/)])
  })

  it('is used where a file that starts processes names it', async () => {
    const files = { Procfile: 'worker: celery -A shop worker -B\nnightly: celery -A shop call shop.tasks.tag\n' }
    expect(await renamed(files)).toEqual([expect.stringMatching(/^error: /)])
  })

  it.each([
    ['an f-string', 'NAME = f"shop.tasks.{job}"  # celery'],
    ['a sum', 'NAME = prefix + ".tag"  # celery'],
    ['getattr', 'import shop.tasks  # celery\n\nTASK = getattr(shop.tasks, "tag")'],
  ])('may be used where %s may be its name', async (_, script) => {
    expect(await renamed({ 'scripts/run.py': script })).toEqual([expect.stringMatching(/^warning: .*put together/)])
  })

  it.each([
    ['a longer name', 'NAME = "shop.tasks.tags"  # celery'],
    ['a docstring', '"""See shop.tasks.tag of celery."""'],
    ['another string', 'NAME = "tag"  # celery'],
  ])('is not seen to be used in %s', async (_, script) => {
    expect(await renamed({ 'scripts/run.py': script })).toEqual([expect.stringMatching(/^info: .*is seen here/)])
  })
})

describe('what a class or a module configures', () => {
  const tasks = `${head}@shared_task\ndef tidy(): ...\n\n\n@shared_task\ndef keep(): ...\n`
  const inClass = (body: string) => ({
    'shop/app.py':
      'from celery import Celery\n\nfrom shop.config import Config\n\napp = Celery("shop")\napp.config_from_object(Config)\n',
    'shop/config.py': `class Config:\n    beat_scheduler = "django_celery_beat.schedulers:DatabaseScheduler"\n${body.replace(/^/gm, '    ')}\n`,
  })
  const inModule = (body: string) => ({
    'shop/app.py': 'from celery import Celery\n\napp = Celery("shop")\napp.config_from_object("shop.config")\n',
    'shop/config.py': `beat_scheduler = "django_celery_beat.schedulers:DatabaseScheduler"\n${body}\n`,
  })
  const schedule = (entry: string, task = 'tidy') =>
    `beat_schedule = {\n    "keep": {"task": "shop.tasks.keep", "schedule": 60},\n    "${entry}": {"task": "shop.tasks.${task}", "schedule": 60},\n}`

  describe.each([
    ['class', inClass],
    ['module', inModule],
  ])('in a %s', (_, configured) => {
    const files = (body: string) => ({ 'shop/tasks.py': tasks, ...configured(body) })

    it('has its entries followed when they are renamed', async () => {
      const rule = 'beat-entry-removed-or-renamed-db-scheduler'
      expect(await said(rule, files(schedule('tidy')), files(schedule('tidy-up')))).toHaveLength(1)
      expect(await said(rule, files(schedule('tidy')), files(`${schedule('tidy')}\ntask_acks_late = True`))).toEqual([])
    })

    it('has the tasks of its entries known', async () => {
      const rule = 'unknown-task-name'
      expect(await said(rule, files(''), files(schedule('tidy', 'tydi')))).toHaveLength(1)
      expect(await said(rule, files(''), files(schedule('tidy')))).toEqual([])
    })

    it('has its entries linked with a task that is gone', async () => {
      const without = {
        ...files(schedule('tidy')),
        'shop/tasks.py': tasks.replace('@shared_task\ndef tidy(): ...\n', ''),
      }
      expect(await said('task-removed-still-referenced', files(schedule('tidy')), without)).toHaveLength(1)
    })

    it('has its limits compared', async () => {
      const limits = (soft: number) => `task_time_limit = 60\ntask_soft_time_limit = ${soft}`
      const rule = 'soft-limit-not-below-hard-limit'
      expect(await said(rule, files(''), files(limits(90)))).toHaveLength(1)
      expect(await said(rule, files(''), files(limits(50)))).toEqual([])
    })

    it('has its safeguards missed', async () => {
      const safe = 'task_acks_late = True\nworker_prefetch_multiplier = 1'
      const rule = 'reliability-option-dropped'
      expect(await said(rule, files(safe), files('worker_prefetch_multiplier = 1'))).toHaveLength(1)
      expect(await said(rule, files(safe), files(safe))).toEqual([])
    })
  })
})

describe('who sends a task', () => {
  const ship = (parameters: string) =>
    `${head}@shared_task\ndef ship(${parameters}): ...\n\n\n@shared_task\ndef pack(order_id): ...\n`
  const sender = (code: string) => `import json
from functools import partial

from celery import Celery, chain, chord, current_app, group, signature
from django.db import transaction
from django_celery_beat.models import PeriodicTask

from shop import tasks
from shop.tasks import pack, ship

app = Celery("shop")


def send(order, orders):
    ${code}
`
  const removed = (code: string) => {
    const files = { 'shop/__init__.py': '', 'shop/senders.py': sender(code) }
    return said(
      'task-param-removed',
      { ...files, 'shop/tasks.py': ship('order_id, note=None') },
      { ...files, 'shop/tasks.py': ship('order_id') },
    )
  }

  it.each([
    ['ship.delay(order.pk, "n")', 'ship.delay(order.pk)'],
    ['tasks.ship.apply_async((order.pk,), {"note": "n"})', 'tasks.ship.apply_async((order.pk,), countdown=5)'],
    ['ship.delay_on_commit(order.pk, note="n")', 'ship.delay_on_commit(order.pk)'],
    [
      'current_app.send_task("shop.tasks.ship", (order.pk, "n"))',
      'current_app.send_task("shop.tasks.ship", (order.pk,))',
    ],
    [
      'signature("shop.tasks.ship", args=(order.pk, "n")).delay()',
      'signature("shop.tasks.ship", args=(order.pk,)).delay()',
    ],
    ['chain(pack.s(order.pk), ship.s("n"))()', 'chain(pack.s(order.pk), ship.s())()'],
    ['(pack.s(order.pk) | ship.s(note="n")).delay()', '(pack.s(order.pk) | ship.s()).delay()'],
    ['group(ship.s(pk, "n") for pk in orders)()', 'group(ship.s(pk) for pk in orders)()'],
    ['chord([pack.s(1)], ship.s("n"))()', 'chord([pack.s(1)], ship.s())()'],
    ['pack.apply_async((1,), link=ship.s("n"))', 'pack.apply_async((1,), link=ship.si(1))'],
    [
      'transaction.on_commit(partial(ship.delay, order.pk, "n"))',
      'transaction.on_commit(partial(ship.delay, order.pk))',
    ],
    ['transaction.on_commit(lambda: ship.delay(order.pk, "n"))', 'transaction.on_commit(lambda: ship.delay(order.pk))'],
    ['app.add_periodic_task(60, ship.s(1, "n"))', 'app.add_periodic_task(60, ship.s(1))'],
    [
      'app.conf.beat_schedule = {"s": {"task": "shop.tasks.ship", "schedule": 60, "kwargs": {"note": 1}}}',
      'app.conf.beat_schedule = {"s": {"task": "shop.tasks.ship", "schedule": 60, "args": [1]}}',
    ],
    [
      'PeriodicTask.objects.create(name="s", task="shop.tasks.ship", args=json.dumps([1, "n"]))',
      'PeriodicTask.objects.create(name="s", task="shop.tasks.ship", args=json.dumps([1]))',
    ],
    ['ship.starmap([(1, "n")]).delay()', 'ship.delay(1)'],
    ['ship.chunks([(1, "n")], 10)()', 'ship.s(1).delay()'],
    ['ship.apply_async(orders)', 'ship.apply_async([1])'],
    ['ship.apply_async(kwargs=orders)', 'ship.apply_async(kwargs={"order_id": 1})'],
  ])('is asked what is passed: `%s`, or `%s`', async (passes, leavesOut) => {
    expect(await removed(passes)).toEqual([expect.stringMatching(/^error: .*carry it/)])
    expect(await removed(leavesOut)).toEqual([])
  })

  it('is not known where nothing does', async () => {
    expect(await removed('pass')).toEqual([expect.stringMatching(/^info: .*Nothing here shows/)])
  })
})

describe('a queue that is left', () => {
  const task = (queue: string) => `${head}@shared_task(queue="${queue}")\ndef ship(order_id): ...\n`
  const moved = (queues: string) => {
    const others = { Procfile: `worker: celery -A shop worker -Q ${queues}\n` }
    return said(
      'queue-left-behind',
      { 'shop/tasks.py': task('slow'), ...others },
      { 'shop/tasks.py': task('late'), ...others },
    )
  }

  it('is still read where a worker is told to, as in the first of two steps', async () => {
    expect(await moved('late')).toHaveLength(1)
    expect(await moved('late,slow-ones')).toHaveLength(1)
    expect(await moved('late,slow')).toEqual([])
  })
})

describe('what is deployed in two steps', () => {
  const files = (signature: string, sent: string, settings = '') => ({
    'shop/__init__.py': '',
    'shop/celery.py':
      'from celery import Celery\n\napp = Celery("shop")\napp.config_from_object("django.conf:settings", namespace="CELERY")\n',
    'shop/settings.py': `INSTALLED_APPS = []\n${settings}`,
    'shop/tasks.py': `${head}@shared_task\ndef ship(${signature}): ...\n\n\n@shared_task\ndef pack(pk): ...\n`,
    'shop/views.py': `from shop import tasks\n\n\ndef buy(pk):\n    ${sent}\n`,
  })

  it.each([
    [
      'a parameter, optional first',
      files('pk', 'tasks.ship.delay(pk)'),
      files('pk, note=None', 'tasks.ship.delay(pk, "n")'),
    ],
    [
      'a parameter, required once all pass it',
      files('pk, note=None', 'tasks.ship.delay(pk, "n")'),
      files('pk, note', 'tasks.ship.delay(pk, "n")'),
    ],
    [
      'a parameter that nobody passes any more',
      files('pk, note=None', 'tasks.ship.delay(pk)'),
      files('pk', 'tasks.ship.delay(pk)'),
    ],
    [
      'a keyword that all use already',
      files('pk, note=None', 'tasks.ship.delay(pk=pk, note="n")'),
      files('*, pk, note=None', 'tasks.ship.delay(pk=pk, note="n")'),
    ],
    [
      'keywords that are taken as they come',
      files('pk, **rest', 'tasks.ship.delay(pk, note="n")'),
      files('pk, note=None, **rest', 'tasks.ship.delay(pk, note="n")'),
    ],
    [
      'parameters that are taken by keyword, where nothing else is sent',
      files('pk, note=None, mark=None', 'tasks.ship.apply_async(kwargs=pk)'),
      files('*, mark=None, **rest', 'tasks.ship.apply_async(kwargs=pk)'),
    ],
    [
      'a serializer that is accepted first',
      files('pk', 'tasks.ship.delay(pk)'),
      files('pk', 'tasks.ship.delay(pk)', 'CELERY_ACCEPT_CONTENT = ["json", "yaml"]\n'),
    ],
    [
      'a serializer that was accepted before',
      files('pk', 'tasks.ship.delay(pk)', 'CELERY_ACCEPT_CONTENT = ["json", "yaml"]\n'),
      files(
        'pk',
        'tasks.ship.delay(pk)',
        'CELERY_ACCEPT_CONTENT = ["json", "yaml"]\nCELERY_TASK_SERIALIZER = "yaml"\n',
      ),
    ],
    [
      'a task that nothing sends any more',
      files('pk', 'tasks.pack.delay(pk)'),
      { ...files('pk', 'tasks.pack.delay(pk)'), 'shop/tasks.py': `${head}@shared_task\ndef pack(pk): ...\n` },
    ],
    [
      'a task that keeps its old name beside the new one',
      files('pk', 'tasks.ship.delay(pk)'),
      {
        ...files('pk', 'tasks.send_off.delay(pk)'),
        'shop/tasks.py': `${head}@shared_task\ndef send_off(pk): ...\n\n\n@shared_task(name="shop.tasks.ship")\ndef ship(pk):\n    return send_off(pk)\n\n\n@shared_task\ndef pack(pk): ...\n`,
      },
    ],
    [
      'a task that gains a binding together with self',
      files('pk', 'tasks.ship.delay(pk)'),
      {
        ...files('pk', 'tasks.ship.delay(pk)'),
        'shop/tasks.py': `${head}@shared_task(bind=True)\ndef ship(self, pk): ...\n\n\n@shared_task\ndef pack(pk): ...\n`,
      },
    ],
  ])('is left alone: %s', async (_, before, after) => {
    const { findings } = await compareProjects(
      { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) },
      { rules: rules.filter(({ scope }) => scope === 'change'), settings: { preview: true } },
    )
    expect(findings.map(({ message }) => message)).toEqual([])
  })
})

describe('how messages are written', () => {
  const files = (celery: string, settings: string) => ({
    'requirements.txt': `celery==${celery}\n`,
    'shop/celery.py':
      'from celery import Celery\n\napp = Celery("shop")\napp.config_from_object("django.conf:settings", namespace="CELERY")\n',
    'shop/settings.py': `INSTALLED_APPS = []\n${settings}`,
    'shop/tasks.py': `${head}@shared_task\ndef ship(order_id): ...\n`,
  })
  const changed = (was: [string, string], is: [string, string]) =>
    said('serializer-or-content-changed', files(...was), files(...is))
  const json = 'CELERY_TASK_SERIALIZER = "json"\nCELERY_ACCEPT_CONTENT = ["json"]\n'

  it('goes by the defaults of the version that is installed', async () => {
    expect(await changed(['3.1.26', ''], ['4.4.7', json])).toEqual([expect.stringContaining('written in `pickle`')])
    expect(await changed(['4.4.7', ''], ['5.4.0', json])).toEqual([])
    expect(await changed(['3.1.26', ''], ['3.1.26', 'CELERY_TASK_SERIALIZER = "json"\n'])).toEqual([])
    expect(await changed(['5.4.0', ''], ['5.4.0', 'CELERY_TASK_SERIALIZER = "yaml"\n'])).toHaveLength(1)
  })
})
