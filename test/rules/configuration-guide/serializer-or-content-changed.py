# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def ship(order_id): ...
# --- before
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# --- after
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
# old workers do not accept it
# expect: serializer-or-content-changed
CELERY_TASK_SERIALIZER = "msgpack"
# new workers do not accept what is queued
# expect: serializer-or-content-changed
CELERY_ACCEPT_CONTENT = ["application/x-msgpack"]
# ok: serializer-or-content-changed
CELERY_RESULT_SERIALIZER = "json"
