# --- file: shop/tasks.py
from celery import shared_task

from .locks import careful, locked, locked_as, named, passing, register, wrapped


@shared_task
# expect: task-inner-decorator-without-wraps
@locked
def sync_stock(shop_id): ...


@shared_task(bind=True)
# expect: task-inner-decorator-without-wraps
@locked
def sync_prices(self, shop_id): ...


@shared_task
# expect: task-inner-decorator-without-wraps
@locked_as("orders")
def sync_orders(shop_id): ...


# ok: task-inner-decorator-without-wraps
@shared_task(name="shop.tasks.sync_users")
@locked
def sync_users(shop_id): ...


@shared_task
# ok: task-inner-decorator-without-wraps
@wrapped
@locked
def sync_names(shop_id): ...


@shared_task
# ok: task-inner-decorator-without-wraps
@careful
def sync_costs(shop_id): ...


@shared_task
# ok: task-inner-decorator-without-wraps
@named
def sync_taxes(shop_id): ...


@shared_task
# ok: task-inner-decorator-without-wraps
@register
def sync_media(shop_id): ...


# the method of a view, not a task
# ok: task-inner-decorator-without-wraps
@locked
def helper(shop_id): ...


@shared_task
# ok: task-inner-decorator-without-wraps
@passing(timeout=5)
def sync_pages(shop_id): ...


# --- file: shop/locks.py
import functools

from wrapt import decorator


def locked(function):
    def wrapper(*args, **kwargs):
        with lock():
            return function(*args, **kwargs)

    return wrapper


def locked_as(name):
    def decorate(function):
        def guarded(*args, **kwargs):
            with lock(name):
                return function(*args, **kwargs)

        return guarded

    return decorate


def wrapped(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def careful(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    functools.update_wrapper(wrapper, function)
    return wrapper


def named(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    wrapper.__name__ = function.__name__
    return wrapper


def register(function):
    return function


def passing(timeout):
    @decorator
    def wrapper(function, instance, args, kwargs):
        return function(*args, **kwargs)

    return wrapper
