# --- file: shop/tasks.py
import datetime as dt
from datetime import datetime, timedelta

from celery import chain, shared_task
from django.conf import settings
from django.utils import timezone

from .celery import app

DAY = 24 * 60 * 60
GRACE = timedelta(days=3)


@shared_task
def expire(trial_id): ...


@shared_task(bind=True)
def poll(self, order_id):
    # expect: long-eta-countdown
    raise self.retry(countdown=DAY)


def start(trial, delay):
    # expect: long-eta-countdown
    expire.apply_async((trial.pk,), countdown=14 * 24 * 3600)
    # expect: long-eta-countdown
    expire.apply_async((trial.pk,), countdown=GRACE.total_seconds())
    # expect: long-eta-countdown
    expire.apply_async((trial.pk,), eta=timezone.now() + timedelta(days=14))
    # expect: long-eta-countdown
    expire.apply_async((trial.pk,), eta=dt.datetime.now(dt.timezone.utc) + GRACE)
    due = datetime.utcnow() + GRACE
    # expect: long-eta-countdown
    expire.apply_async((trial.pk,), eta=due)
    # expect: long-eta-countdown
    chain(expire.s(trial.pk).set(countdown=DAY), expire.si(trial.pk))()
    # expect: long-eta-countdown
    app.send_task("shop.tasks.expire", (trial.pk,), countdown=DAY)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), countdown=30 * 60)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), countdown=3600)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), countdown=delay)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), countdown=settings.TRIAL_SECONDS)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), eta=trial.ends_at)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), eta=trial.ends_at + GRACE)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), eta=timezone.now() - GRACE)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), expires=DAY)
    # ok: long-eta-countdown
    expire.apply_async((trial.pk,), eta=timezone.now() + timedelta(minutes=delay))
    # ok: long-eta-countdown
    expire.delay(DAY)


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop", broker="redis://queue/0")
