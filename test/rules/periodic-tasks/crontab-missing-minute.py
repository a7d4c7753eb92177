from celery import schedules
from celery.schedules import crontab
from celery.schedules import crontab as cron
from huey import crontab as huey_crontab

NIGHT = {"hour": 3}

CELERY_BEAT_SCHEDULE = {
    "close-till": {
        "task": "shop.tasks.close_till",
        # expect: crontab-missing-minute
        # fix: "schedule": crontab(hour=3, minute=0),
        "schedule": crontab(hour=3),
    },
    "weekly-report": {
        "task": "shop.tasks.report",
        # expect: crontab-missing-minute
        # fix: "schedule": cron(day_of_week="mon", minute=0, hour=0),
        "schedule": cron(day_of_week="mon"),
    },
    "twice-daily": {
        "task": "shop.tasks.report",
        # expect: crontab-missing-minute
        # fix: "schedule": schedules.crontab(hour="6,18", minute=0),  # morning and evening
        "schedule": schedules.crontab(hour="6,18"),  # morning and evening
    },
    "mondays": {
        "task": "shop.tasks.report",
        # expect: crontab-missing-minute
        # fix: "schedule": crontab(minute=30, day_of_week=1, hour=0),
        "schedule": crontab(minute=30, day_of_week=1),
    },
    # ok: crontab-missing-minute
    "at-three": {"task": "shop.tasks.close_till", "schedule": crontab(hour=3, minute=0)},
    # ok: crontab-missing-minute
    "positional": {"task": "shop.tasks.close_till", "schedule": crontab(0, 5)},
    # ok: crontab-missing-minute
    "every-minute": {"task": "shop.tasks.poll", "schedule": crontab()},
    # ok: crontab-missing-minute
    "said-so": {"task": "shop.tasks.poll", "schedule": crontab(minute="*", hour=5)},
    # ok: crontab-missing-minute
    "any-hour": {"task": "shop.tasks.poll", "schedule": crontab(hour="*")},
    # ok: crontab-missing-minute
    "weekdays": {"task": "shop.tasks.poll", "schedule": crontab(minute="*/5", day_of_week="mon-fri")},
    # ok: crontab-missing-minute
    "unpacked": {"task": "shop.tasks.close_till", "schedule": crontab(**NIGHT)},
    # ok: crontab-missing-minute
    "other-library": {"task": "shop.tasks.close_till", "schedule": huey_crontab(hour=3)},
}
