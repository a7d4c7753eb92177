from functools import partial

from django.db import connection, transaction

from shop.tasks import bill_line, notify
from shop.hooks import LOG, after_commit, flush


def bill(lines):
    with transaction.atomic():
        for line in lines:
            line.save()
            # expect: on-commit-late-binding
            # fix: transaction.on_commit(partial(bill_line.delay, line.pk))
            transaction.on_commit(lambda: bill_line.delay(line.pk))
            # expect: on-commit-late-binding
            # fix: after_commit(partial(line.notify_owner, "billed"))
            after_commit(lambda: line.notify_owner("billed"))
            # expect: on-commit-late-binding
            # fix: transaction.on_commit(lambda line=line: line.pk and bill_line.delay(line.pk))
            transaction.on_commit(lambda: line.pk and bill_line.delay(line.pk))
            pk = line.pk
            # expect: on-commit-late-binding
            # fix: connection.on_commit(partial(bill_line.apply_async, (pk,), countdown=3))
            connection.on_commit(lambda: bill_line.apply_async((pk,), countdown=3))
            # expect: on-commit-late-binding
            # fix: transaction.on_commit(lambda copies=2, line=line: bill_line.delay(line.pk, copies))
            transaction.on_commit(lambda copies=2: bill_line.delay(line.pk, copies))

            send = lambda: (bill_line.delay(line.pk), notify.delay(pk))
            # expect: on-commit-late-binding
            # fix: send = lambda line=line, pk=pk: (bill_line.delay(line.pk), notify.delay(pk))
            transaction.on_commit(send)


def nested_function(orders):
    for order in orders:
        for line in order.lines:

            def later():
                bill_line.delay(line.pk, order.copies)

            # expect: on-commit-late-binding
            # fix: def later(line=line, order=order):
            transaction.on_commit(later)

    # expect: on-commit-late-binding
    # fix: [transaction.on_commit(partial(notify.delay, order.pk)) for order in orders]
    [transaction.on_commit(lambda: notify.delay(order.pk)) for order in orders]

    while orders:
        order = orders.pop()
        # expect: on-commit-late-binding
        # fix: transaction.on_commit(partial(notify.delay, order.pk))
        transaction.on_commit(lambda: notify.delay(order.pk))


def defined_above(orders):
    def later():
        notify.delay(order.pk)

    send = lambda: notify.delay(order.pk)
    for order in orders:
        # expect: on-commit-late-binding
        transaction.on_commit(later)
        # expect: on-commit-late-binding
        transaction.on_commit(send)
        # ok: on-commit-late-binding
        transaction.on_commit(flush)
        # ok: on-commit-late-binding
        transaction.on_commit(LOG)


def a_transaction_each(orders):
    for order in orders:
        with transaction.atomic():
            order.close()
            # expect: on-commit-late-binding
            # fix: transaction.on_commit(partial(notify.delay, order.pk))
            transaction.on_commit(lambda: notify.delay(order.pk))


def fine(orders, shop):
    shop_id = shop.pk
    for order in orders:
        order.save()
        # ok: on-commit-late-binding
        transaction.on_commit(lambda pk=order.pk: notify.delay(pk))
        # ok: on-commit-late-binding
        transaction.on_commit(partial(notify.delay, order.pk))
        # ok: on-commit-late-binding
        transaction.on_commit(lambda: notify.delay(shop_id))
        # ok: on-commit-late-binding
        transaction.on_commit(lambda: [notify.delay(order) for order in shop.backlog])
        kind = "closed"
        # ok: on-commit-late-binding
        transaction.on_commit(lambda: notify.delay(shop_id, kind))

        def later(order=order):
            notify.delay(order.pk)

        # ok: on-commit-late-binding
        transaction.on_commit(later)
        # ok: on-commit-late-binding
        shop.on_commit(lambda: notify.delay(order.pk))
        close(order)

    # ok: on-commit-late-binding
    transaction.on_commit(lambda: notify.delay(order.pk))


def close(order):
    # ok: on-commit-late-binding
    transaction.on_commit(lambda: notify.delay(order.pk))


def first_open(orders):
    for order in orders:
        if order.is_open:
            # ok: on-commit-late-binding
            transaction.on_commit(lambda: notify.delay(order.pk))
            break
    for shop in orders:
        for order in shop:
            # expect: on-commit-late-binding
            # fix: transaction.on_commit(partial(notify.delay, shop.pk))
            transaction.on_commit(lambda: notify.delay(shop.pk))
            break
    for order in orders:
        # ok: on-commit-late-binding
        transaction.on_commit(lambda: notify.delay(order.pk))
        return order


def the_one_that_is_meant(forms):
    for form in forms:
        if form.prefix == "lines":
            # ok: on-commit-late-binding
            transaction.on_commit(lambda: notify.delay(form.instance.pk))


def each_round(orders):
    def handle(order):
        # ok: on-commit-late-binding
        transaction.on_commit(lambda: notify.delay(order.pk))

    for order in orders:
        handle(order)
# --- file: shop/no_partial.py
from django.db import transaction

from shop.tasks import bill_line, notify


def bill(lines):
    for line in lines:
        # expect: on-commit-late-binding
        # fix: transaction.on_commit(lambda line=line: bill_line.delay(line.pk))
        transaction.on_commit(lambda: bill_line.delay(line.pk))

        def later():
            notify.delay(line.pk)

        # expect: on-commit-late-binding
        # fix: def later(line=line):
        transaction.on_commit(later, using="ledger")
# --- file: modern/views.py
from django.db import transaction

from modern.tasks import invoice, remind


def bill(orders):
    for order in orders:
        remind.delay_on_commit(order.pk)
        # expect: on-commit-late-binding
        # fix: invoice.delay_on_commit(order.pk)
        transaction.on_commit(lambda: invoice.delay(order.pk))
        # expect: on-commit-late-binding
        # fix: invoice.apply_async_on_commit((order.pk,), priority=3)
        transaction.on_commit(lambda: invoice.apply_async((order.pk,), priority=3))
        # expect: on-commit-late-binding
        # fix: transaction.on_commit(lambda order=order: invoice.delay(order.pk), using="ledger")
        transaction.on_commit(lambda: invoice.delay(order.pk), using="ledger")
# --- file: modern/tasks.py
from celery import shared_task


@shared_task
def invoice(pk): ...


@shared_task
def remind(pk): ...
# --- file: shop/hooks.py
from django.db import transaction


order = None
LOG = lambda: print(order)


def flush():
    print(order)


def after_commit(fn, using=None):
    if transaction.get_connection(using).in_atomic_block:
        transaction.on_commit(fn, using=using)
    else:
        fn()
# --- file: shop/tasks.py
from celery import Task, shared_task


class ShopTask(Task):
    """Has no delay_on_commit: a base class of one's own takes the place of Celery's for Django."""


@shared_task(base=ShopTask)
def bill_line(pk, copies=1): ...


@shared_task(base=ShopTask)
def notify(pk, kind=None): ...
