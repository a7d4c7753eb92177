# Two services with modules of the same names, a library of theirs, and a client that only sends by name.
# --- file: services/orders/manage.py
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
# --- file: services/orders/shop/__init__.py
"""Orders."""
# --- file: services/orders/shop/celery.py
from celery import Celery

app = Celery("orders")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: services/orders/shop/settings.py
CELERY_BROKER_URL = "redis://redis:6379/0"
CELERY_TASK_SERIALIZER = "pickle"
CELERY_ACCEPT_CONTENT = ["pickle"]
# ok: unknown-celery-setting
CELERY_BEAT_SCHEDULE = {
    # ok: unknown-task-name
    "sync": {"task": "shop.tasks.sync", "schedule": 60.0, "args": [1]},
    # expect: unknown-task-name
    "charge": {"task": "shop.tasks.charge_all", "schedule": 60.0},
}
# expect: celery-setting-ignored
CELERYD_PREFETCH_MULTIPLIER = 1
# --- file: services/orders/shop/tasks.py
from shop.celery import app


@app.task
def sync(pk): ...


@app.task
def tags(names): ...
# --- file: services/orders/shop/views.py
from shop.tasks import sync, tags


def view(pk):
    # ok: dispatch-arity-mismatch
    sync.delay(pk)
    # expect: dispatch-arity-mismatch
    sync.delay(pk, True)
    # ok: non-serializable-argument
    tags.delay({"new", "hot"})
# --- file: services/billing/worker.py
from celery import Celery

app = Celery("billing", broker="amqp://rabbit//")
# ok: celery-setting-ignored
app.conf.update(CELERYD_PREFETCH_MULTIPLIER=1)
app.conf.beat_schedule = {
    # ok: unknown-task-name
    "charge": {"task": "tasks.charge", "schedule": 60.0},
    # expect: unknown-task-name
    "charges": {"task": "tasks.charges", "schedule": 60.0},
}
# --- file: services/billing/tasks.py
from worker import app


@app.task
def charge(): ...


@app.task
def tags(names, lang): ...


def tag():
    # ok: dispatch-arity-mismatch
    # expect: non-serializable-argument
    tags.delay({"new", "hot"}, "en")
    # expect: dispatch-arity-mismatch
    tags.delay(["new"])
    # Another service answers to it.
    # ok: unknown-task-name
    app.send_task("shop.tasks.sync", [1])
