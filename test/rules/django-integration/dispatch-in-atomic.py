from functools import partial

from django.db import transaction
from django.db.transaction import atomic

from celery import chain, group

from . import tasks
from .tasks import email_invoice, post_ledger, ring_bell
from .other import helper


def checkout(cart):
    with transaction.atomic():
        invoice = cart.to_invoice()
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: email_invoice.delay(invoice.pk))
        email_invoice.delay(invoice.pk)
    # ok: dispatch-in-atomic
    email_invoice.delay(invoice.pk)


@transaction.atomic
def pay(order):
    order.save()
    # expect: dispatch-in-atomic
    # fix: transaction.on_commit(lambda: tasks.email_invoice.apply_async((order.pk,), countdown=5))
    tasks.email_invoice.apply_async((order.pk,), countdown=5)


def loop(orders):
    with open("log") as log, atomic(using="ledger"):
        for order in orders:
            order.save()
            # expect: dispatch-in-atomic
            # fix: transaction.on_commit(partial(post_ledger.delay, order.pk), using="ledger")
            post_ledger.delay(order.pk)
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: post_ledger.delay(1), using="ledger")
        post_ledger.delay(1)


def workflow(order):
    with transaction.atomic(durable=True):
        order.save()
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: chain(email_invoice.s(order.pk), ring_bell.si()).delay())
        chain(email_invoice.s(order.pk), ring_bell.si()).delay()
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: (email_invoice.s(order.pk) | ring_bell.si())())
        (email_invoice.s(order.pk) | ring_bell.si())()
        # ok: dispatch-in-atomic
        signature = email_invoice.s(order.pk)
        # expect: dispatch-in-atomic
        result = signature.apply_async()
    return result


def reassigned(order):
    with transaction.atomic():
        pk = order.pk
        order.save()
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(partial(email_invoice.delay, pk))
        email_invoice.delay(pk)
        pk = None


def guarded(order):
    with transaction.atomic():
        order.save()
        try:
            # what the handler catches now would be raised after the commit: offered, but not as safe
            # expect: dispatch-in-atomic
            # fix: transaction.on_commit(lambda: email_invoice.delay(order.pk))
            email_invoice.delay(order.pk)
        except OSError:
            order.warn()


def deferred(order):
    with transaction.atomic():
        order.save()
        # ok: dispatch-in-atomic
        transaction.on_commit(lambda: email_invoice.delay(order.pk))
        # ok: dispatch-in-atomic
        transaction.on_commit(partial(email_invoice.delay, order.pk))

        def later():
            # ok: dispatch-in-atomic
            email_invoice.delay(order.pk)

        transaction.on_commit(later)
        # ok: dispatch-in-atomic
        email_invoice.apply((order.pk,))
        # ok: dispatch-in-atomic
        helper.delay(order.pk)
        # ok: dispatch-in-atomic
        post_ledger_after_commit.delay(order.pk)


from .tasks import post_ledger_after_commit
# --- file: shop/other.py
from rq.decorators import job

@job("default")
def helper(pk): ...
# --- file: shop/tasks.py
from celery import Task, shared_task
from django.db import transaction


class AfterCommit(Task):
    def apply_async(self, *args, **kwargs):
        transaction.on_commit(lambda: super().apply_async(*args, **kwargs))


@shared_task
def email_invoice(pk): ...


@shared_task
def post_ledger(pk): ...


@shared_task
def ring_bell(): ...


@shared_task(base=AfterCommit)
def post_ledger_after_commit(pk): ...
