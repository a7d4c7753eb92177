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
from celery import shared_task


# expect: undeclared-queue
# fix: @shared_task(queue='high-priority')
@shared_task(queue='High-Priority')
def ship(): ...


# Another project's, or one of a worker's own.
# ok: undeclared-queue
@shared_task(queue="reports")
def bill(): ...


def run(name):
    # expect: undeclared-queue
    # fix: ship.apply_async(queue="high-priority")
    ship.apply_async(queue="high-prioritty")
    # ok: undeclared-queue
    ship.apply_async(queue="shard2")
    # ok: undeclared-queue
    ship.apply_async(queue="main")
    # ok: undeclared-queue
    ship.apply_async(queue=name)
