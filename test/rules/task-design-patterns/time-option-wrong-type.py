# --- file: shop/tasks.py
from datetime import datetime, timedelta

from celery import chain, shared_task
from celery.schedules import crontab
from django.utils import timezone
from django_rq import get_queue

from .celery import app

GRACE = timedelta(minutes=15)
WAIT = 30


@shared_task(bind=True)
def remind(self, order_id):
    try:
        send(order_id)
    except ConnectionError as exc:
        # expect: time-option-wrong-type
        # fix: raise self.retry(exc=exc, countdown=90)
        raise self.retry(exc=exc, countdown=timedelta(minutes=1, seconds=30))
    except TimeoutError:
        # expect: time-option-wrong-type
        # fix: self.retry(countdown=timedelta(seconds=WAIT).total_seconds())
        self.retry(eta=timedelta(seconds=WAIT))
    # ok: time-option-wrong-type
    self.retry(eta=timezone.now() + timedelta(seconds=WAIT))


def checkout(order, delay):
    # expect: time-option-wrong-type
    # fix: remind.apply_async((order.pk,), countdown=7200)  # two hours
    remind.apply_async((order.pk,), countdown=timedelta(hours=2))  # two hours
    # expect: time-option-wrong-type
    # fix: remind.apply_async((order.pk,), expires=GRACE.total_seconds())
    remind.apply_async((order.pk,), expires=GRACE)
    # expect: time-option-wrong-type
    # fix: remind.apply_async((order.pk,), countdown=timedelta(minutes=delay).total_seconds())
    remind.apply_async((order.pk,), countdown=timedelta(minutes=delay))
    # expect: time-option-wrong-type
    # fix: remind.apply_async((order.pk,), countdown=60)
    remind.apply_async((order.pk,), eta=60)
    # expect: time-option-wrong-type
    remind.apply_async((order.pk,), countdown="60")
    # expect: time-option-wrong-type
    # fix: chain(remind.s(order.pk).set(countdown=300), remind.si(order.pk))()
    chain(remind.s(order.pk).set(countdown=timedelta(minutes=5)), remind.si(order.pk))()
    # expect: time-option-wrong-type
    # fix: app.send_task("shop.tasks.remind", (order.pk,), expires=86400)
    app.send_task("shop.tasks.remind", (order.pk,), expires=timedelta(days=1))
    # ok: time-option-wrong-type
    remind.apply_async((order.pk,), countdown=GRACE.total_seconds())
    # ok: time-option-wrong-type
    remind.apply_async((order.pk,), eta=datetime.now() + timedelta(hours=1), expires=timezone.now() + GRACE)
    # ok: time-option-wrong-type
    remind.apply_async((order.pk,), countdown=delay, eta=None)
    # ok: time-option-wrong-type
    remind.delay(order.pk, timedelta(hours=1).seconds)
    # ok: time-option-wrong-type
    get_queue("default").enqueue_in(timedelta(minutes=5), remind, countdown=timedelta(minutes=5))


# --- file: shop/settings.py
from datetime import timedelta

from celery.schedules import crontab

# ok: time-option-wrong-type
CELERY_RESULT_EXPIRES = timedelta(days=1)

CELERY_BEAT_SCHEDULE = {
    "hourly": {
        "task": "shop.tasks.remind",
        "schedule": timedelta(hours=1),
        "args": (1,),
        # expect: time-option-wrong-type
        # fix: "options": {"expires": 1800},
        "options": {"expires": timedelta(minutes=30)},
    },
    "delayed": {
        "task": "shop.tasks.remind",
        "schedule": crontab(minute=0),
        "args": (1,),
        # expect: time-option-wrong-type
        "options": {"eta": 30},
    },
    "line": {
        "task": "shop.tasks.remind",
        # expect: time-option-wrong-type
        "schedule": "0 5 * * *",
        "args": (1,),
    },
    # ok: time-option-wrong-type
    "often": {"task": "shop.tasks.remind", "schedule": 30.0, "args": (1,), "options": {"countdown": 5}},
}

# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
