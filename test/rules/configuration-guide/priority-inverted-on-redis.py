# --- file: shop/settings.py
CELERY_BROKER_URL = "redis://redis:6379/0"
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/tasks.py
from celery import shared_task

URGENT = 9


# expect: priority-inverted-on-redis
@shared_task(priority=9)
def alarm(order_id): ...


# ok: priority-inverted-on-redis
@shared_task(priority=0)
def charge(order_id): ...


@shared_task
def ship(order_id): ...


def send(order, priority):
    # expect: priority-inverted-on-redis
    ship.apply_async((order.pk,), priority=URGENT)
    # ok: priority-inverted-on-redis
    ship.apply_async((order.pk,), priority=priority)
    # expect: priority-inverted-on-redis
    ship.s(order.pk).set(priority=5).delay()
    # ok: priority-inverted-on-redis
    ship.apply_async((order.pk,))
