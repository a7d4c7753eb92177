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
# --- after
# --- file: shop/tasks.py
from celery import shared_task


@shared_task(name="shop.kept")
def kept_under_another_function(): ...


@shared_task
def reindex(pk): ...
# --- file: shop/orders.py
from celery import shared_task


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
