# --- file: media/limits.py
from datetime import timedelta

MINUTE = 60
GRACE = timedelta(seconds=30)
# --- file: media/patience.py
LONG = 7200
# --- file: media/celery.py
from celery import Celery

app = Celery("media")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: media/settings.py
# expect: soft-limit-not-below-hard-limit
CELERY_TASK_SOFT_TIME_LIMIT = 20 * 60
CELERY_TASK_TIME_LIMIT = 15 * 60
# --- file: media/settings_ci.py
CELERY_TASK_TIME_LIMIT = 900
if True:
    # ok: soft-limit-not-below-hard-limit
    CELERY_TASK_SOFT_TIME_LIMIT = 5000
# --- file: media/tasks.py
import os

from celery import Task, shared_task
from django.conf import settings

from . import limits
from .celery import app
from .limits import GRACE, MINUTE
from .patience import LONG

READ_LIMIT = int(os.environ["READ_LIMIT"])
GRACE_SECONDS = int(os.environ["GRACE_SECONDS"])
NO_LIMIT = None


# expect: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=600, time_limit=300)
def encode(pk): ...


# equal: the clean-up has no time
@app.task(
    time_limit=5 * MINUTE,
    # expect: soft-limit-not-below-hard-limit
    soft_time_limit=300,
)
def thumbnail(pk): ...


# the hard limit of the settings applies
# expect: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=limits.MINUTE * 30)
def transcribe(pk): ...


# expect: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=LONG, time_limit=LONG - 1)
def export(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=MINUTE, time_limit=MINUTE + GRACE.total_seconds())
def caption(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=30 * MINUTE, **OPTIONS)
def archive(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=1, time_limit=limit_of("archive"))
def publish(pk): ...


# nobody knows how long that is, but it is the same twice
# expect: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=READ_LIMIT, time_limit=READ_LIMIT)
def read(pk): ...


# expect: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=settings.MEDIA_LIMIT * 2, time_limit=settings.MEDIA_LIMIT * 2)
def write(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=READ_LIMIT - GRACE_SECONDS, time_limit=READ_LIMIT)
def graceful(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=settings.MEDIA_LIMIT, time_limit=settings.LONG_LIMIT)
def copy(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=next(LIMITS), time_limit=next(LIMITS))
def counted(pk): ...


# ok: soft-limit-not-below-hard-limit
@shared_task(soft_time_limit=NO_LIMIT, time_limit=NO_LIMIT)
def endless(pk): ...


class Patient(Task):
    abstract = True
    time_limit = 3600
    soft_time_limit = 3500


class Hasty(Patient):
    # expect: soft-limit-not-below-hard-limit
    time_limit = 60


# ok: soft-limit-not-below-hard-limit
@shared_task(base=Patient, time_limit=4000)
def upload(pk): ...


# expect: soft-limit-not-below-hard-limit
@shared_task(base=Patient, time_limit=120)
def mirror(pk): ...


class Plain:
    # ok: soft-limit-not-below-hard-limit
    soft_time_limit = 10
    time_limit = 5


def start(video, options):
    # expect: soft-limit-not-below-hard-limit
    caption.apply_async((video.pk,), soft_time_limit=120, time_limit=60)
    # this run keeps the task's soft limit of 60 s
    # expect: soft-limit-not-below-hard-limit
    caption.apply_async((video.pk,), time_limit=30)
    # ok: soft-limit-not-below-hard-limit
    caption.apply_async((video.pk,), time_limit=90)
    # ok: soft-limit-not-below-hard-limit
    caption.apply_async((video.pk,), soft_time_limit=600, time_limit=options.limit)
    # ok: soft-limit-not-below-hard-limit
    caption.apply_async((video.pk,), soft_time_limit=None, time_limit=120)
