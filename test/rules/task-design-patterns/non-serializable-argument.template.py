# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/settings.dist.py
# Every installation copies this file to settings.py, which is not committed.
CELERY_TASK_SERIALIZER = "pickle"
CELERY_ACCEPT_CONTENT = ["json", "pickle"]
# --- file: shop/tasks.py
from shop.celery import app


@app.task
def reorder(names): ...


@app.task(serializer="json")
def restock(names): ...


def restock_all(names):
    # ok: non-serializable-argument
    reorder.delay(set(names))
    # expect: non-serializable-argument
    # fix: restock.delay(list(set(names)))
    restock.delay(set(names))
