import os

from celery import schedules
from celery.schedules import crontab
from django_celery_beat.models import CrontabSchedule

from huey import crontab as huey_crontab

MIDNIGHT = 24
NOON = 12
WHEN = {"hours": 3}

CELERY_BEAT_SCHEDULE = {
    "sundays": {
        "task": "shop.tasks.weekly",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(minute=0, hour=6, day_of_week=0),
        "schedule": crontab(minute=0, hour=6, day_of_week=7),
    },
    "whole-week": {
        "task": "shop.tasks.weekly",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(minute=0, hour=6, day_of_week="1-0"),
        "schedule": crontab(minute=0, hour=6, day_of_week="1-7"),
    },
    "weekend": {
        "task": "shop.tasks.weekly",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(0, 6, '6,0'),  # both days
        "schedule": crontab(0, 6, '6,7'),  # both days
    },
    "zero-to-seven": {
        "task": "shop.tasks.weekly",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=6, day_of_week="0-7"),
    },
    "midnight": {
        "task": "shop.tasks.close_till",
        # expect: crontab-invalid-argument
        # fix: "schedule": schedules.crontab(minute=0, hour=0),
        "schedule": schedules.crontab(minute=0, hour=24),
    },
    "named-midnight": {
        "task": "shop.tasks.close_till",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=MIDNIGHT),
    },
    "minute-sixty": {
        "task": "shop.tasks.close_till",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(minute=[0, 0], hour=2),
        "schedule": crontab(minute=[0, 60], hour=2),
    },
    "negative": {
        "task": "shop.tasks.close_till",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=-5, hour=2),
    },
    "day-zero": {
        "task": "shop.tasks.invoice",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=0, day_of_month=0),
    },
    "month-thirteen": {
        "task": "shop.tasks.invoice",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=0, day_of_month=1, month_of_year="12-13"),
    },
    "line": {
        "task": "shop.tasks.close_till",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(minute="0", hour="5", day_of_week="1-5"),
        "schedule": crontab("0 5 * * 1-5"),
    },
    "line-of-both-days": {
        "task": "shop.tasks.close_till",
        # expect: crontab-invalid-argument
        "schedule": crontab("0 5 1 * 1"),
    },
    "last-day": {
        "task": "shop.tasks.invoice",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=1, day_of_month="L"),
    },
    "blank-step": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute="*/"),
    },
    "zero-step": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute="*/0"),
    },
    "start-and-step": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute="5/10"),
    },
    "trailing-comma": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute="0,30,"),
    },
    "plural": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(minute="*/5"),
        "schedule": crontab(minutes="*/5"),
    },
    "short": {
        "task": "shop.tasks.invoice",
        # expect: crontab-invalid-argument
        # fix: "schedule": crontab(minute=0, hour=0, day_of_month=1, month_of_year=4),
        "schedule": crontab(minute=0, hour=0, day_of_month=1, month=4),
    },
    "which-day": {
        "task": "shop.tasks.invoice",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=0, day=1),
    },
    "abroad": {
        "task": "shop.tasks.invoice",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=9, timezone="Europe/Madrid"),
    },
    "strings": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=["8"]),
    },
    "fraction": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0.5),
    },
    "nothing": {
        "task": "shop.tasks.poll",
        # expect: crontab-invalid-argument
        "schedule": crontab(minute=0, hour=None),
    },
    # ok: crontab-invalid-argument
    "names": {"task": "shop.tasks.poll", "schedule": crontab(minute=0, hour=8, day_of_week="mon-Friday,sun")},
    # ok: crontab-invalid-argument
    "months": {"task": "shop.tasks.poll", "schedule": crontab(0, 8, day_of_month=1, month_of_year="jan,july")},
    # ok: crontab-invalid-argument
    "over-night": {"task": "shop.tasks.poll", "schedule": crontab(minute="50-10", hour="22-6/2, 12")},
    # ok: crontab-invalid-argument
    "steps": {"task": "shop.tasks.poll", "schedule": crontab(minute="*/7,3-40/5", hour="*,5")},
    # ok: crontab-invalid-argument
    "many": {"task": "shop.tasks.poll", "schedule": crontab(minute=range(0, 60, 5), hour=(NOON, 18))},
    # ok: crontab-invalid-argument
    "computed": {"task": "shop.tasks.poll", "schedule": crontab(minute=os.environ.get("MINUTE", "0"), hour=f"*/{NOON}")},
    # ok: crontab-invalid-argument
    "unpacked": {"task": "shop.tasks.poll", "schedule": crontab(minute=0, **WHEN)},
    # ok: crontab-invalid-argument
    "clock": {"task": "shop.tasks.poll", "schedule": crontab(minute=0, nowfun=None)},
    # ok: crontab-invalid-argument
    "other-library": {"task": "shop.tasks.poll", "schedule": huey_crontab(minute=0, day=1)},
}


def schedule_abroad():
    # ok: crontab-invalid-argument
    return CrontabSchedule.objects.create(minute="0", hour="9", timezone="Europe/Madrid")
