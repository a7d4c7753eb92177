# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def sync(): ...


@shared_task
def prune(): ...


@shared_task
def digest(): ...
# --- file: shop/migrations/0001_schedule.py
from django.db import migrations
from django_celery_beat.models import PeriodicTask
# --- before
# --- file: shop/settings.py
INSTALLED_APPS = ["django_celery_beat", "shop"]

CELERY_BEAT_SCHEDULE = {
    "nightly-sync": {"task": "shop.tasks.sync", "schedule": 86400},
    "kept": {"task": "shop.tasks.sync", "schedule": 3600},
    "prune": {"task": "shop.tasks.prune", "schedule": 3600},
    "digest": {"task": "shop.tasks.digest", "schedule": 3600},
    "last": {
        "task": "shop.tasks.digest",
        "schedule": 7200,
    },
    "moved": {"task": "shop.tasks.digest", "schedule": 3600},
    "really-last": {"task": "shop.tasks.gone", "schedule": 7200},
}
# --- after
# --- file: shop/settings.py
from .schedule import MOVED

INSTALLED_APPS = ["django_celery_beat", "shop"]

CELERY_BEAT_SCHEDULE = {
    # expect: beat-entry-removed-or-renamed-db-scheduler
    "crm-nightly": {"task": "shop.tasks.sync", "schedule": 86400},
    # ok: beat-entry-removed-or-renamed-db-scheduler
    "kept": {"task": "shop.tasks.sync", "schedule": 60},
    # the entry before it is gone
    # expect: beat-entry-removed-or-renamed-db-scheduler
    "digest": {"task": "shop.tasks.digest", "schedule": 3600},
    # expect: beat-entry-removed-or-renamed-db-scheduler
    "last": {
        "task": "shop.tasks.digest",
        "schedule": 7200,
    },
    # ok: beat-entry-removed-or-renamed-db-scheduler
    "added": {"task": "shop.tasks.prune_more", "schedule": 60},
    **MOVED,
}
# --- file: shop/schedule.py
MOVED = {
    # ok: beat-entry-removed-or-renamed-db-scheduler
    "moved": {"task": "shop.tasks.digest", "schedule": 3600},
}
