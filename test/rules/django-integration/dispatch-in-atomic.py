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
def refund(order):
    try:
        order.save()
    except ValueError as error:
        # ok: dispatch-in-atomic
        email_invoice.delay(order.pk)
        raise RuntimeError("no refund") from error


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
# --- file: shop/services.py
from contextlib import contextmanager
from threading import Thread

from django.db import transaction
from django_fsm import transition

from shop import notices
from shop.models import Order, OrderDraft
from shop.notices import Mailer, notify, notify_later, notify_unless
from shop.tasks import email_invoice, post_ledger


def create_order(cart):
    with transaction.atomic():
        order = Order.objects.create(cart=cart)
        notify(order)
    notices.notify_outside(order)


def create_orders(carts):
    for cart in carts:
        open_order(cart)


@transaction.atomic
def open_order(cart):
    order = Order.open_from(cart)
    order.confirm()
    settle(order, post_ledger)
    notify_unless(order, quiet=True)
    Mailer(order).announce()
    notify_later(order)
    transaction.on_commit(lambda: notices.notify_outside(order))
    transaction.on_commit(notices.notify_outside)
    Thread(target=notices.notify_outside).start()
    notices.notify_if_told(order)
    notices.notify_carefully(order)
    order.archive()


def settle(order, task):
    order.save()
    # expect: dispatch-in-atomic
    # fix: transaction.on_commit(lambda: task.apply_async((order.pk,)))
    task.apply_async((order.pk,))


def look_up(cart):
    with transaction.atomic():
        # nothing has been written when it sends
        notices.notify_first(cart)
        cart.save()


@contextmanager
def unit_of_work():
    with transaction.atomic():
        yield


def in_transaction(function):
    def wrapper(*args, **kwargs):
        with transaction.atomic():
            return function(*args, **kwargs)

    return wrapper


def by_context_manager(order):
    with unit_of_work():
        order.save()
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: email_invoice.delay(order.pk))
        email_invoice.delay(order.pk)


@in_transaction
def by_decorator(order):
    order.save()
    # expect: dispatch-in-atomic
    # fix: transaction.on_commit(lambda: email_invoice.delay(order.pk))
    email_invoice.delay(order.pk)


class Importer:
    def run(self, rows):
        with transaction.atomic():
            for row in rows:
                OrderDraft.objects.get_or_create(row=row)
            self.after_rows(rows)

    def after_rows(self, rows): ...


class MailingImporter(Importer):
    def after_rows(self, rows):
        super().after_rows(rows)
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: email_invoice.delay(rows))
        email_invoice.delay(rows)
# --- file: shop/models.py
from django.db import models, transaction

from shop.tasks import email_invoice, ring_bell


class OrderDraft(models.Model):
    @classmethod
    def open_from(cls, cart):
        order = cls.objects.create(cart=cart)
        return order


class Order(OrderDraft):
    def confirm(self):
        self.state = "confirmed"
        self.save()
        self.send_confirmation()

    def send_confirmation(self):
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: email_invoice.delay(self.pk))
        email_invoice.delay(self.pk)

    def archive(self):
        def later():
            # ok: dispatch-in-atomic
            email_invoice.delay(self.pk)

        transaction.on_commit(later)

    def reopen(self):
        # nobody calls it in a transaction
        # ok: dispatch-in-atomic
        email_invoice.delay(self.pk)
# --- file: shop/notices.py
from django.db import transaction

from shop.tasks import email_invoice, ring_bell


def notify(order):
    # expect: dispatch-in-atomic
    # fix: transaction.on_commit(lambda: email_invoice.delay(order.pk))
    email_invoice.delay(order.pk)
    # ok: dispatch-in-atomic
    ring_bell.delay()


def notify_outside(order):
    # ok: dispatch-in-atomic
    email_invoice.delay(order.pk)


def notify_later(order):
    # ok: dispatch-in-atomic
    transaction.on_commit(lambda: email_invoice.delay(order.pk))


def notify_unless(order, quiet=False):
    if quiet:
        return
    # ok: dispatch-in-atomic
    email_invoice.delay(order.pk)


def notify_if_told(order, tell=False):
    if tell:
        # ok: dispatch-in-atomic
        email_invoice.delay(order.pk)


def notify_carefully(order):
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: email_invoice.delay(order.pk))
    else:
        # ok: dispatch-in-atomic
        email_invoice.delay(order.pk)


def notify_first(cart):
    # ok: dispatch-in-atomic
    email_invoice.delay(cart.pk)


class Mailer:
    def __init__(self, order):
        self.order = order

    def announce(self):
        # expect: dispatch-in-atomic
        # fix: transaction.on_commit(lambda: email_invoice.delay(self.order.pk))
        email_invoice.delay(self.order.pk)
# --- file: shop/tests/test_services.py
from django.db import transaction

from shop.models import Order


def test_reopen():
    with transaction.atomic():
        order = Order.objects.create()
        order.reopen()
# --- file: shop/events.py
from django.db import transaction
from django.dispatch import Signal, receiver

from shop.models import Order
from shop.tasks import email_invoice

order_placed = Signal()
order_seen = Signal()


@receiver(order_placed)
def on_placed(sender, order, **kwargs):
    # expect: dispatch-in-atomic
    # fix: transaction.on_commit(lambda: email_invoice.delay(order.pk))
    email_invoice.delay(order.pk)


@receiver(order_seen)
def on_seen(sender, order, **kwargs):
    # ok: dispatch-in-atomic
    email_invoice.delay(order.pk)


def place():
    with transaction.atomic():
        order = Order.objects.create()
        order_placed.send(sender=Order, order=order)
    order_seen.send(sender=Order, order=order)
