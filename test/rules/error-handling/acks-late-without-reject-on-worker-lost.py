# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/settings.py
CELERY_BROKER_URL = "redis://broker/0"
# expect: acks-late-without-reject-on-worker-lost
CELERY_TASK_ACKS_LATE = True
# --- file: shop/tasks.py
from celery import shared_task

from .bases import Late


# expect: acks-late-without-reject-on-worker-lost
@shared_task(acks_late=True)
def charge(order_id): ...


# said once in a file
@shared_task(
    bind=True,
    # ok: acks-late-without-reject-on-worker-lost
    acks_late=True,
)
def refund(self, order_id): ...


# the class says it already
# ok: acks-late-without-reject-on-worker-lost
@shared_task(base=Late)
def ship(order_id): ...


# ok: acks-late-without-reject-on-worker-lost
@shared_task(acks_late=False)
def early(order_id): ...


# expect: acks-late-without-reject-on-worker-lost
@shared_task(acks_late=False, reject_on_worker_lost=True)
def rejects_nothing(order_id): ...


# the settings make it late
# ok: acks-late-without-reject-on-worker-lost
@shared_task(bind=True)
def late_by_default(self, order_id): ...
# --- file: shop/bases.py
from celery import Task


class Settings:
    # ok: acks-late-without-reject-on-worker-lost
    acks_late = True


class Late(Task):
    # expect: acks-late-without-reject-on-worker-lost
    acks_late = True
# --- file: shop/reports.py
from acme import Reliable
from celery import shared_task


# ok: acks-late-without-reject-on-worker-lost
@shared_task(base=Reliable, acks_late=True)
def unknown_base(order_id): ...
