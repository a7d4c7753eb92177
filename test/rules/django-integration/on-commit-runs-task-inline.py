# --- file: pay/tasks.py
from celery import shared_task


@shared_task
def receipt(payment_id, copy=False): ...


@shared_task
def tidy(): ...


def plain(payment_id): ...
# --- file: pay/views.py
import functools
from functools import partial

from celery import chain, shared_task, signature
from django.db import transaction
from django.db.transaction import on_commit

from . import tasks
from .tasks import plain, receipt, tidy


def pay(payment):
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(receipt.si(payment.pk).delay)
    transaction.on_commit(receipt.si(payment.pk))
    # expect: on-commit-runs-task-inline
    # fix: on_commit(tasks.receipt.signature((payment.pk,)).set(queue="mail").delay, using="pay")
    on_commit(tasks.receipt.signature((payment.pk,)).set(queue="mail"), using="pay")
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(signature("pay.tasks.tidy").delay)
    transaction.on_commit(signature("pay.tasks.tidy"))
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(partial(receipt.delay, payment.pk, copy=True))
    transaction.on_commit(partial(receipt, payment.pk, copy=True))
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(functools.partial(tasks.receipt.delay, payment.pk))
    transaction.on_commit(functools.partial(tasks.receipt, payment.pk))
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(lambda: receipt.delay(payment.pk))
    transaction.on_commit(lambda: receipt(payment.pk))
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(tidy.delay)
    transaction.on_commit(tidy)
    # expect: on-commit-runs-task-inline
    # fix: transaction.on_commit(lambda: tidy.s().delay())
    transaction.on_commit(lambda: tidy.s()())


def fine(payment):
    sig = receipt.si(payment.pk)
    # ok: on-commit-runs-task-inline
    transaction.on_commit(sig.delay)
    # ok: on-commit-runs-task-inline
    transaction.on_commit(chain(receipt.si(payment.pk), tidy.si()))
    # ok: on-commit-runs-task-inline
    transaction.on_commit((receipt.si(payment.pk) | tidy.si()))
    # ok: on-commit-runs-task-inline
    transaction.on_commit(receipt.s(payment.pk).delay)
    # ok: on-commit-runs-task-inline
    transaction.on_commit(partial(receipt.delay, payment.pk))
    # ok: on-commit-runs-task-inline
    transaction.on_commit(lambda: plain(payment.pk))
    # ok: on-commit-runs-task-inline
    transaction.on_commit(plain)


@shared_task
def settle(payment_id):
    # in a worker already
    # ok: on-commit-runs-task-inline
    transaction.on_commit(lambda: receipt(payment_id))
