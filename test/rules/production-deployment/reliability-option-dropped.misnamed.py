# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/tasks.py
from shop.celery import app


@app.task
def restock(order_id): ...
# --- before
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
# --- after
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
# that nobody reads it under this name is said once
# expect: celery-setting-ignored
# ok: reliability-option-dropped
CELERY_ACKS_LATE = True
# expect: reliability-option-dropped
CELERY_TASK_REJECT_ON_WORKER_LOST = True
