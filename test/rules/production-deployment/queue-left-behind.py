# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- before
# --- file: shop/settings.py
CELERY_TASK_ROUTES = {
    "shop.tasks.bill": {"queue": "billing"},
    "shop.tasks.kept": {"queue": "kept"},
    "reports.*": "reports",
}
# --- file: shop/tasks.py
from celery import shared_task


@shared_task(queue="emails")
def send_mail(pk): ...


@shared_task(queue="shared")
def one(pk): ...


@shared_task(queue="shared")
def other(pk): ...


@shared_task(queue="slow")
def crawl(pk): ...


@shared_task(queue="images")
def scale(pk): ...


@shared_task
def push(pk): ...


@shared_task
def pull(pk): ...


@shared_task(queue="rare")
def rare(pk): ...


@shared_task(queue="kept")
def unnamed(pk): ...


@shared_task(queue="fixed")
def fixed(pk): ...


@shared_task
def bill(pk): ...


def go(pk):
    push.apply_async((pk,), queue="pushes")
    pull.apply_async((pk,), queue="pulls")
    pull.apply_async((pk,), queue="slow")
# --- after
# --- file: shop/settings.py
CELERY_TASK_ROUTES = {
    # expect: queue-left-behind
    "shop.tasks.bill": {"queue": "invoices"},
    # ok: queue-left-behind
    "shop.tasks.kept": {"queue": "kept"},
    # expect: queue-left-behind
    "reports.*": "documents",
}
# --- file: shop/tasks.py
from celery import shared_task

FIXED = "fixed"


# expect: queue-left-behind
@shared_task(queue="mail")
def send_mail(pk): ...


# another task still goes there
# ok: queue-left-behind
@shared_task(queue="mail")
def one(pk): ...


@shared_task(queue="shared")
def other(pk): ...


# ok: queue-left-behind
@shared_task(queue="crawl")
def crawl(pk): ...


# nobody can tell which one
# ok: queue-left-behind
@shared_task(queue=queue_of("images"))
def scale(pk): ...


@shared_task
def push(pk): ...


@shared_task
def pull(pk): ...


# expect: queue-left-behind
@shared_task
def rare(pk): ...


# ok: queue-left-behind
@shared_task
def unnamed(pk): ...


# ok: queue-left-behind
@shared_task(queue=FIXED)
def fixed(pk): ...


@shared_task
def bill(pk): ...


def go(pk):
    # expect: queue-left-behind
    push.apply_async((pk,), queue="notifications")
    # ok: queue-left-behind
    pull.apply_async((pk,), queue="pushing")
    pull.apply_async((pk,), queue="slow")
