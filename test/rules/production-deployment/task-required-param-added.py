# --- file: shop/decorators.py
from functools import wraps


def logged(label):
    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            print(label, kwargs.pop("started", None))
            return function(*args, **kwargs)

        return wrapper

    return decorate


def connected(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(connection(), *args, **kwargs)

    return wrapper


def with_user(function):
    @wraps(function)
    def wrapper(self, *args, **kwargs):
        kwargs["user"] = current_user(self)
        return function(self, *args, **kwargs)

    return wrapper


def by_options(function):
    @wraps(function)
    def wrapper(**options):
        return function(**options)

    return wrapper


def guarded(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return run_guarded(function, args, kwargs)

    return wrapper


def marked(function):
    function.marked = True
    return function
# --- before
from celery import shared_task

@shared_task
def sync_stock(sku): ...

@shared_task
def reserve(sku, count): ...

@shared_task(bind=True)
def release(self, sku): ...

@shared_task
def count(sku): ...

@shared_task
def audit(**kwargs): ...

@shared_task
def rename(sku): ...

@shared_task
def label(sku, copies=1): ...

@shared_task
def weigh(sku, unit: str = "kg", *, gross=GROSS): ...

@shared_task
def pack(sku, box=None): ...

@shared_task
def unsent(sku, box=None): ...

@shared_task
def spread(sku, box=None): ...

@shared_task(bind=True)
def unbound(self, sku): ...

@shared_task(bind=True)
def without_room(sku): ...

def plain(sku): ...


def send(sku, values):
    label.delay(sku)
    weigh.apply_async((sku,), {"gross": True})
    weigh.apply_async((sku, "g"))
    pack.delay(sku, "small")
    pack.delay(sku, box="small")
    spread.delay(*values)
    label.map([1, 2])
# --- file: shop/decorated.py
from celery import Task, shared_task
from django.db import transaction
from vendor import measured

from .decorators import by_options, connected, guarded, logged, marked, with_user


class Injecting(Task):
    def __call__(self, *args, **kwargs):
        return self.run(connection(), *args, **kwargs)


class Forwarding(Task):
    def __call__(self, *args, **kwargs):
        with self.connection():
            return super().__call__(*args, **kwargs)


@shared_task
@logged("pull")
def pull(sku): ...


@shared_task
@transaction.atomic
@marked
def stock(sku): ...


@shared_task
@connected
def push(connection, sku): ...


@shared_task(bind=True)
@with_user
def sign(self, sku, user): ...


@shared_task
@by_options
def quote(sku): ...


@shared_task
@by_options
def offer(sku): ...


@shared_task
@guarded
def guard(sku): ...


@shared_task
@measured("x")
def measure(sku): ...


@shared_task
@measured("x")
def gauge(sku): ...


@shared_task(base=Injecting)
def inject(connection, sku): ...


@shared_task(base=Forwarding)
def forward(sku): ...


def send(sku, price):
    push.delay(sku)
    offer.delay(sku=sku)
    gauge.delay(sku)
    inject.delay(sku)
# --- file: shop/mailing.py
from typing import Any

from celery import shared_task


@shared_task
def mail(to, log: dict[str, Any] | None = None): ...


@shared_task
def call(to): ...


mail.delay(1)
call.delay(1)
# --- after
from __future__ import annotations

from celery import shared_task

@shared_task
# expect: task-required-param-added
# fix: def sync_stock(sku, warehouse=None): ...
def sync_stock(sku, warehouse): ...

@shared_task
# expect: task-required-param-added
def reserve(warehouse, sku, count): ...

@shared_task(bind=True)
# expect: task-required-param-added
# fix: def release(self, sku, *, reason: str | None = None): ...
def release(self, sku, *, reason: str): ...

@shared_task
# ok: task-required-param-added
def count(sku, warehouse=None, *rest, **options): ...

@shared_task
# ok: task-required-param-added
def audit(actor, **kwargs): ...

# a rename is for task-param-renamed-or-reordered
@shared_task
# ok: task-required-param-added
def rename(product): ...

# one of the callers left it to its default
@shared_task
# expect: task-required-param-added
# fix: def label(sku, copies=1): ...
def label(sku, copies): ...

@shared_task
def weigh(
    sku,
    # expect: task-required-param-added
    # fix: unit: str = "kg",
    unit: str,
    *,
    # expect: task-required-param-added
    # fix: gross=None,
    gross,
): ...

# all callers pass it
@shared_task
# ok: task-required-param-added
def pack(sku, box): ...

@shared_task
# ok: task-required-param-added
def unsent(sku, box): ...

@shared_task
# ok: task-required-param-added
def spread(sku, box): ...

# that it is not bound any more is for bind-self-mismatch
@shared_task
# ok: task-required-param-added
def unbound(self, sku): ...

# senders always passed it, and it was bound by mistake
@shared_task(bind=True)
# ok: task-required-param-added
def without_room(self, sku): ...

# was not a task before
@shared_task
# ok: task-required-param-added
def plain(sku, warehouse): ...

# new
@shared_task
# ok: task-required-param-added
def fresh(sku, warehouse): ...


def send(sku, values):
    label.delay(sku, 2)
    weigh.apply_async((sku, "kg"), {"gross": True})
    weigh.apply_async((sku, "g"), {"gross": False})
    pack.delay(sku, "small")
    pack.delay(sku, box="small")
    spread.delay(*values)
    label.starmap([(1, 2)])
# --- file: shop/decorated.py
from celery import Task, shared_task
from django.db import transaction
from vendor import measured

from .decorators import by_options, connected, guarded, logged, marked, with_user


class Injecting(Task):
    def __call__(self, *args, **kwargs):
        return self.run(connection(), *args, **kwargs)


class Forwarding(Task):
    def __call__(self, *args, **kwargs):
        with self.connection():
            return super().__call__(*args, **kwargs)


@shared_task
@logged("pull")
# expect: task-required-param-added
# fix: def pull(sku, price=None): ...
def pull(sku, price): ...


@shared_task
@transaction.atomic
@marked
# expect: task-required-param-added
# fix: def stock(sku, price=None): ...
def stock(sku, price): ...


@shared_task
@connected
# ok: task-required-param-added
def push(cursor, connection, sku): ...


@shared_task(bind=True)
@with_user
# ok: task-required-param-added
def sign(self, sku, user, permissions): ...


@shared_task
@by_options
# expect: task-required-param-added
# fix: def quote(sku, price=None): ...
def quote(sku, price): ...


@shared_task
@by_options
# expect: task-required-param-added
# fix: def offer(sku, price=None): ...
def offer(sku, price): ...


@shared_task
@guarded
# ok: task-required-param-added
def guard(sku, price): ...


@shared_task
@measured("x")
# ok: task-required-param-added
def measure(sku, price): ...


@shared_task
@measured("x")
# expect: task-required-param-added
# fix: def gauge(sku, price=None): ...
def gauge(sku, price): ...


@shared_task(base=Injecting)
# ok: task-required-param-added
def inject(cursor, connection, sku): ...


@shared_task(base=Forwarding)
# expect: task-required-param-added
# fix: def forward(sku, price=None): ...
def forward(sku, price): ...


def send(sku, price):
    push.delay(sku)
    offer.delay(sku=sku, price=price)
    gauge.delay(sku, price)
    inject.delay(sku)
# --- file: shop/mailing.py
from typing import Any

from celery import shared_task


@shared_task
# expect: task-required-param-added
# fix: def mail(to, log: dict[str, Any] | None = None): ...
def mail(to, log: dict[str, Any]): ...


@shared_task
# expect: task-required-param-added
# fix: def call(to, note: Any = None): ...
def call(to, note: Any): ...


mail.delay(1, {})
call.delay(1, None)
