/** Deriving a state from the one that was analysed last: the report is the one of an analysis from nothing. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareProjects, type RecentProject } from '../../src/engine/analyse.ts'
import { MemoryFactsCache } from '../../src/engine/facts-cache.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { changesOf, memorySnapshot } from '../support/memory-snapshot.ts'

/** What each file can hold; undefined when it is not there. */
const variants: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'shop/tasks.py': [
    'from celery import shared_task\n\n@shared_task\ndef ship(order): ...',
    'from celery import shared_task\n\n@shared_task(serializer="pickle")\ndef ship(order, note=None): ...',
    'from shop.base import task\n\n@task\ndef ship(order, note): ...',
    undefined,
  ],
  'shop/base.py': ['from celery import shared_task as task', 'def task(function):\n    return function', undefined],
  'shop/models.py': [
    'from django.db import models\n\nclass Order(models.Model): ...',
    'from django.db import models\n\nclass Order: ...',
    'from django.db import models\nfrom shop.tasks import ship\n\nclass Order(models.Model):\n    def save(self):\n        ship.delay(self)',
  ],
  'shop/services.py': [
    'from shop.tasks import ship\nfrom shop.models import Order\n\ndef send(pk):\n    ship.delay(Order.objects.get(pk=pk))',
    'from shop.tasks import ship\n\ndef send(pk):\n    ship.delay(pk)',
    // What carries a set goes by the settings, and whether it is sent in a receiver by who connects it.
    'from shop.tasks import ship\n\ndef send(pk):\n    ship.delay({pk})\n\ndef saved(sender, instance, **kwargs):\n    ship.delay(instance.pk)',
  ],
  'shop/views.py': [
    'from django.db import transaction\nfrom shop.services import send\n\ndef post(order):\n    with transaction.atomic():\n        order.save()\n        send(order.pk)',
    'from shop.locks import locked\nfrom shop.services import send\n\ndef post(order):\n    with locked():\n        order.save()\n        send(order.pk)',
  ],
  'shop/locks.py': [
    'from contextlib import contextmanager\nfrom django.db import transaction\n\n@contextmanager\ndef locked():\n    with transaction.atomic():\n        yield',
    'from contextlib import contextmanager\n\n@contextmanager\ndef locked():\n    yield',
    undefined,
  ],
  'shop/signals.py': [
    'from django.db.models.signals import post_save\nfrom django.dispatch import receiver\nfrom shop.tasks import ship\n\n@receiver(post_save)\ndef saved(sender, instance, **kwargs):\n    ship.delay(instance)',
    undefined,
  ],
  'shop/apps.py': [
    'from django.db.models.signals import post_save\nfrom shop.services import saved\n\npost_save.connect(saved)',
    undefined,
  ],
  'shop/settings.py': [
    'CELERY_TASK_SERIALIZER = "pickle"\nCELERY_ACCEPT_CONTENT = ["pickle"]',
    'CELERY_TASK_SERIALIZER = "json"\nDATABASES = {"default": {"ATOMIC_REQUESTS": True}}',
    'from celery.schedules import crontab\n\nCELERY_BEAT_SCHEDULE = {"ship": {"task": "shop.tasks.ship", "schedule": crontab(hour=5)}}',
  ],
  'shop/celery.py': [
    'from celery import Celery\n\napp = Celery("shop")\napp.config_from_object("django.conf:settings", namespace="CELERY")',
    'from celery import Celery\n\napp = Celery("shop")',
  ],
  'requirements.txt': ['celery==5.3', 'celery==5.4', undefined],
}

const state = fc.record(
  Object.fromEntries(Object.entries(variants).map(([path, texts]) => [path, fc.constantFrom(...texts)])),
)

const present = (files: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined))

it('says what an analysis from nothing says', async () => {
  const rules = await loadRules()
  const settings = { preview: true }
  let findings = 0
  await fc.assert(
    fc.asyncProperty(fc.array(state, { minLength: 3, maxLength: 5 }), async (states) => {
      const cache = new MemoryFactsCache()
      const recent: RecentProject = {}
      for (const [index, next] of states.slice(1).entries()) {
        const [from, to] = [present(states[index]!), present(next)]
        const comparison = { before: memorySnapshot(from), after: memorySnapshot(to), changes: changesOf(from, to) }
        const { stats, ...report } = await compareProjects(comparison, { rules, settings, cache, recent })
        const { stats: _, ...expected } = await compareProjects(comparison, { rules, settings, cache })
        expect(report).toEqual(expected)
        findings += expected.findings.length + expected.standing.length
      }
    }),
    { numRuns: 60 },
  )
  // Where nothing is found, nothing is compared.
  expect(findings).toBeGreaterThan(100)
})
