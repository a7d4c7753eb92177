from django.core.signals import request_finished
from django.db import transaction
from django.db.models import signals
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import Signal, receiver

from shop.deferring import after_commit, announce_later, now_or_later
from shop.helpers import (
    Announcer,
    announce,
    announce_all,
    announce_by_task,
    announce_deferred,
    announce_if_asked,
    announce_twice,
    count_stock,
    tick,
)
from shop.models import Order
from shop.tasks import audited, enqueue, index, rebuild, unindex

order_paid = Signal()


@receiver(post_save, sender=Order)
def on_saved(sender, instance, created, **kwargs):
    if created:
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(instance.pk))
        index.delay(instance.pk)
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit(lambda: index.apply_async((instance.pk,), countdown=10))
    index.apply_async((instance.pk,), countdown=10)
    # expect: dispatch-in-model-signal
    result = index.delay(instance.pk)
    return result


@receiver([pre_save, post_delete], sender=Order)
def on_either(sender, instance, **kwargs):
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit((index.s(instance.pk) | unindex.si(instance.pk)).delay)
    (index.s(instance.pk) | unindex.si(instance.pk)).delay()


# A lambda would read the primary key after Django has taken it from the deleted object.
@receiver(post_delete, sender=Order)
def on_deleted(sender, instance, **kwargs):
    # expect: dispatch-in-model-signal
    unindex.delay(instance.pk)


def on_tagged(instance, action, **kwargs):
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit(lambda: index.delay(instance.pk))
    index.delay(instance.pk)


m2m_changed.connect(on_tagged, sender=Order.tags.through)


def connected_elsewhere(instance, **kwargs):
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit(lambda: index.delay(instance.pk))
    index.delay(instance.pk)


@receiver(signal=signals.post_save)
def through_helpers(sender, instance, **kwargs):
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit(lambda: announce(instance))
    announce(instance)
    # expect: dispatch-in-model-signal
    found = announce(instance)
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit(lambda: announce_twice(instance))
    announce_twice(instance)
    # expect: dispatch-in-model-signal
    # fix: transaction.on_commit(lambda: Announcer("eu").announce(instance))
    Announcer("eu").announce(instance)
    # ok: dispatch-in-model-signal
    announce_if_asked(instance, False)
    # ok: dispatch-in-model-signal
    announce_deferred(instance)
    # ok: dispatch-in-model-signal
    announce_later(instance)
    # ok: dispatch-in-model-signal
    transaction.on_commit(lambda: announce(instance))
    # ok: dispatch-in-model-signal
    count_stock(instance)
    # ok: dispatch-in-model-signal
    announce_by_task(instance)
    # ok: dispatch-in-model-signal
    announce_all(instance)
    # ok: dispatch-in-model-signal
    tick()


@receiver(post_save, sender=Order)
def deferred(sender, instance, **kwargs):
    # ok: dispatch-in-model-signal
    transaction.on_commit(lambda: index.delay(instance.pk))
    # ok: dispatch-in-model-signal
    index.si(instance.pk)
    # ok: dispatch-in-model-signal
    index.apply((instance.pk,))
    # ok: dispatch-in-model-signal
    audited.delay(instance.pk)
    # ok: dispatch-in-model-signal
    enqueue.delay(instance.pk)
    # ok: dispatch-in-model-signal
    rebuild.delay("orders", 10)

    def later():
        # ok: dispatch-in-model-signal
        index.delay(instance.pk)

    transaction.on_commit(later)
    with transaction.atomic():
        # ok: dispatch-in-model-signal
        index.delay(instance.pk)


@receiver(post_save, sender=Order)
@after_commit
def decorated(sender, instance, **kwargs):
    # ok: dispatch-in-model-signal
    index.delay(instance.pk)


@receiver(post_save, sender=Order)
def careful(sender, instance, **kwargs):
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(lambda: index.delay(instance.pk))
    else:
        # ok: dispatch-in-model-signal
        index.delay(instance.pk)


@receiver(order_paid)
@receiver(request_finished)
def other_signals(sender, instance=None, **kwargs):
    # ok: dispatch-in-model-signal
    index.delay(instance.pk)


@receiver(post_save, sender=Order)
def by_state(sender, instance, **kwargs):
    if instance.closed:
        task = unindex
    else:
        task = index
    # expect: dispatch-in-model-signal
    task.delay(instance.pk)
    other = index
    other = instance.other
    # ok: dispatch-in-model-signal
    other.delay(instance.pk)


def not_connected(sender, instance, **kwargs):
    # ok: dispatch-in-model-signal
    index.delay(instance.pk)
# --- file: shop/signals.py
from django.dispatch import Signal

award_given = Signal()
award_seen = Signal()
award_revoked = Signal()
# --- file: shop/awards.py
from django.db import models, transaction

from shop.signals import award_given, award_revoked, award_seen


class Award(models.Model):
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: award_given.send(sender=self.__class__, award=self))
        award_given.send(sender=self.__class__, award=self)
        # ok: dispatch-in-model-signal
        award_seen.send_robust(sender=self.__class__, award=self)
        # ok: dispatch-in-model-signal
        award_revoked.send(sender=self.__class__, award=self)
        # ok: dispatch-in-model-signal
        transaction.on_commit(lambda: award_given.send(sender=self.__class__, award=self))


class Medal(models.Model):
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        # Its receivers hear awards only.
        # ok: dispatch-in-model-signal
        award_given.send(sender=Medal, award=self)
# --- file: shop/listeners.py
from django.dispatch import receiver

from shop.awards import Award
from shop.signals import award_given, award_revoked, award_seen
from shop.tasks import index


@receiver(award_given, sender=Award)
def on_award(sender, award, **kwargs):
    # ok: dispatch-in-model-signal
    index.delay(award.pk)


@receiver(award_seen)
def on_seen(sender, award, **kwargs):
    award.seen = True


def on_revoked(sender, award, **kwargs):
    # ok: dispatch-in-model-signal
    index.delay(award.pk)
# --- file: shop/apps.py
from django.apps import AppConfig


class ShopConfig(AppConfig):
    def on_parcel(self, instance, **kwargs):
        from .tasks import index

        # expect: dispatch-in-model-signal
        index.delay(instance.pk)

    def ready(self):
        from django.db.models.signals import post_save

        from . import example
        from .models import Order, Parcel

        post_save.connect(example.connected_elsewhere, sender=Order, dispatch_uid="order")
        post_save.connect(Parcel.on_saved, sender=Parcel)
        post_save.connect(self.on_parcel, sender=Parcel)
# --- file: shop/models.py
from functools import partial

from django.contrib import admin
from django.db import models, transaction
from django.views.generic import CreateView
from elsewhere.base import TimeStampedThing
from rest_framework.viewsets import ModelViewSet

from shop.tasks import index, unindex


class Order(models.Model):
    tags = models.ManyToManyField("shop.Tag")

    def save(self, *args, **kwargs):
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(self.pk))
        index.delay(self.pk)
        super().save(*args, **kwargs)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(self.pk))
        index.delay(self.pk)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: self.announce())
        self.announce()

    def delete(self, *args, **kwargs):
        if self.locked:
            # ok: dispatch-in-model-signal
            index.delay(self.pk)
            return None
        deleted = super(Order, self).delete(*args, **kwargs)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(partial(unindex.delay, self.number))
        unindex.delay(self.number)
        return deleted

    def announce(self):
        # ok: dispatch-in-model-signal
        index.delay(self.pk)

    def close(self):
        self.save()
        # ok: dispatch-in-model-signal
        index.delay(self.pk)


class Parcel(models.Model):
    @staticmethod
    def on_saved(sender, instance, **kwargs):
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(instance.pk))
        index.delay(instance.pk)


class Ticket(TimeStampedThing):
    number = models.CharField(max_length=20)

    def save(self, *args, **kwargs):
        try:
            super().save(*args, **kwargs)
        except ValueError:
            # ok: dispatch-in-model-signal
            unindex.delay(self.pk)
            raise
        except OSError:
            # expect: dispatch-in-model-signal
            # fix: transaction.on_commit(lambda: index.delay(self.pk))
            index.delay(self.pk)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(self.pk))
        index.delay(self.pk)


class Draft:
    def save(self):
        super().save()
        # ok: dispatch-in-model-signal
        index.delay(self.pk)


class OrderAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(obj.pk))
        index.delay(obj.pk)

    def save_related(self, request, form, formsets, change):
        # ok: dispatch-in-model-signal
        index.delay(form.instance.pk)
        super().save_related(request, form, formsets, change)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(form.instance.pk))
        index.delay(form.instance.pk)


class OrderView(CreateView):
    def form_valid(self, form):
        draft = form.save(commit=False)
        # ok: dispatch-in-model-signal
        index.delay(draft.owner_id)
        response = super().form_valid(form)
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(self.object.pk))
        index.delay(self.object.pk)
        return response


class OrderViewSet(ModelViewSet):
    def perform_create(self, serializer):
        # ok: dispatch-in-model-signal
        index.delay(self.request.user.pk)
        order = serializer.save()
        # expect: dispatch-in-model-signal
        # fix: transaction.on_commit(lambda: index.delay(order.pk))
        index.delay(order.pk)

    @transaction.atomic
    def perform_update(self, serializer):
        order = serializer.save()
        # ok: dispatch-in-model-signal
        index.delay(order.pk)
# --- file: shop/mixins.py
from django.db import models

from shop.tasks import index


class Announced:
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        index.delay(self.pk)


class Offer(Announced, models.Model):
    def save(self, *args, **kwargs):
        # What the mixin sends is its own affair.
        # ok: dispatch-in-model-signal
        super().save(*args, **kwargs)
# --- file: shop/helpers.py
from django.db import transaction

from shop.tasks import announce_task, index


def announce(order):
    try:
        index.delay(order.pk)
    except ConnectionError:
        pass


def announce_twice(order):
    announce(order)
    announce(order)


class Announcer:
    def __init__(self, region):
        self.region = region

    def announce(self, order):
        announce(order)


def announce_if_asked(order, asked):
    if asked:
        announce(order)


def announce_deferred(order):
    transaction.on_commit(lambda: index.delay(order.pk))


def announce_by_task(order):
    announce_task(order.pk)


def announce_all(orders):
    for order in orders:
        yield index.delay(order.pk)


def tick():
    index.delay(1)


def count_stock(order):
    return order.pk
# --- file: shop/deferring.py
import functools

from django.db import transaction

from shop.tasks import index


def after_commit(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        transaction.on_commit(functools.partial(function, *args, **kwargs))

    return wrapper


@after_commit
def announce_later(order):
    index.delay(order.pk)


def now_or_later(order): ...
# --- file: shop/tasks.py
from celery import Task, shared_task
from django.db import transaction
from django_rq import job


class AfterCommit(Task):
    def apply_async(self, *args, **kwargs):
        transaction.on_commit(lambda: super().apply_async(*args, **kwargs))


@shared_task
def index(pk): ...


@shared_task
def unindex(pk): ...


@shared_task
def rebuild(what, size): ...


@shared_task
def announce_task(pk):
    index.delay(pk)


@shared_task(base=AfterCommit)
def audited(pk): ...


@job
def enqueue(pk): ...

# --- file: shop/settings.py
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": True}}
