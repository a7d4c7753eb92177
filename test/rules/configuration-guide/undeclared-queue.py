# --- file: shop/settings.py
from kombu import Queue

CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [
    Queue("default"),
    Queue(name="high-priority"),
    Queue("shard1"),
    Queue("mail"),
]
CELERY_TASK_ROUTES = {
    # ok: undeclared-queue
    "shop.tasks.ship": {"queue": "mail"},
    # expect: undeclared-queue
    # fix: "shop.tasks.bill": {"queue": "high-priority"},
    "shop.tasks.bill": {"queue": "high_priority"},
}
CELERY_BEAT_SCHEDULE = {
    "ship": {
        "task": "shop.tasks.ship",
        "schedule": 60,
        # expect: undeclared-queue
        # fix: "options": {"queue": "default"},
        "options": {"queue": "defualt"},
    },
}
# --- file: shop/tasks.py
from celery import Celery, shared_task

app = Celery("shop")


# expect: undeclared-queue
# fix: @shared_task(queue='high-priority')
@shared_task(queue='High-Priority')
def ship(): ...


# No setting declares it, and a worker reads from it.
# ok: undeclared-queue
@shared_task(queue="reports")
def bill(): ...


# expect: undeclared-queue
@shared_task(queue="invoices")
def invoice(): ...


def run(name):
    # expect: undeclared-queue
    # fix: ship.apply_async(queue="high-priority")
    ship.apply_async(queue="high-prioritty")
    # expect: undeclared-queue
    # fix: ship.apply_async(queue="reports")
    ship.apply_async(queue="report")
    # expect: undeclared-queue
    ship.apply_async(queue="shard2")
    # ok: undeclared-queue
    ship.apply_async(queue=name)
    # Another project's worker may read from it.
    # ok: undeclared-queue
    app.send_task("warehouse.tasks.pick", queue="warehouse")
# --- file: docker-compose.yml
services:
  worker:
    command: celery -A shop worker -c $CONCURRENCY
  reports:
    command: ["celery", "-A", "shop", "worker", "-Q", "reports,default"]
