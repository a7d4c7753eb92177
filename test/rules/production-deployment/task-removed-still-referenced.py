# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/migrations/0007_schedule.py
from django.db import migrations
from django_celery_beat.models import PeriodicTask


def forwards(apps, schema_editor):
    # ok: task-removed-still-referenced
    PeriodicTask.objects.create(name="old", task="shop.tasks.purge_carts")
# --- before
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def purge_carts():
    Cart.objects.stale().delete()


@shared_task
def ping(): ...


@shared_task
def moved_on(order_id):
    order = Order.objects.get(pk=order_id)
    order.move_on(when=now())


@shared_task(name="shop.kept")
def kept_by_name(): ...


@shared_task
def reindex(pk): ...


@shared_task
def notify(pk): ...


@shared_task
def decorated(pk): ...


@shared_task
def handed_on(pk): ...


@shared_task
def tidy(pk): ...


@shared_task
def kept_elsewhere(pk): ...


@shared_task
def plain_elsewhere(pk): ...


@shared_task
def handed_on_elsewhere(pk): ...
# --- file: shop/old.py
from celery import shared_task


@shared_task
def export(pk): ...
# --- after
# --- file: shop/tasks.py
from .orders import handed_on_elsewhere, kept_elsewhere, plain_elsewhere
from .registry import job, register
from celery import shared_task


@shared_task(name="shop.kept")
def kept_under_another_function(): ...


@shared_task
def reindex(pk): ...


def notify(pk): ...


@job
def decorated(pk): ...


def handed_on(pk): ...


register(handed_on)
register(handed_on_elsewhere)
# --- file: shop/registry.py
def job(function): ...


def register(function): ...
# --- file: shop/senders.py
from functools import partial

from django.db import transaction

from . import tasks
from .tasks import decorated, handed_on, handed_on_elsewhere, kept_elsewhere, notify, plain_elsewhere, reindex

try:
    from .tasks import tidy as tried
except ImportError:
    tried = None


def send(order):
    # expect: task-removed-still-referenced
    notify.delay(order.pk)
    # expect: task-removed-still-referenced
    transaction.on_commit(partial(tasks.notify.delay, order.pk))
    # expect: task-removed-still-referenced
    tasks.tidy.apply_async((order.pk,))
    # called as the function that it is
    # ok: task-removed-still-referenced
    notify(order.pk)
    # ok: task-removed-still-referenced
    reindex.delay(order.pk)
    # what a decorator makes of it, nobody can see
    # ok: task-removed-still-referenced
    decorated.delay(order.pk)
    # ok: task-removed-still-referenced
    handed_on.delay(order.pk)
    # ok: task-removed-still-referenced
    handed_on_elsewhere.delay(order.pk)
    # ok: task-removed-still-referenced
    kept_elsewhere.delay(order.pk)
    # moved, and no task any more
    # expect: task-removed-still-referenced
    plain_elsewhere.delay(order.pk)
    # expect: task-removed-still-referenced
    tasks.plain_elsewhere.delay(order.pk)
    # ok: task-removed-still-referenced
    tried.delay(order.pk)


def send_later(order):
    from .old import export
    from .tasks import tidy

    # expect: task-removed-still-referenced
    tidy.delay(order.pk)
    # expect: task-removed-still-referenced
    export.s(order.pk).delay()
# --- file: shop/orders.py
from celery import shared_task


@shared_task
def kept_elsewhere(pk): ...


def plain_elsewhere(pk): ...


def handed_on_elsewhere(pk): ...


@shared_task
def moved_on(order_id):
    order = Order.objects.get(pk=order_id)
    order.move_on(when=now())
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
CELERY_BEAT_SCHEDULE = {
    # expect: task-removed-still-referenced
    "carts": {"task": "shop.tasks.purge_carts", "schedule": 3600},
    # ok: task-removed-still-referenced
    "kept": {"task": "shop.kept", "schedule": 3600},
    # what was renamed is for task-renamed-or-moved
    # ok: task-removed-still-referenced
    "moved": {"task": "shop.tasks.moved_on", "schedule": 3600},
    # never existed, and is no business of this change
    # ok: task-removed-still-referenced
    "never": {"task": "shop.tasks.never_was", "schedule": 3600},
}
CELERY_TASK_ROUTES = {
    # expect: task-removed-still-referenced
    "shop.tasks.ping": {"queue": "fast"},
    # ok: task-removed-still-referenced
    "shop.tasks.*": {"queue": "shop"},
    # ok: task-removed-still-referenced
    "shop.tasks.reindex": {"queue": "search"},
}
# --- file: shop/views.py
from celery import current_app, signature
from django_celery_beat.models import PeriodicTask

from .celery import app


def start(order):
    # expect: task-removed-still-referenced
    current_app.send_task("shop.tasks.ping")
    # expect: task-removed-still-referenced
    signature("shop.tasks.purge_carts").delay()
    # expect: task-removed-still-referenced
    PeriodicTask.objects.update_or_create(name="carts", defaults={"task": "shop.tasks.purge_carts"})
    # ok: task-removed-still-referenced
    app.send_task("shop.tasks.reindex", (order.pk,))
# --- file: shop/migrations/0008_schedule.py
from django.db import migrations
from django_celery_beat.models import PeriodicTask


def forwards(apps, schema_editor):
    # expect: task-removed-still-referenced
    PeriodicTask.objects.create(name="carts", task="shop.tasks.purge_carts")
