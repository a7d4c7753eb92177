/** States of a small shop whose files lead to each other in many ways, for properties of a chain of them. */
import fc from 'fast-check'
import type { Files } from './memory-snapshot.ts'

/** What each file can hold; undefined when it is not there. */
export const variants: Readonly<Record<string, readonly (string | undefined)[]>> = {
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
  // What stands between a name and what it means, or between a class and its bases.
  'shop/__init__.py': ['from shop.tasks import *', 'from shop.services import send', ''],
  'shop/orders.py': [
    'from shop import ship\nfrom shop.models import Order\n\ndef order(pk):\n    ship.delay(Order.objects.get(pk=pk), pk)',
    'import shop\n\ndef order(pk):\n    shop.send(pk)',
  ],
  'shop/mixins.py': [
    'class Saves:\n    def perform_create(self, serializer):\n        self.done(serializer.save())',
    'class Saves:\n    def done(self, order): ...',
    undefined,
  ],
  'shop/api.py': [
    'from rest_framework.viewsets import ModelViewSet\nfrom shop.mixins import Saves\nfrom shop.orders import order\n\nclass Orders(Saves, ModelViewSet):\n    def done(self, made):\n        order(made)',
    'from rest_framework.viewsets import ModelViewSet\nfrom shop.mixins import Saves\nfrom shop.services import send\n\nclass Orders(Saves, ModelViewSet):\n    def create(self, request):\n        made = self.get_serializer().save()\n        send(made)',
  ],
  'shop/retried.py': [
    'from celery import Task\n\nclass Retried(Task):\n    acks_late = True\n    autoretry_for = (Exception,)\n    max_retries = None',
    'from celery import Task\n\nclass Retried(Task):\n    def apply_async(self, *args, **kwargs):\n        transaction.on_commit(lambda: super().apply_async(*args, **kwargs))',
  ],
  'shop/jobs.py': [
    'from celery import chain, shared_task\nfrom shop.retried import Retried\nfrom shop.tasks import ship\n\n@shared_task(base=Retried)\ndef job(order):\n    return chain(ship.s(order), ship.si(order))',
    'from celery import shared_task\nfrom shop.retried import Retried\nfrom shop.tasks import ship\n\n@shared_task(base=Retried, bind=True)\ndef job(self, order):\n    ship.delay(order).get()',
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

/** A state of the repository. */
export const state = fc.record(
  Object.fromEntries(Object.entries(variants).map(([path, texts]) => [path, fc.constantFrom(...texts)])),
)

/** The files that are there. */
export const present = (files: Readonly<Record<string, string | undefined>>): Files =>
  Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined))
