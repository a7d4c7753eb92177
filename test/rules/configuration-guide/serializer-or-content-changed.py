# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def ship(order_id): ...


@shared_task
def pack(order_id): ...


# as it was before
# ok: serializer-or-content-changed
@shared_task(serializer="yaml")
def never_worked(order_id): ...
# --- before
# --- file: shop/photos.py
from celery import shared_task

from shop.tasks import pack


@shared_task
def scale(photo): ...


@shared_task
def turn(photo): ...


def go(photo):
    pack.apply_async((photo,), serializer="json")
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# --- after
# --- file: shop/photos.py
from celery import shared_task

from shop.tasks import pack


# said of the setting
# ok: serializer-or-content-changed
@shared_task(serializer="msgpack")
def scale(photo): ...


# expect: serializer-or-content-changed
@shared_task(serializer="pickle")
def turn(photo): ...


def go(photo):
    # expect: serializer-or-content-changed
    pack.apply_async((photo,), serializer="raw")
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
# old workers do not accept it
# expect: serializer-or-content-changed
CELERY_TASK_SERIALIZER = "msgpack"
# new workers do not accept what is queued
# expect: serializer-or-content-changed
CELERY_ACCEPT_CONTENT = ["application/x-msgpack", "pickle"]
# ok: serializer-or-content-changed
CELERY_RESULT_SERIALIZER = "json"
