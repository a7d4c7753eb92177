from celery import chain, group, signature
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, UpdateView

from shop import tasks
from shop.celery import app
from shop.forms import OrderForm, SearchForm
from shop.models import Order, Parcel, find_order, lock_order, order_numbers, reopen
from shop.tasks import audit, greet, label_parcels, pack, ship, track
from elsewhere.tasks import export
from elsewhere.models import Ledger

User = get_user_model()


def by_query(reference):
    order = Order.objects.get(reference=reference)
    # expect: model-instance-argument
    # fix: ship.delay(order.pk)
    ship.delay(order)
    # expect: model-instance-argument
    # fix: ship.apply_async(kwargs={"order_id": order.pk}, countdown=60)
    ship.apply_async(kwargs={"order_id": order}, countdown=60)
    # expect: model-instance-argument
    # fix: ship.apply_async((order.pk,), queue="mail")
    ship.apply_async((order,), queue="mail")
    # expect: model-instance-argument
    pack.delay(order)
    # expect: model-instance-argument
    tasks.pack.delay(Order.objects.filter(reference=reference).first())
    # expect: model-instance-argument
    chain(pack.si(order), audit.s())()
    # expect: model-instance-argument
    app.send_task("shop.tasks.pack", args=[order])
    # expect: model-instance-argument
    signature("shop.tasks.pack", args=(order,)).delay()
    # expect: model-instance-argument
    export.delay(order)
    # expect: model-instance-argument
    pack.delay({"order": order, "copies": 2})
    # expect: model-instance-argument
    pack.delay(order if reference else None)
    latest = Order.objects.filter(paid=True).latest("created")
    # expect: model-instance-argument
    # fix: audit.delay(entry_id=latest.pk)
    audit.delay(entry_id=latest)


def made_and_found(request, pk):
    created = Order.objects.create(owner=request.user)
    # expect: model-instance-argument
    pack.delay(created)
    # expect: model-instance-argument
    # fix: greet.delay(request.user.pk)
    greet.delay(request.user)
    found = get_object_or_404(Order, pk=pk)
    # expect: model-instance-argument
    pack.delay(found)
    unsaved = Order(owner=request.user)
    unsaved.save()
    # expect: model-instance-argument
    pack.delay(unsaved)
    order, is_new = Order.objects.get_or_create(pk=pk)
    # expect: model-instance-argument
    # fix: ship.delay(order.pk)
    ship.delay(order)
    # ok: model-instance-argument
    audit.delay(is_new)
    annotated: Order = cache.get("order")
    # expect: model-instance-argument
    pack.delay(annotated)
    # expect: model-instance-argument
    pack.delay(find_order(pk))
    # expect: model-instance-argument
    pack.delay(lock_order(pk))
    # ok: model-instance-argument
    pack.delay(reopen(pk))
    # ok: model-instance-argument
    pack.delay(order_numbers())
    entry = Ledger.objects.first()
    # expect: model-instance-argument
    pack.delay(entry)
    admin = User.objects.get(email="root@example.com")
    # expect: model-instance-argument
    pack.delay(admin)
    # expect: model-instance-argument
    # fix: greet.delay(created.owner.pk)
    greet.delay(created.owner)


def in_loops(orders):
    for order in Order.objects.filter(paid=True):
        # expect: model-instance-argument
        pack.delay(order)
    # expect: model-instance-argument
    group(pack.si(order) for order in Order.objects.all())()
    # expect: model-instance-argument
    # fix: label_parcels.delay(parcel_ids=[parcel.pk for parcel in Parcel.objects.all()])
    label_parcels.delay(parcel_ids=[parcel for parcel in Parcel.objects.all()])
    # expect: model-instance-argument
    label_parcels.delay(list(Parcel.objects.exclude(sent=True)))
    # ok: model-instance-argument
    label_parcels.delay(list(Parcel.objects.values_list("pk", flat=True)))
    for pk in Order.objects.values_list("pk", flat=True):
        # ok: model-instance-argument
        ship.delay(pk)
    for order in orders:
        # ok: model-instance-argument
        ship.delay(order)


def annotated_parameter(order: Order, parcel: "Parcel | None", key: int | Order):
    # expect: model-instance-argument
    pack.delay(order)
    # expect: model-instance-argument
    # fix: track.delay(parcel.pk)
    track.delay(parcel)
    # ok: model-instance-argument
    ship.delay(key)


@receiver(post_save, sender=Parcel)
def on_parcel_saved(sender, instance, **kwargs):
    # expect: model-instance-argument
    # fix: track.delay_on_commit(instance.pk)
    track.delay_on_commit(instance)
    # expect: model-instance-argument
    pack.delay_on_commit(instance.order)
    # expect: model-instance-argument
    # fix: label_parcels.delay_on_commit([instance.pk])
    label_parcels.delay_on_commit([instance])
    # expect: model-instance-argument
    # fix: greet.delay_on_commit(instance.order.owner.pk)
    greet.delay_on_commit(instance.order.owner)
    # ok: model-instance-argument
    track.delay_on_commit(instance.code)


def on_deleted(sender, instance, **kwargs):
    # expect: model-instance-argument
    pack.delay_on_commit(instance)


@receiver(post_save, sender=Parcel)
def also_called_with_keys(sender, instance, **kwargs):
    if type(instance) is list:
        # ok: model-instance-argument
        track.delay_on_commit(instance)


@receiver(post_save, sender=Parcel)
def also_called_with_a_key(sender, instance, **kwargs):
    key = instance if isinstance(instance, (int, str)) else instance.pk
    # ok: model-instance-argument
    track.delay_on_commit(key)
    # ok: model-instance-argument
    track.delay_on_commit(instance)


@receiver(post_save, sender=Order)
def asked_for_its_model(sender, instance, **kwargs):
    if isinstance(instance, Parcel):
        # expect: model-instance-argument
        # fix: track.delay_on_commit(instance.pk)
        track.delay_on_commit(instance)


def not_connected(instance):
    # ok: model-instance-argument
    audit.delay(instance)


class EditOrder(UpdateView):
    model = Order

    def form_valid(self, form):
        saved = form.save()
        # expect: model-instance-argument
        pack.delay_on_commit(saved)
        # expect: model-instance-argument
        pack.delay_on_commit(form.instance)
        return super().form_valid(form)

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        # expect: model-instance-argument
        pack.delay(self.object)
        # expect: model-instance-argument
        ship.delay(self.get_object())
        # expect: model-instance-argument
        ship.delay(super().get_object())


class OrderService:
    def __init__(self, record):
        self.object = record

    def run(self):
        # ok: model-instance-argument
        ship.delay(self.object)


def from_form(data):
    form = OrderForm(data)
    # expect: model-instance-argument
    pack.delay(form.save())
    search = SearchForm(data)
    # ok: model-instance-argument
    pack.delay(search.save())


def fine(order_id, session, client, data):
    order = Order.objects.get(pk=order_id)
    # ok: model-instance-argument
    ship.delay(order.pk)
    # ok: model-instance-argument
    ship.delay(str(order))
    # ok: model-instance-argument
    ship.delay(order.reference)
    order = order.pk
    # ok: model-instance-argument
    ship.delay(order)
    # ok: model-instance-argument
    ship.delay(cache.get("order"))
    # ok: model-instance-argument
    ship.delay(data.get("order"))
    # ok: model-instance-argument
    ship.delay(client.orders.get(order_id))
    # ok: model-instance-argument
    ship.delay(Order.objects.filter(paid=True).count())
    # ok: model-instance-argument
    ship.delay(session.query(Order).first())
    unpaid = Order.objects.filter(paid=False).first()
    # ok: model-instance-argument
    ship.apply((unpaid,))
    # ok: model-instance-argument
    ship.s(unpaid)()
    # ok: model-instance-argument
    tasks.remember.delay(unpaid)
    # ok: model-instance-argument
    tasks.validated.delay(unpaid)
    # ok: model-instance-argument
    tasks.converting.delay(unpaid)
    # ok: model-instance-argument
    tasks.enqueue.delay(unpaid)
    # expect: model-instance-argument
    # fix: tasks.pickled.delay(unpaid.pk)
    tasks.pickled.delay(unpaid)
    # expect: model-instance-argument
    pack.apply_async((unpaid,), serializer="pickle")
    # ok: model-instance-argument
    ship.apply_async((unpaid,), serializer=data["serializer"])
# --- file: shop/apps.py
from django.apps import AppConfig


class ShopConfig(AppConfig):
    def ready(self):
        from django.db.models import signals

        from shop import example
        from shop.models import Parcel

        signals.post_delete.connect(example.on_deleted, sender=Parcel)
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
# --- file: shop/forms.py
from django import forms

from shop.models import Order


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["reference"]


class SearchForm(forms.Form):
    def save(self):
        return self.cleaned_data["reference"]
# --- file: shop/models.py
from django.conf import settings
from django.db import models

from shop import tasks


class Order(models.Model):
    reference = models.CharField(max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    def close(self):
        # expect: model-instance-argument
        tasks.pack.delay(self)


class Parcel(models.Model):
    order = models.ForeignKey("shop.Order", on_delete=models.CASCADE)
    code = models.CharField(max_length=20)


def find_order(pk) -> Order | None:
    return Order.objects.filter(pk=pk).first()


def lock_order(pk):
    order = Order.objects.select_for_update().filter(pk=pk).first()
    if order is None:
        return None
    return order


def reopen(pk):
    order = Order.objects.filter(pk=pk).first()
    return order.pk if order else pk


def order_numbers():
    for order in Order.objects.all():
        yield order.reference
# --- file: shop/tasks.py
from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from celery import Task, shared_task
from django_rq import job

if TYPE_CHECKING:
    from shop.models import Order, Parcel


class Converting(Task):
    def apply_async(self, args=None, kwargs=None, **options):
        return super().apply_async([arg.pk for arg in args], kwargs, **options)


@shared_task
def ship(order_id): ...


@shared_task
def pack(order): ...


@shared_task
def audit(entry_id=None): ...


@shared_task
def greet(user_id): ...


@shared_task
def track(pk): ...


@shared_task
def label_parcels(parcel_ids): ...


@shared_task(serializer="shop-json")
def remember(order: Order): ...


@shared_task(serializer="pickle")
def pickled(order_id): ...


@shared_task(pydantic=True)
def validated(order): ...


@shared_task(base=Converting)
def converting(order_id): ...


@job
def enqueue(order_id): ...


@shared_task
# expect: model-instance-argument
def weigh(parcel: Parcel, scale: int = 1): ...


@shared_task(bind=True)
# expect: model-instance-argument
def close(self, order: Optional[Order] = None): ...


@shared_task(serializer="pickle")
# expect: model-instance-argument
def archive(order: "Order"): ...


# Nobody sends it.
@shared_task
# ok: model-instance-argument
def weigh_here(parcel: Parcel): ...


def weigh_now(parcel):
    weigh_here(parcel)


@shared_task
# ok: model-instance-argument
def stamp(order: int | None, parcels: list[int]): ...
