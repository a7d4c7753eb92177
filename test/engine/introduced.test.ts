/** Which findings a change introduced, and which changed line brought each about. */
import { describe, expect, it } from 'vitest'
import { compareProjects } from '../../src/engine/analyse.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'
import { rules } from '../support/rules.ts'

async function introduced(before: Files, after: Files) {
  const { findings } = await compareProjects(
    { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) },
    { rules },
  )
  return findings
}
const lines = async (before: Files, after: Files) =>
  (await introduced(before, after)).map(({ path, line }) => `${path}:${line}`)

const head = 'from celery.schedules import crontab\n\n\n'
const tasks = 'from celery import shared_task\n\n\n@shared_task\ndef ship(order_id): ...\n'
const view = (body: string) =>
  `from django.db import transaction\n\nfrom .tasks import ship\n\n\n${body.replace(/^\|/gm, '')}`
const checkout = `def checkout(order):
    with transaction.atomic():
        order.save()
        ship.delay(order.pk)
`

describe('what was there before is not new', () => {
  const before = { 'shop/tasks.py': tasks, 'shop/views.py': view(checkout) }

  it.each([
    ['in a function with another name', { ...before, 'shop/views.py': view(checkout.replace('checkout', 'buy')) }],
    ['with other names for its variables', { ...before, 'shop/views.py': view(checkout.replaceAll('order', 'cart')) }],
    [
      'in a block that went one level down',
      { ...before, 'shop/views.py': view(checkout.replace(/^ {4}/gm, '        ').replace('\n', '\n    if order:\n')) },
    ],
    [
      'as a formatter leaves it',
      { ...before, 'shop/views.py': view(checkout.replace('order.pk', '\n            order.pk,  # key\n        ')) },
    ],
    [
      'in a function that went to another file',
      { ...before, 'shop/views.py': 'from .buying import checkout\n', 'shop/buying.py': view(checkout) },
    ],
    [
      'in a file that went and came again with other content',
      { 'shop/tasks.py': tasks, 'web/shop/buying.py': view(`X = 1\n\n\n${checkout}`).replace('.tasks', 'shop.tasks') },
    ],
  ])('%s', async (_, after) => {
    expect(await lines({}, before)).toEqual(['shop/views.py:9'])
    expect(await lines(before, after)).toEqual([])
  })
})

describe('what was there before, and had its arguments edited, is not new', () => {
  const views = (body: string) => ({
    'shop/tasks.py': tasks.replace('order_id', 'order_id, *rest'),
    'shop/views.py': view(body),
  })
  const edited = (from: string, to: string) => checkout.replace(`ship.delay(${from})`, to)
  const before = views(checkout)

  it.each([
    ['on its line', edited('order.pk', 'ship.delay(order.pk, order.rest)')],
    ['on several lines', edited('order.pk', 'ship.delay(\n            order.pk,\n            order.rest,\n        )')],
    ['with its result kept', edited('order.pk', 'result = ship.delay(order.pk, 1)')],
    ['sent by another method', edited('order.pk', 'ship.apply_async((order.pk,), countdown=5)')],
    [
      'in a block that changed',
      edited('order.pk', 'if order.paid:\n            log(order)\n            ship.delay(order.pk, 1)'),
    ],
    ['beside others that are not wrong', edited('order.pk', 'audit(order)\n        ship.delay(order.pk, 1)')],
  ])('%s', async (_, body) => {
    expect(await lines({}, before)).toEqual(['shop/views.py:9'])
    expect(await lines(before, views(body))).toEqual([])
  })

  it('but one more of the kind is', async () => {
    const twice = edited('order.pk', 'ship.delay(order.pk, 1)\n        ship.delay(order.pk, 2)')
    expect(await lines(before, views(twice))).toEqual(['shop/views.py:10'])
  })

  it('but one that stands where another was mended is', async () => {
    const [early, fixed] = ['crontab(hour=5)', 'crontab(hour=5, minute=0)']
    const schedule = (...times: string[]) => ({
      'a.py': `${head}TIMES = [\n${times.map((one) => `    ${one},\n`).join('')}]\n`,
    })
    expect(await lines(schedule(early), schedule(fixed, 'crontab(hour=7)'))).toEqual(['a.py:6'])
    expect(await lines(schedule(early), schedule('crontab(hour=7)'))).toEqual([])
  })

  it('but another argument that is wrong is, and what a call lacks now', async () => {
    const sending = (args: string) => ({
      'shop/tasks.py': tasks.replace('order_id', 'order_id, carrier, price'),
      'shop/views.py': view(`def buy(order):\n    ship.delay(${args})\n`),
    })
    expect(await lines(sending('{1}, 2, 3'), sending('{1}, {2}, 3'))).toEqual(['shop/views.py:7'])
    expect(await lines(sending('1, 2'), sending('1, order.carrier'))).toEqual([])
    expect(await lines(sending('1, 2'), sending('1'))).toEqual(['shop/views.py:7'])
  })

  it('but another task that is sent there is', async () => {
    const both = (body: string) => {
      const files = views(body)
      return {
        ...files,
        'shop/tasks.py': `${files['shop/tasks.py']}\n\n@shared_task\ndef pack(order_id): ...\n`,
        'shop/views.py': files['shop/views.py'].replace('ship\n', 'pack, ship\n'),
      }
    }
    expect(await lines(both(checkout), both(checkout.replace('ship.delay', 'pack.delay')))).toEqual(['shop/views.py:9'])
  })
})

describe('what is new', () => {
  it('is the one of two alike that the change wrote, not the one that comes last', async () => {
    const early = 'EARLY = crontab(hour=5)\n'
    expect(await lines({ 'a.py': head + early }, { 'a.py': `${head}${early}${early}` })).toEqual(['a.py:5'])
    expect(
      await lines({ 'a.py': `${head}A = 1\n${early}` }, { 'a.py': `${head}NEW = crontab(hour=5)\nA = 1\n${early}` }),
    ).toEqual(['a.py:4'])
  })

  it('is a copy, where the original stays', async () => {
    const before = { 'shop/tasks.py': tasks, 'shop/views.py': view(checkout) }
    expect(await lines(before, { ...before, 'shop/copy.py': view(checkout) })).toEqual(['shop/copy.py:9'])
  })
})

describe('what cannot be read at the head', () => {
  const app = `from celery import Celery\n\napp = Celery("shop")\napp.conf.beat_schedule = {\n    "ship": {"task": "shop.tasks.ship", "schedule": 60, "args": [1]},\n}\n`
  const before = { 'shop/app.py': app, 'shop/tasks.py': tasks }

  it.each([
    ['is no file whose tasks are gone', '# celery\0'],
    ['is no task that is gone', 'from celery import shared_task\n\n\n@shared_task\ndef ship(order_id:: ...\n'],
    ['is no task that lost a parameter', tasks.replace('(order_id)', '(!)')],
    ['is no task that has another name', tasks.replace('@shared_task', '@shared_task(name=PREFIX + "ship")')],
    [
      'is no task that a decorator of somebody else may make',
      tasks.replace('shared_task', 'job').replace('celery', 'vendor'),
    ],
    ['is no task that may come with a star', 'from .vendored import *  # celery\n'],
  ])('%s', async (_, text) => {
    expect(await introduced(before, { ...before, 'shop/tasks.py': text })).toEqual([])
  })
})

describe('the cause', () => {
  it('of a caller that no longer fits is the changed signature', async () => {
    const signature = '@shared_task\ndef ship(\n    order_id,\n    carrier,\n): ...\n'
    const before = { 'shop/tasks.py': tasks, 'shop/views.py': view('def buy(order):\n    ship.delay(order.pk)\n') }
    const findings = await introduced(before, {
      ...before,
      'shop/tasks.py': `from celery import shared_task\n\n\n${signature}`,
    })
    const caller = findings.find(({ rule }) => rule === 'dispatch-arity-mismatch')
    expect(caller).toMatchObject({ path: 'shop/views.py', line: 7, cause: { path: 'shop/tasks.py', line: 5 } })
  })

  it('of a setting that lost its namespace is the call that reads the settings', async () => {
    const app = (args: string) =>
      `from celery import Celery\n\napp = Celery("shop")\napp.config_from_object("django.conf:settings"${args})\n`
    const settings = 'INSTALLED_APPS = []\nCELERY_TASK_ACKS_LATE = True\n'
    const [finding] = await introduced(
      { 'shop/celery.py': app(', namespace="CELERY"'), 'shop/settings.py': settings },
      { 'shop/celery.py': app(''), 'shop/settings.py': settings },
    )
    expect(finding).toMatchObject({
      rule: 'celery-setting-ignored',
      path: 'shop/settings.py',
      cause: { path: 'shop/celery.py', line: 4 },
    })
  })

  it('of a schedule whose task is gone is the place where that stood', async () => {
    const app = `from celery import Celery\n\napp = Celery("shop")\napp.conf.beat_schedule = {\n    "tidy": {"task": "shop.tasks.tidy", "schedule": 60},\n}\n`
    const rest = '\n\n@shared_task\ndef keep(): ...\n'
    const before = { 'shop/app.py': app, 'shop/tasks.py': `${tasks}\n\n@shared_task\ndef tidy(): ...\n${rest}` }
    const [finding] = await introduced(before, { ...before, 'shop/tasks.py': `${tasks}${rest}` })
    expect(finding).toMatchObject({ path: 'shop/app.py', line: 5, cause: { path: 'shop/tasks.py', line: 8 } })
  })

  it('of a call that no task is there for any more is the function that was one', async () => {
    const before = { 'shop/tasks.py': tasks, 'shop/views.py': view('def buy(order):\n    ship.delay(order.pk)\n') }
    const [finding] = await introduced(before, { ...before, 'shop/tasks.py': tasks.replace('@shared_task\n', '') })
    expect(finding).toMatchObject({
      rule: 'task-removed-still-referenced',
      path: 'shop/views.py',
      line: 7,
      cause: { path: 'shop/tasks.py', line: 4 },
    })
  })

  it('lies in another file also where the file of the finding changed elsewhere', async () => {
    const changed = (text: string) => `LIMIT = 3\n${text}`
    const before = { 'shop/tasks.py': tasks, 'shop/views.py': view('def buy(order):\n    ship.delay(order.pk)\n') }
    const findings = await introduced(before, {
      'shop/tasks.py': tasks.replace('order_id', 'order_id, carrier'),
      'shop/views.py': changed(before['shop/views.py']),
    })
    const caller = findings.find(({ rule }) => rule === 'dispatch-arity-mismatch')
    expect(caller).toMatchObject({ path: 'shop/views.py', line: 8, cause: { path: 'shop/tasks.py', line: 5 } })
  })

  it('of requests that become transactions is the setting that makes them', async () => {
    const write = 'def buy(request):\n    order = Order.objects.create()\n    ship.delay(order.pk)\n'
    const settings = (on: string) => `DATABASES = {\n    "default": {\n        "ATOMIC_REQUESTS": ${on},\n    },\n}\n`
    const views = `from .models import Order\n${view(write)}`
    const before = { 'shop/tasks.py': tasks, 'shop/views.py': views, 'shop/settings.py': settings('False') }
    const [finding] = await introduced(before, {
      ...before,
      'shop/views.py': `${views}\n\nLIMIT = 3\n`,
      'shop/settings.py': settings('True'),
    })
    expect(finding).toMatchObject({
      rule: 'dispatch-after-write-atomic-requests',
      path: 'shop/views.py',
      cause: { path: 'shop/settings.py', line: 3 },
    })
  })

  it('is not guessed from an unchanged line of the file of the finding', async () => {
    const bases = (own: string) =>
      `from celery import Task\nfrom django.db import transaction\n\n\nclass Base(Task):\n${own}`
    const defers =
      '    def apply_async(self, *args, **kwargs):\n        transaction.on_commit(lambda: super().apply_async(*args, **kwargs))\n'
    const based = tasks.replace('@shared_task', 'from .bases import Base\n\n\n@shared_task(base=Base)')
    const before = { 'shop/tasks.py': based, 'shop/bases.py': bases(defers), 'shop/views.py': view(checkout) }
    const findings = await introduced(before, {
      ...before,
      'shop/bases.py': bases('    ignore_result = True\n'),
      'shop/views.py': `${before['shop/views.py']}\n\nLIMIT = 3\n`,
    })
    const finding = findings.find(({ rule }) => rule === 'dispatch-in-atomic')
    expect(finding).toMatchObject({ path: 'shop/views.py', line: 9 })
    expect(finding).not.toHaveProperty('cause')
  })

  it('is not asked for where the finding stands on a changed line', async () => {
    const before = { 'shop/tasks.py': tasks, 'shop/views.py': view('') }
    const [finding] = await introduced(before, {
      ...before,
      'shop/views.py': view('def buy():\n    ship.delay()\n'),
    })
    expect(finding).toMatchObject({ rule: 'dispatch-arity-mismatch', line: 7 })
    expect(finding).not.toHaveProperty('cause')
  })
})
