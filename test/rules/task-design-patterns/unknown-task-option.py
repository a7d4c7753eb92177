from celery import Task, shared_task
from celery_once import QueueOnce
from invoke import task as invoke_task

from .celery import app


# expect: unknown-task-option
# fix: @shared_task(bind=True, max_retries=5, acks_late=True)  # five times
@shared_task(bind=True, max_retry=5, acks_late=True)  # five times
def charge(self, order_id):
    raise self.retry(countdown=order_id)


@app.task(
    bind=True,
    # expect: unknown-task-option
    # fix: autoretry_for=(ConnectionError,),
    auto_retry_for=(ConnectionError,),
    # expect: unknown-task-option
    # fix: track_started=True,
    track_startd=True,
    retry_backoff=True,
    # ok: unknown-task-option
    queue="slow",
)
def sync(self, region):
    return region


# expect: unknown-task-option
@shared_task(countdown=60)
def remind(order_id):
    return order_id


# expect: unknown-task-option
@shared_task(retry=False)
def once(order_id):
    return order_id


# expect: unknown-task-option
# fix: @shared_task(bind=True, max_retries=5)
@shared_task(bind=True, max_retries="5")
def counted(self, order_id):
    raise self.retry(countdown=order_id)


# expect: unknown-task-option
# fix: @shared_task(priority=0)
@shared_task(priority="0")
def first(order_id):
    return order_id


# ok: unknown-task-option
@shared_task(ignore_result=True, time_limit=30, rate_limit="10/m", retry_backoff=5, serializer="json", typing=False)
def known(order_id):
    return order_id


# ok: unknown-task-option
@shared_task(base=QueueOnce, once={"graceful": True}, max_retry=3)
def exclusive(order_id):
    return order_id


class Throttled(Task):
    rate_limits = ()

    def before_start(self, task_id, args, kwargs):
        wait(self.rate_limits, getattr(self, "time_limits", None))


# expect: unknown-task-option
# fix: @app.task(soft_time_limit=5, time_limit=10)
@app.task(soft_time_limit=5, task_time_limit=10)
def limited(order_id):
    return order_id


# expect: unknown-task-option
@app.task(priority="low_priority")
def unimportant(order_id):
    return order_id


# ok: unknown-task-option
@app.task(priority=3, task_owner="payments")
def prioritised(order_id):
    return order_id


# ok: unknown-task-option
@app.task(base=Throttled, rate_limits=(1, 2), time_limits=(3, 4))
def throttled(order_id):
    return order_id


# ok: unknown-task-option
@app.task(bind=True, times_limit=3)
def own(self, order_id):
    return self.times_limit


# ok: unknown-task-option
@app.task(owner="payments", on_failure=print)
def tagged(order_id):
    return order_id


# ok: unknown-task-option
@invoke_task(max_retry=5)
def build(context):
    return context


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
