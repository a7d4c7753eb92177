import celery
from celery import Task, shared_task
from django_rq import job
from tenant_schemas_celery.task import TenantTask

from . import jobs
from .celery import app


@shared_task(bind=True, max_retries=4)
def ship(self, order_id):
    # expect: unknown-task-attribute
    # fix: run = self.request.id
    run = self.requets.id
    try:
        send(order_id, run)
    except ConnectionError as exc:
        # expect: unknown-task-attribute
        # fix: if self.request.retries < self.max_retries:
        if self.request.retries < self.max_retires:
            raise self.retry(exc=exc)
    # expect: unknown-task-attribute
    # fix: self.update_state(state="SHIPPED")  # for the progress bar
    self.update_sate(state="SHIPPED")  # for the progress bar
    # ok: unknown-task-attribute
    self.request.retires = 0
    # ok: unknown-task-attribute
    self.carrier_code()


def checkout(order):
    # expect: unknown-task-attribute
    # fix: ship.apply_async(args=[order.pk])
    ship.async_apply(args=[order.pk])
    # expect: unknown-task-attribute
    # fix: ship.apply_async((order.pk,), countdown=5)
    ship.apply_asynch((order.pk,), countdown=5)
    # expect: unknown-task-attribute
    # fix: return ship.delay(order.pk)
    return ship.delays(order.pk)


def checkout_elsewhere(order):
    # expect: unknown-task-attribute
    # fix: jobs.archive.delay(
    jobs.archive.dealy(
        order.pk,
    )
    # ok: unknown-task-attribute
    jobs.archive.delay(order.pk)
    # ok: unknown-task-attribute
    jobs.archive.name.strip()


class Audited(Task):
    abstract = True
    retry_limits = 3

    def before_start(self, task_id, args, kwargs):
        # expect: unknown-task-attribute
        # fix: log(self.name, self.request.id)
        log(self.name, self.requst.id)

    def send_events_now(self):
        self.requests = []


@app.task(bind=True, base=Audited, max_retrys=4)
def refund(self, order_id):
    # ok: unknown-task-attribute
    for request in self.requests:
        # ok: unknown-task-attribute
        log(request, self.retry_limits, self.max_retrys)
    # expect: unknown-task-attribute
    # fix: self.send_event("refunded")
    self.send_evnt("refunded")


@app.task(bind=True, base=TenantTask)
def migrate_tenant(self, tenant):
    # ok: unknown-task-attribute
    self.requester(tenant)


@job
def queued_elsewhere(order_id):
    log(order_id)


def enqueue(order):
    # ok: unknown-task-attribute
    queued_elsewhere.delays(order.pk)
    # ok: unknown-task-attribute
    order.tasks.dealy(order.pk)


class Client(celery.bootsteps.Step):
    def stop(self):
        # ok: unknown-task-attribute
        self.requets.clear()


# --- file: shop/jobs.py
from celery import shared_task


@shared_task
def archive(order_id):
    return order_id


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
# --- file: shop/steps.py
from acme import Stepper
from celery import Task, shared_task


class Sync(Task):
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        # expect: unknown-task-attribute
        # fix: self.retry(exc=exc, throw=False)
        self.task.retry(exc=exc, throw=False)

    def run(self):
        Step().run()
        Helper(self).run()
        HELPERS["plain"]()


@shared_task(bind=True)
def sync(self, part):
    # expect: unknown-task-attribute
    # fix: return self.request.id
    return self.task.request.id


class Outer(Task):
    def run(self):
        # a subclass has one
        # ok: unknown-task-attribute
        self.task.delay()


class Inner(Outer):
    task = sync


class Step:
    def run(self):
        try:
            self.work()
        except OSError as error:
            # expect: unknown-task-attribute
            self.retry(exc=error, throw=False)
        # expect: unknown-task-attribute
        self.update_state(state="PROGRESS")
        # not what Celery's takes
        # ok: unknown-task-attribute
        self.retry(times=3)


class Helper:
    def __init__(self, owner):
        self.owner = owner

    def run(self):
        # ok: unknown-task-attribute
        self.owner.retry(countdown=5)
        # ok: unknown-task-attribute
        self.retry(countdown=5)

    def retry(self, countdown):
        return self.owner.retry(countdown=countdown)


class Foreign(Stepper):
    def run(self):
        # ok: unknown-task-attribute
        self.retry(countdown=5)


class RetryMixin:
    def again(self):
        # made only as part of a task
        # ok: unknown-task-attribute
        self.retry(countdown=5)


class Mixed(RetryMixin, Task):
    def run(self):
        self.again()


def work(step):
    Foreign().run()
    # ok: unknown-task-attribute
    step.retry(countdown=5)
