from datetime import date, datetime, timedelta

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from .celery import app


def remind_weekly(start: date):
    # expect: weekday-crontab-convention
    # fix: return crontab(minute=0, hour=8, day_of_week=start.isoweekday() % 7)
    return crontab(minute=0, hour=8, day_of_week=start.weekday())


def remind_weekly_iso(start: date):
    # expect: weekday-crontab-convention
    # fix: return crontab(0, 8, start.isoweekday() % 7)
    return crontab(0, 8, start.isoweekday())


def plan(course):
    # expect: weekday-crontab-convention
    # fix: at = crontab(minute=0, hour=8, day_of_week=str(timezone.localdate().isoweekday() % 7))  # each week
    at = crontab(minute=0, hour=8, day_of_week=str(timezone.localdate().weekday()))  # each week
    app.add_periodic_task(at, digest.s(course.pk), name="digest")


def plan_from_monday(course):
    # expect: weekday-crontab-convention
    # fix: at = crontab(minute=0, hour=8, day_of_week=course.start.isoweekday() % 7)
    at = crontab(minute=0, hour=8, day_of_week=course.start.weekday() + 1)
    app.add_periodic_task(at, digest.s(course.pk), name="digest")


def plan_by_name(course):
    day = (course.start - timedelta(days=1)).weekday()
    # expect: weekday-crontab-convention
    return crontab(minute=30, hour=7, day_of_week=day)


def plan_as_text(course):
    # expect: weekday-crontab-convention
    return crontab(minute=30, hour=7, day_of_week=f"{course.start.weekday()}")


def store(course):
    when, _ = CrontabSchedule.objects.get_or_create(
        minute="0",
        hour="8",
        # expect: weekday-crontab-convention
        # fix: day_of_week=datetime.now().isoweekday() % 7,
        day_of_week=datetime.now().weekday(),
    )
    PeriodicTask.objects.create(crontab=when, name=f"digest-{course.pk}", task="shop.tasks.digest")


def right(course):
    # ok: weekday-crontab-convention
    first = crontab(minute=0, hour=8, day_of_week=course.start.isoweekday() % 7)
    # ok: weekday-crontab-convention
    second = crontab(minute=0, hour=8, day_of_week=(course.start.weekday() + 1) % 7)
    # ok: weekday-crontab-convention
    third = crontab(minute=0, hour=8, day_of_week=int(course.start.strftime("%w")))
    # ok: weekday-crontab-convention
    fourth = crontab(minute=0, hour=8, day_of_week=course.start.strftime("%a"))
    # ok: weekday-crontab-convention
    fifth = crontab(minute=course.start.weekday(), hour=8)
    # ok: weekday-crontab-convention
    sixth = crontab(minute=0, hour=8, day_of_week=course.weekday)
    return first, second, third, fourth, fifth, sixth


def other(course):
    # ok: weekday-crontab-convention
    course.update(day_of_week=course.start.weekday())


@shared_task
def digest(pk):
    return pk
