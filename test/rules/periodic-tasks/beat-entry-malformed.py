# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")

# --- file: shop/settings.py
from datetime import timedelta

from celery.schedules import crontab

DEFAULTS = {"task": "shop.tasks.sync", "schedule": 900}
REGIONS = ["north", "south"]
FULL = ("full",)

CELERY_BEAT_SCHEDULE = {
    "sync": {
        "task": "shop.tasks.sync",
        "schedule": 900,
        # expect: beat-entry-malformed
        # fix: "args": ("full",),
        "args": ("full"),
        # expect: beat-entry-malformed
        # fix: "options": {"expires": 600},
        "expires": 600,
    },
    # ok: beat-entry-malformed
    "purge": {
        'task': 'shop.tasks.purge',
        # expect: beat-entry-malformed
        # fix: 'schedule': timedelta(days=1),  # at any hour
        'schedul': timedelta(days=1),  # at any hour
        # expect: beat-entry-malformed
        # fix: 'args': [30],
        'args': 30,
    },
    "report": {
        "task": "shop.tasks.report",
        "schedule": crontab(minute=0, hour=4),
        # expect: beat-entry-malformed
        "queue": "slow",
        # expect: beat-entry-malformed
        "priority": 3,
        # expect: beat-entry-malformed
        "kwargs": ["north"],
        "options": {"expires": 600},
    },
    # expect: beat-entry-malformed
    "nameless": {"schedule": 60},
    # expect: beat-entry-malformed
    "timeless": {"task": "shop.tasks.sync"},
    "odd": {
        "task": "shop.tasks.sync",
        "schedule": 60,
        # expect: beat-entry-malformed
        "comment": "as agreed with the warehouse",
        # expect: beat-entry-malformed
        "args": {"full"},
        # expect: beat-entry-malformed
        "options": "slow",
    },
    # ok: beat-entry-malformed
    "plain": {"task": "shop.tasks.sync", "schedule": 60, "args": ("full",), "kwargs": {"region": "north"}},
    # ok: beat-entry-malformed
    "all": {"task": "shop.tasks.sync", "schedule": 60, "relative": True, "options": {"queue": "slow"}, "args": []},
    # ok: beat-entry-malformed
    "merged": {**DEFAULTS, "args": [*REGIONS]},
    # ok: beat-entry-malformed
    "named": {"task": "shop.tasks.sync", "schedule": 60, "args": FULL, "kwargs": dict(region="north")},
    # ok: beat-entry-malformed
    "empty": {"task": "shop.tasks.sync", "schedule": 60, "args": (), "kwargs": None},
}

CELERY_TASK_ROUTES = {
    # ok: beat-entry-malformed
    "shop.tasks.sync": {"queue": "slow"},
}
