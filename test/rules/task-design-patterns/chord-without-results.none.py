# --- file: media/celery.py
from celery import Celery

app = Celery("media")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: media/settings.py
CELERY_BROKER_URL = "redis://localhost"
CELERY_RESULT_BACKEND = None
# --- file: media/tasks.py
from celery import chord, shared_task


@shared_task
def score(pk): ...


@shared_task
def total(results): ...


def run(pks):
    # expect: chord-without-results
    chord([score.s(pk) for pk in pks], total.s()).delay()
