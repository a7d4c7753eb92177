# --- file: shop/migrations/0002_schedule.py
import json

from django_celery_beat.models import PeriodicTask


def forwards(apps, schema_editor):
    PeriodicTask.objects.create(name="eu", task="shop.tasks.scheduled", kwargs=json.dumps({"region": "eu"}))
    PeriodicTask.objects.get_or_create(
        name="us", defaults={"task": "shop.tasks.scheduled_by_place", "args": json.dumps(["us"])}
    )
# --- file: shop/turns.py
from shop.tasks import turned


def turn(order, user):
    turned.delay(order.pk, user.pk)
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
def notify(user_id, urgent=False): ...


@shared_task(bind=True)
def invite(self, user_id, days=3, *, language="en"): ...


@shared_task
def pack(order_id, wrap=False): ...


@shared_task
def pad(order_id, size=1): ...


@shared_task
def swap(order_id, user_id): ...


@shared_task
def swap_named(order_id, user_id): ...


@shared_task
def apply_refund(order_id, sum): ...


@shared_task
def accepts_old(order_id, sum=0): ...


@shared_task
def lift(parcel): ...


@shared_task
def tidy(pk): ...


@shared_task
def weigh(parcel_id): ...


@shared_task
def close(cart_id, reason="old"): ...


@shared_task
def unsent(profile): ...


@shared_task
def unsent_order(first, second): ...


@shared_task
def chained(result, limit=10): ...


@shared_task
def keyworded(order_id, *, colour="red", size=1): ...


@shared_task
def scheduled(region): ...


@shared_task
def scheduled_by_place(region): ...


@shared_task
def turned(order_id, user_id): ...


@shared_task
def rebuild(version_pk, build_pk, commit=None): ...


@shared_task
def summed(results, precision=2): ...


@shared_task
def clear_files(version_pk): ...


@shared_task
def gained_place(user_id): ...


@shared_task
def place_free(user_id, urgent=False): ...


@shared_task
def one_place(user_id, urgent=False): ...
# --- file: shop/senders.py
from celery import chain, chord

from . import tasks
from .helpers import broadcast


def send(order, user, parcel, cart, version):
    tasks.notify.delay(user.pk, True)
    tasks.invite.delay(user.pk, 14, language="fr")
    tasks.pack.delay(order.pk, wrap=True)
    tasks.pad.apply_async((order.pk, 3))
    tasks.swap.delay(order.pk, user.pk)
    tasks.swap_named.delay(order_id=order.pk, user_id=user.pk)
    tasks.apply_refund.delay(order.pk, sum=12)
    tasks.accepts_old.delay(order.pk, sum=12)
    tasks.lift.delay(parcel)
    tasks.tidy.delay(order.pk)
    tasks.weigh.delay(parcel.pk)
    tasks.close.delay(cart.pk, "sold out")
    chain(tasks.notify.s(user.pk), tasks.chained.s(5))()
    tasks.keyworded.delay(order.pk, size=2)
    tasks.rebuild.signature(args=(version.pk, 3), kwargs={"commit": "abc"}).delay()
    chord([tasks.tidy.s(1)], tasks.summed.s(3)).delay()
    broadcast(task=tasks.clear_files, args=[version.pk])
    tasks.gained_place.delay(user.pk)
    tasks.place_free.delay(user.pk)
    tasks.one_place.delay(user.pk, True)
# --- file: shop/decorated.py
from celery import shared_task

from .decorators import connected, logged


@shared_task
@connected
def push(connection, order_id): ...


@shared_task
@logged
def pull(order_id, note): ...


push.delay(1)
pull.delay(1, "n")


@shared_task
def bill(price_id): ...


bill.delay(order.pk)
# --- file: shop/judging.py
from celery import shared_task
from django.views.generic import View


@shared_task
def rejudge(problem_id, user=None): ...


@shared_task
def regrade(problem_id, user=None): ...


@shared_task
def mail(email, log): ...


@shared_task
def fetch(platform): ...


def fetch_all(platform):
    fetch.delay(platform)


class Rejudge(View):
    def post(self, request):
        rejudge.delay(1, user=request.user)
        regrade.delay(1, user=request.user)
        regrade.delay(2, user="nobody")
        mail.delay(self.email, dict(log))
# --- after
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
# expect: task-param-renamed-or-reordered
# fix: def notify(user_id, urgent=False, channel="email"): ...
def notify(user_id, channel="email", urgent=False): ...


@shared_task(bind=True)
# expect: task-param-renamed-or-reordered
# fix: def invite(self, user_id, days=3, role=None, *, language="en"): ...
def invite(self, user_id, role=None, days=3, *, language="en"): ...


# `wrap` is always passed by keyword
@shared_task
# ok: task-param-renamed-or-reordered
def pack(order_id, paper="plain", wrap=False): ...


@shared_task
# ok: task-param-renamed-or-reordered
def pad(order_id, size=1, filler=None): ...


@shared_task
# expect: task-param-renamed-or-reordered
def swap(user_id, order_id): ...


@shared_task
# ok: task-param-renamed-or-reordered
def swap_named(user_id, order_id): ...


@shared_task
# expect: task-param-renamed-or-reordered
def apply_refund(order_id, amount): ...


@shared_task
# ok: task-param-renamed-or-reordered
def accepts_old(order_id, amount=0, **old_names): ...


# a key where there was an object
@shared_task
# expect: task-param-renamed-or-reordered
def lift(parcel_id): ...


@shared_task
# ok: task-param-renamed-or-reordered
def tidy(order_pk): ...


# the same value under another name
@shared_task
# ok: task-param-renamed-or-reordered
def weigh(box): ...


@shared_task
# expect: task-param-renamed-or-reordered
# fix: def close(cart_id, reason="old"): ...
def close(cart_id, *, reason="old"): ...


# nobody is seen to send it
@shared_task
# expect: task-param-renamed-or-reordered
def unsent(account_id): ...


@shared_task
# expect: task-param-renamed-or-reordered
# fix: def unsent_order(first, second): ...
def unsent_order(second, first): ...


# the result of the task before takes the first place
@shared_task
# expect: task-param-renamed-or-reordered
# fix: def chained(result, limit=10, offset=0): ...
def chained(result, offset=0, limit=10): ...


@shared_task
# ok: task-param-renamed-or-reordered
def keyworded(order_id, *, size=1, colour="red"): ...


# a row in the database sends it
@shared_task
# expect: task-param-renamed-or-reordered
def scheduled(area): ...


@shared_task
# ok: task-param-renamed-or-reordered
def scheduled_by_place(region_name): ...


@shared_task
# expect: task-param-renamed-or-reordered
# fix: def turned(order_id, user_id): ...
def turned(user_id, order_id): ...


# a signature that nothing precedes
@shared_task
# ok: task-param-renamed-or-reordered
def rebuild(version_pk, build_pk, *, token, commit=None): ...


# the body of a chord
@shared_task
# expect: task-param-renamed-or-reordered
# fix: def summed(results, precision=2, label=""): ...
def summed(results, label="", precision=2): ...


@shared_task
# expect: task-param-renamed-or-reordered
def clear_files(paths): ...


@shared_task(bind=True)
# ok: task-param-renamed-or-reordered
def gained_place(self, user_id): ...


# `urgent` is never passed
@shared_task
# ok: task-param-renamed-or-reordered
def place_free(user_id, channel="email", urgent=False): ...


# callers pass the channel by position by now
@shared_task
# expect: task-param-renamed-or-reordered
def one_place(user_id, channel="email", urgent=False): ...
# --- file: shop/senders.py
from celery import chain, chord

from . import tasks
from .helpers import broadcast


def send(order, user, parcel, cart, version):
    tasks.notify.delay(user.pk, urgent=True)
    tasks.invite.delay(user.pk, days=14, language="fr")
    tasks.pack.delay(order.pk, wrap=True)
    tasks.pad.apply_async((order.pk, 3))
    tasks.swap.delay(user.pk, order.pk)
    tasks.swap_named.delay(order_id=order.pk, user_id=user.pk)
    tasks.apply_refund.delay(order.pk, amount=12)
    tasks.accepts_old.delay(order.pk, amount=12)
    tasks.lift.delay(parcel.pk)
    tasks.tidy.delay(order.number)
    tasks.weigh.delay(parcel.pk)
    tasks.close.delay(cart.pk, reason="sold out")
    chain(tasks.notify.si(user.pk), tasks.chained.s(limit=5))()
    tasks.keyworded.delay(order.pk, size=2)
    tasks.rebuild.signature(args=(version.pk, 3), kwargs={"commit": "abc", "token": "t"}).delay()
    chord([tasks.tidy.si(1)], tasks.summed.s(precision=3)).delay()
    broadcast(task=tasks.clear_files, args=[version.paths()])
    tasks.gained_place.delay(user.pk)
    tasks.place_free.delay(user.pk)
    tasks.one_place.delay(user.pk, "sms", True)
# --- file: shop/decorated.py
from celery import shared_task

from .decorators import connected, logged


# no message ever held what a decorator passes
@shared_task
@connected
# ok: task-param-renamed-or-reordered
def push(order_id, connection): ...


@shared_task
@logged
# expect: task-param-renamed-or-reordered
def pull(note, order_id): ...


push.delay(1)
pull.delay("n", 1)


# it had the wrong name, and always got this
@shared_task
# ok: task-param-renamed-or-reordered
def bill(order_id): ...


bill.delay(order_id)
# --- file: shop/judging.py
from celery import shared_task
from django.views.generic import View


# nobody could send it until now: JSON has no form for a user
@shared_task
# ok: task-param-renamed-or-reordered
def rejudge(problem_id, user_id=None): ...


@shared_task
# expect: task-param-renamed-or-reordered
def regrade(problem_id, user_id=None): ...


# what is passed got the new name along with it
@shared_task
# ok: task-param-renamed-or-reordered
def mail(email, entry): ...


@shared_task
# expect: task-param-renamed-or-reordered
def fetch(source): ...


def fetch_all(source):
    fetch.delay(source)


class Rejudge(View):
    def post(self, request):
        rejudge.delay(1, user_id=request.user.pk)
        regrade.delay(1, user_id=request.user.pk)
        regrade.delay(2, user_id="nobody")
        mail.delay(self.email, dict(entry))
