# --- file: shop/tasks.py
import functools

from celery import shared_task
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from retrying import retry

from .celery import app
from .decorators import counted, listed, locked, nameless, sent, timed, watched, with_delay


# expect: task-decorator-order
# fix: @shared_task
# fix: @timed
@timed
@shared_task
def crunch(report_id): ...


# expect: task-decorator-order
# fix: @app.task(bind=True)
# fix: @transaction.atomic
@transaction.atomic
@app.task(bind=True)
def settle(self, invoice_id): ...


# expect: task-decorator-order
# fix: @shared_task(queue="slow")
# fix: @locked("digest")
# fix: @timed
@locked("digest")
@timed
@shared_task(queue="slow")
def digest(user_id): ...


# expect: task-decorator-order
@functools.lru_cache(maxsize=None)
# rates change once a day
@shared_task
def rates(day): ...


# it would take the name away if it stood below
# expect: task-decorator-order
@nameless
@shared_task
def export(report_id): ...


# expect: task-decorator-order
@counted
@shared_task
def count(report_id): ...


# ok: task-decorator-order
@shared_task
@timed
@transaction.atomic
def well_ordered(report_id): ...


# the task itself becomes the receiver
# ok: task-decorator-order
@receiver(post_save, sender="shop.Order")
@shared_task
def on_order(sender, **kwargs): ...


# the worker misses nothing without it
# ok: task-decorator-order
@scheduled(crontab="0 2 * * *")
@shared_task
def tidy(): ...


# what it decorates, it returns
# ok: task-decorator-order
@listed
@shared_task
def reindex(product_id): ...


# ok: task-decorator-order
@watched.register
@shared_task
def watch(product_id): ...


# nothing is known of it
# ok: task-decorator-order
@retry
@shared_task
def push(product_id): ...


# ok: task-decorator-order
@with_delay
@shared_task
def sweep(): ...


# it sends the task that it is given
# ok: task-decorator-order
@sent
@shared_task
def warm(product_id): ...


# ok: task-decorator-order
@timed
@sent
@shared_task
def warm_again(product_id): ...


# ok: task-decorator-order
@timed
@retry
@shared_task
def pull(product_id): ...


class Mailer:
    # ok: task-decorator-order
    @staticmethod
    @shared_task
    def send(user_id): ...


# ok: task-decorator-order
@timed
def helper(): ...


# --- file: shop/decorators.py
import functools

known = []


def timed(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        with clock(function.__name__):
            return function(*args, **kwargs)

    return inner


def locked(name):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            with lock(name):
                return function(*args, **kwargs)

        return inner

    return decorate


def counted(function):
    @functools.wraps(function)
    def inner(report_id):
        tally(report_id)
        return function(report_id)

    return inner


def scheduled(crontab):
    def decorate(function):
        known.append((crontab, function))

        @functools.wraps(function)
        def inner(*args, **kwargs):
            return function(*args, **kwargs)

        return inner

    return decorate


def nameless(function):
    def inner(*args, **kwargs):
        tally(args)
        return function(*args, **kwargs)

    return inner


def sent(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        if in_background():
            return function.delay(*args, **kwargs)
        return function(*args, **kwargs)

    return inner


def listed(function):
    known.append(function)
    return function


def with_delay(function):
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    inner.delay = function.delay
    return inner


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
