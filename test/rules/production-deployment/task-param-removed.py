# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.conf.beat_schedule = {
    "prune": {"task": "shop.tasks.prune", "schedule": 3600, "kwargs": {"older_than": 30}},
}
# --- file: shop/decorators.py
from functools import wraps


def connected(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(connection(), *args, **kwargs)

    return wrapper


def logged(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        print(args)
        return function(*args, **kwargs)

    return wrapper
# --- before
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def export(report_id, fmt="csv"): ...


@shared_task(bind=True)
def mail(self, user_id, *, template): ...


@shared_task
def prune(older_than, dry_run=False): ...


@shared_task
def unsent_required(shop_id, region): ...


@shared_task
def unsent_optional(shop_id, region=None): ...


@shared_task
def never_passed(shop_id, region=None): ...


@shared_task
def spread(first, second): ...


@shared_task
def shifted(first, second, third=0): ...


@shared_task
def open_kwargs(order_id, note=None): ...


@shared_task
def open_args(order_id, note=None): ...


@shared_task
def moves_up(order_id, note, *rest): ...


@shared_task
def anything(order_id, note=None, *args, **kwargs): ...


@shared_task
def by_chain(result, extra=None): ...


@shared_task
def renamed(order): ...


@shared_task
def lock_given(lock, order_id): ...


@shared_task
def deleted(order_id): ...


@shared_task
def any_keyword(order_id, **options): ...


@shared_task
def any_place(order_id, *rest): ...


@shared_task
def any_named(order_id, **options): ...


@shared_task
def gains_binding(order_id, note=None): ...


@shared_task
def gains_binding_and_self(order_id): ...


@shared_task
def in_chunks(order_id, note): ...


def plain(order_id, note): ...
# --- file: shop/views.py
from celery import chain

from .tasks import (
    any_keyword, any_named, any_place, anything, by_chain, export, in_chunks, lock_given, mail, moves_up, never_passed, open_args,
    open_kwargs, shifted, spread,
)


def finish(report, order, values):
    export.delay(report.pk, "xlsx")
    mail.apply_async((order.user_id,), {"template": "done"})
    never_passed.delay(1)
    spread.delay(*values)
    shifted.delay(1, 2, 3)
    open_kwargs.delay(order.pk, note="call first")
    open_args.delay(order.pk, "call first")
    moves_up.delay(order.pk, "call first", 3)
    anything.delay(order.pk, "call first")
    chain(export.s(report.pk), by_chain.s(5))()
    lock_given.delay(order.pk)
    any_keyword.delay(order.pk, note="call first")
    any_place.delay(order.pk, "call first")
    any_named.delay(order.pk, note="call first")
    in_chunks.chunks([(order.pk, "call first")], 10)()
# --- file: shop/decorated.py
from celery import shared_task

from .decorators import connected, logged


@shared_task
@connected
def push(connection, cursor, order_id): ...


@shared_task
@logged
def pull(order_id, note): ...


pull.delay(1, "n")
# --- after
# --- file: shop/tasks.py
from celery import shared_task

from .locks import locked


@shared_task
# expect: task-param-removed
# fix: def export(report_id, fmt=None): ...
def export(report_id): ...


@shared_task(bind=True)
# expect: task-param-removed
def mail(self, user_id): ...


@shared_task
# expect: task-param-removed
def prune(dry_run=False): ...


# whoever sends it must have passed it
@shared_task
# expect: task-param-removed
# fix: def unsent_required(shop_id, region=None): ...
def unsent_required(shop_id): ...


@shared_task
# expect: task-param-removed
def unsent_optional(shop_id): ...


# the one that sends it does not pass it
@shared_task
# ok: task-param-removed
def never_passed(shop_id): ...


@shared_task
# expect: task-param-removed
# fix: def spread(first, second=None): ...
def spread(first): ...


@shared_task
# expect: task-param-removed
def shifted(first, third=0): ...


@shared_task
# ok: task-param-removed
def open_kwargs(order_id, **options): ...


@shared_task
# ok: task-param-removed
def open_args(order_id, *ignored): ...


# the note is taken for the first of the rest
@shared_task
# expect: task-param-removed
def moves_up(order_id, *rest): ...


@shared_task
# ok: task-param-removed
def anything(*args, **kwargs): ...


@shared_task
# expect: task-param-removed
# fix: def by_chain(result, extra=None): ...
def by_chain(result): ...


# a rename is for task-param-renamed-or-reordered
@shared_task
# ok: task-param-removed
def renamed(order_id): ...


# the decorator passes the lock now
@shared_task
@locked
# ok: task-param-removed
def lock_given(order_id): ...


@shared_task
# expect: task-param-removed
def any_keyword(order_id): ...


@shared_task
# expect: task-param-removed
def any_place(order_id): ...


@shared_task
# ok: task-param-removed
def any_named(order_id, note=None): ...


@shared_task(bind=True)
# expect: task-param-removed
def gains_binding(order_id, note=None): ...


@shared_task(bind=True)
# ok: task-param-removed
def gains_binding_and_self(self, order_id): ...


@shared_task
# expect: task-param-removed
# fix: def in_chunks(order_id, note=None): ...
def in_chunks(order_id): ...


# ok: task-param-removed
def plain(order_id): ...


@shared_task
# ok: task-param-removed
def fresh(order_id): ...
# --- file: shop/views.py
from celery import chain

from .tasks import anything, by_chain, export, lock_given, mail, moves_up, never_passed, open_args, open_kwargs, shifted, spread


def finish(report, order, values):
    export.delay(report.pk)
    mail.apply_async((order.user_id,))
    never_passed.delay(1)
    spread.delay(values[0])
    shifted.delay(1, 3)
    open_kwargs.delay(order.pk)
    open_args.delay(order.pk)
    anything.delay(order.pk)
    chain(export.s(report.pk), by_chain.s())()
    lock_given.delay(order.pk)
# --- file: shop/decorated.py
from celery import shared_task

from .decorators import connected, logged


# no message ever held what a decorator passes
@shared_task
@connected
# ok: task-param-removed
def push(connection, order_id): ...


@shared_task
@logged
# expect: task-param-removed
# fix: def pull(order_id, note=None): ...
def pull(order_id): ...


pull.delay(1)
