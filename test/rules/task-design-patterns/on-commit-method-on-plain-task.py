# --- file: shop/tasks.py
import celery
from celery import Task, shared_task
from celery.contrib.abortable import AbortableTask
from celery.contrib.django.task import DjangoTask
from celery_once import QueueOnce

from .celery import app


class Audited(celery.Task):
    def on_success(self, *args): ...


class Logged(Audited):
    pass


class Careful(DjangoTask):
    pass


class Homemade(Task):
    def delay_on_commit(self, *args, **kwargs): ...


class Inherited(app.Task):
    pass


@shared_task(base=Audited)
def bill(order_id): ...


@app.task(base=Logged, bind=True)
def ship(self, order_id): ...


@shared_task(base=AbortableTask)
def export(order_id): ...


@shared_task
def plain(order_id): ...


@shared_task(base=Careful)
def careful(order_id): ...


@shared_task(base=Homemade)
def homemade(order_id): ...


@shared_task(base=Inherited)
def inherited(order_id): ...


@shared_task(base=QueueOnce)
def once(order_id): ...


@shared_task(**options)
def unseen(order_id): ...


# --- file: shop/views.py
from django.db import transaction

from .tasks import bill, careful, export, homemade, inherited, once, plain, ship, unseen


def check_out(order):
    # expect: on-commit-method-on-plain-task
    # fix: transaction.on_commit(lambda: bill.delay(order.pk))
    bill.delay_on_commit(order.pk)
    # expect: on-commit-method-on-plain-task
    # fix: transaction.on_commit(lambda: ship.apply_async((order.pk,), countdown=5))
    ship.apply_async_on_commit((order.pk,), countdown=5)
    # expect: on-commit-method-on-plain-task
    result = export.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    plain.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    careful.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    homemade.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    inherited.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    once.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    unseen.delay_on_commit(order.pk)
    # ok: on-commit-method-on-plain-task
    bill.delay(order.pk)


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
