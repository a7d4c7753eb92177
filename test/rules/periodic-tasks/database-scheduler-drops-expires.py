# --- file: shop/settings.py
from datetime import timedelta

CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
FIVE_MINUTES = 5 * 60
CELERY_BEAT_SCHEDULE = {
    "poll": {
        "task": "shop.tasks.poll",
        "schedule": 60,
        "options": {
            "queue": "polls",
            # expect: database-scheduler-drops-expires
            # fix: "expire_seconds": FIVE_MINUTES,  # the next one is on its way
            "expires": FIVE_MINUTES,  # the next one is on its way
        },
    },
    "close": {
        "task": "shop.tasks.close",
        "schedule": 3600,
        # expect: database-scheduler-drops-expires
        # fix: 'options': {'expire_seconds': 60},
        'options': {'expires': 60},
    },
    "sweep": {
        "task": "shop.tasks.sweep",
        "schedule": 3600,
        # A column of seconds takes no timedelta.
        # expect: database-scheduler-drops-expires
        "options": {"expires": timedelta(minutes=5)},
    },
    "report": {
        "task": "shop.tasks.report",
        "schedule": 3600,
        "options": {
            # expect: database-scheduler-drops-expires
            "time_limit": 120,
            # ok: database-scheduler-drops-expires
            "headers": {"source": "beat"},
            # ok: database-scheduler-drops-expires
            "priority": 3,
        },
    },
    # ok: database-scheduler-drops-expires
    "both": {"task": "shop.tasks.poll", "schedule": 5, "options": {"expire_seconds": 5, "expires": 5}},
    # ok: database-scheduler-drops-expires
    "never": {"task": "shop.tasks.poll", "schedule": 5, "options": {"expires": None}},
    # ok: database-scheduler-drops-expires
    "plain": {"task": "shop.tasks.poll", "schedule": 5, "options": dict(expires=5)},
}


def send(task):
    # ok: database-scheduler-drops-expires
    task.apply_async(expires=60)
