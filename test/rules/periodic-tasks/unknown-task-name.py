# --- file: shop/celery.py
from celery import Celery
from celery.signals import task_failure

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule["sweep"] = {
    # expect: unknown-task-name
    # fix: "task": "shop.tasks.sweep_carts",
    "task": "shop.tasks.sweep_cart",
    "schedule": 60,
}
app.conf.task_annotations = {
    # ok: unknown-task-name
    "*": {"rate_limit": "10/s"},
    # ok: unknown-task-name
    "shop.tasks.close_till": {"rate_limit": "1/m"},
    # expect: unknown-task-name
    # fix: "shop.tasks.send_digest": {"rate_limit": "5/m"},
    "shop.tasks.send_digets": {"rate_limit": "5/m"},
}


@task_failure.connect
def report(sender=None, **kwargs): ...
# --- file: shop/settings.py
from datetime import timedelta

RECONCILE = "shop.ledger.tasks.reconcile"
# expect: unknown-task-name
LEGACY = 'shop.ledger.jobs.archive'

CELERY_BEAT_SCHEDULE = {
    # expect: unknown-task-name
    # fix: "digest": {"task": "shop.tasks.send_digest", "schedule": 3600.0},
    "digest": {"task": "shop.task.send_digest", "schedule": 3600.0},
    "till": {
        # expect: unknown-task-name
        # fix: "task": 'shop.tasks.close_till',  # at closing time
        "task": 'close_till',  # at closing time
        "schedule": timedelta(hours=24),
    },
    "export": {
        # The function is there, and its task has another name.
        # expect: unknown-task-name
        # fix: "task": "nightly-export",
        "task": "shop.tasks.export",
        "schedule": timedelta(hours=24),
    },
    "reindex": {
        # The task lives where it was defined, not where it was imported.
        # expect: unknown-task-name
        # fix: "task": "shop.search.reindex",
        "task": "shop.tasks.reindex",
        "schedule": timedelta(hours=1),
    },
    "helper": {
        # expect: unknown-task-name
        "task": "shop.tasks.percentage",
        "schedule": timedelta(hours=1),
    },
    "moved": {
        # expect: unknown-task-name
        # fix: "task": "shop.ledger.tasks.reconcile",
        "task": "shop.billing.reconcile",
        "schedule": timedelta(hours=1),
    },
    "gone": {
        # expect: unknown-task-name
        "task": "shop.tasks.forgotten",
        "schedule": timedelta(hours=1),
    },
    "long": {
        # No fix: the string has two parts.
        # expect: unknown-task-name
        "task": "shop.tasks."
        "send_digset",
        "schedule": timedelta(hours=1),
    },
    "legacy": {"task": LEGACY, "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "reconcile": {"task": RECONCILE, "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "good": {"task": "shop.tasks.send_digest", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "named": {"task": "nightly-export", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "of-celery": {"task": "celery.backend_cleanup", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "of-a-package": {"task": "django_celery_results.tasks.purge", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "of-another-project": {"task": "warehouse.tasks.count", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "version": {"task": "partner-sync-v2", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "registered": {"task": "shop.legacy.clean", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "registered-elsewhere": {"task": "shop.legacy.wipe", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "factory": {"task": "shop.legacy.pull_eu", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "decorated": {"task": "shop.outside.measure", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "starred": {"task": "shop.starred.anything", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "class-based": {"task": "shop.tasks.Refund", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "computed": {"task": f"shop.tasks.{'send'}_it", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "other-root": {"task": "printer.tasks.cut", "schedule": timedelta(hours=1)},
    # expect: unknown-task-name
    # fix: "cut-short": {"task": "shop.commands.expire_carts", "schedule": timedelta(hours=1)},
    "cut-short": {"task": "commands.expire_carts", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "in-full": {"task": "shop.commands.expire_carts", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "of-another-package": {"task": "billing.expire_carts", "schedule": timedelta(hours=1)},
    # ok: unknown-task-name
    "other-open-root": {"task": "scanner.read_label", "schedule": timedelta(hours=1)},
}

CELERY_TASK_ROUTES = [
    {
        # ok: unknown-task-name
        "shop.tasks.*": {"queue": "shop"},
        # expect: unknown-task-name
        # fix: "shop.tasks.send_digest": {"queue": "mail"},
        "shop.tasks.senddigest": {"queue": "mail"},
        # ok: unknown-task-name
        "shop.billing.charge": {"queue": "mail"},
    },
    (
        # expect: unknown-task-name
        "shop.tasks.mail_everybody", {"queue": "mail"}
    ),
    # ok: unknown-task-name
    "shop.routers.by_region",
]
# --- file: shop/routers.py
def by_region(name, args, kwargs, options, task=None, **rest): ...
# --- file: shop/local_settings.py
CELERY_TASK_ROUTES = (
    # ok: unknown-task-name
    "shop.routers.by_region",
    {"shop.tasks.*": {"queue": "shop"}},
)
# --- file: shop/views.py
from celery import current_app, signature
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from .celery import app


def schedule(request):
    every, _ = IntervalSchedule.objects.get_or_create(every=10, period="minutes")
    PeriodicTask.objects.update_or_create(
        name="shop.tasks.closetill",
        defaults={
            "interval": every,
            # expect: unknown-task-name
            # fix: "task": "shop.tasks.close_till",
            "task": "shop.tasks.closetill",
        },
    )
    # expect: unknown-task-name
    # fix: PeriodicTask(name="till", interval=every, task="shop.tasks.close_till").save()
    PeriodicTask(name="till", interval=every, task="shop.tasks.close_tlil").save()
    # ok: unknown-task-name
    PeriodicTask.objects.get_or_create(name="till", interval=every, task="shop.tasks.close_till")
    # ok: unknown-task-name
    PeriodicTask.objects.filter(task="shop.tasks.closed_till").delete()


def send(request):
    # expect: unknown-task-name
    # fix: app.send_task("shop.tasks.close_till", args=[1])
    app.send_task("shop.tasks.close_tills", args=[1])
    # expect: unknown-task-name
    current_app.send_task(name="shop.tasks.vanished")
    # expect: unknown-task-name
    # fix: signature("shop.tasks.send_digest", args=(1,)).delay()
    signature("shop.tasks.send_digests", args=(1,)).delay()
    # Another service's, as far as anybody can tell.
    # ok: unknown-task-name
    app.send_task("shop.task.close_till", args=[1])
    # ok: unknown-task-name
    app.send_task("warehouse.tasks.count")
    # ok: unknown-task-name
    app.send_task(request.GET["task"])
# --- file: shop/migrations/0002_schedule.py
from django_celery_beat.models import PeriodicTask


def forwards(apps, schema_editor):
    # ok: unknown-task-name
    PeriodicTask.objects.create(name="till", task="shop.tasks.close_tills")
# --- file: shop/tests/test_views.py
from shop.celery import app


def test_send():
    # ok: unknown-task-name
    app.send_task("shop.tasks.nothing")
# --- file: shop/__init__.py
from .celery import app as celery_app
# --- file: shop/tasks.py
from celery import Task, shared_task

from .celery import app
from .search import reindex


@shared_task
def send_digest(pk=None): ...


@shared_task
def close_till(pk=None): ...


@shared_task
def sweep_carts(): ...


@shared_task(name="nightly-export")
def export(): ...


@shared_task(name="shop.commands.expire_carts")
def expire_carts(): ...


@shared_task(name="partner-sync-v1")
def partner_sync(): ...


class Refund(Task):
    def run(self, pk): ...


def percentage(part, whole): ...


app.register_task(Refund())
# --- file: shop/search.py
from celery import shared_task


@shared_task
def reindex(): ...
# --- file: shop/legacy.py
from .celery import app
from .plain import wipe


def clean(): ...


app.task(clean)
app.task(wipe)

for region in ("eu", "us"):
    app.task(name=f"shop.legacy.pull_{region}")(lambda: None)
# --- file: shop/plain.py
def wipe(): ...
# --- file: shop/outside.py
from vendor.celery import measured


@measured
def measure(): ...
# --- file: shop/starred.py
from vendor.celery.everything import *
# --- file: shop/ledger/__init__.py
"""Money."""
# --- file: shop/ledger/tasks.py
from celery import shared_task


@shared_task
def reconcile(): ...
# --- file: devices/printer/tasks.py
from celery import shared_task


@shared_task
def cut(): ...
# --- file: devices/scanner.py
from celery import shared_task


@shared_task
def read_label(): ...
# --- file: shop/config.py
from datetime import timedelta

CELERY_BEAT_SCHEDULE = {
    "sweep": {
        # expect: unknown-task-name
        # fix: "task": "shop.tasks.sweep_carts",
        "task": "shop.task.sweep_carts",
        "schedule": timedelta(hours=1),
    },
    "digest": {
        # ok: unknown-task-name
        "task": "shop.tasks.send_digest",
        "schedule": timedelta(hours=1),
    },
}
