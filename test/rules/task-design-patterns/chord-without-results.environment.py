# --- file: media/celery.py
from celery import Celery

app = Celery("media")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: media/settings.py
CELERY_BROKER_URL = "redis://localhost"
# --- file: media/tasks.py
from celery import chord, shared_task


@shared_task
def score(pk): ...


@shared_task
def total(results): ...


def run(pks):
    # The environment may set `CELERY_RESULT_BACKEND`.
    # ok: chord-without-results
    chord([score.s(pk) for pk in pks], total.s()).delay()
