from django.db import transaction
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from rest_framework.decorators import action
from rest_framework.viewsets import ModelViewSet

from shop.models import Order
from shop.services import announce, place_order, place_quietly
from shop.tasks import index, ring_bell


def sign_up(request):
    # ok: dispatch-after-write-atomic-requests
    index.delay(request.user.pk)
    order = Order.objects.create(owner=request.user)
    # expect: dispatch-after-write-atomic-requests
    # fix: transaction.on_commit(lambda: index.delay(order.pk))
    index.delay(order.pk)
    # ok: dispatch-after-write-atomic-requests
    transaction.on_commit(lambda: index.delay(order.pk))
    # ok: dispatch-after-write-atomic-requests
    ring_bell.delay()
    return HttpResponse()


def checkout(request):
    order = place_order(request.POST)
    # expect: dispatch-after-write-atomic-requests
    # fix: transaction.on_commit(lambda: index.delay(order.pk))
    index.delay(order.pk)
    announce(order)
    place_quietly(order)


def either(request):
    if request.POST:
        Order.objects.filter(owner=request.user).update(state="open")
        return HttpResponse()
    # ok: dispatch-after-write-atomic-requests
    index.delay(request.user.pk)


@transaction.non_atomic_requests
def outside(request):
    order = Order.objects.create(owner=request.user)
    # ok: dispatch-after-write-atomic-requests
    index.delay(order.pk)


def routed_outside(request):
    order = Order.objects.create(owner=request.user)
    # ok: dispatch-after-write-atomic-requests
    index.delay(order.pk)


async def asynchronous(request):
    order = await Order.objects.acreate(owner=request.user)
    # ok: dispatch-after-write-atomic-requests
    index.delay(order.pk)


def no_view(order):
    order.save()
    # ok: dispatch-after-write-atomic-requests
    index.delay(order.pk)


class OrderViewSet(ModelViewSet):
    @action(detail=True)
    def close(self, request, pk=None):
        order = self.get_object()
        order.save()
        # expect: dispatch-after-write-atomic-requests
        # fix: transaction.on_commit(lambda: index.delay(order.pk))
        index.delay(order.pk)

    def helper(self, order):
        order.save()
        # ok: dispatch-after-write-atomic-requests
        index.delay(order.pk)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Outside(View):
    def post(self, request):
        order = Order.objects.create(owner=request.user)
        # ok: dispatch-after-write-atomic-requests
        index.delay(order.pk)


class Imports(View):
    def post(self, request):
        for row in request.POST:
            self.import_row(row)

    def import_row(self, row):
        order = Order.objects.create(row=row)
        # expect: dispatch-after-write-atomic-requests
        # fix: transaction.on_commit(lambda: index.delay(order.pk))
        index.delay(order.pk)
# --- file: shop/api.py
from django.contrib import admin
from ninja_extra import api_controller, http_get, route

from shop.models import Order
from shop.tasks import index


@api_controller("/orders")
class OrderController:
    @route.post("/")
    def place(self, payload):
        order = Order.objects.create(number=payload.number)
        # expect: dispatch-after-write-atomic-requests
        index.delay(order.pk)

    @http_get("/{pk}")
    def seen(self, pk):
        order = Order.objects.get(pk=pk)
        # ok: dispatch-after-write-atomic-requests
        index.delay(order.pk)
        order.save()

    @route.post("/later")
    async def place_later(self, payload):
        order = await Order.objects.acreate(number=payload.number)
        # ok: dispatch-after-write-atomic-requests
        index.delay(order.pk)

    def helper(self, payload):
        order = Order.objects.create(number=payload.number)
        # ok: dispatch-after-write-atomic-requests
        index.delay(order.pk)


class OrderAdmin(admin.ModelAdmin):
    def import_view(self, request):
        order = Order.objects.create(number=request.POST["number"])
        # expect: dispatch-after-write-atomic-requests
        index.delay(order.pk)

    @admin.action
    def close(self, request, queryset):
        for order in queryset:
            order.save()
            # expect: dispatch-after-write-atomic-requests
            index.delay(order.pk)

    def describe(self, order):
        order.save()
        # ok: dispatch-after-write-atomic-requests
        index.delay(order.pk)
# --- file: shop/services.py
from django.db import transaction

from shop.models import Order
from shop.tasks import index


def place_order(data):
    return Order.objects.create(data=data)


def announce(order):
    # expect: dispatch-after-write-atomic-requests
    # fix: transaction.on_commit(lambda: index.delay(order.pk))
    index.delay(order.pk)


def place_quietly(order):
    transaction.on_commit(lambda: index.delay(order.pk))


def nightly(order):
    order.save()
    # ok: dispatch-after-write-atomic-requests
    index.delay(order.pk)
# --- file: shop/urls.py
from django.db import transaction
from django.urls import path

from shop.example import routed_outside

urlpatterns = [path("outside", transaction.non_atomic_requests(routed_outside))]
# --- file: shop/settings.py
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": True}}
# --- file: shop/models.py
from django.db import models


class Order(models.Model):
    state = models.TextField()
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def index(pk): ...


@shared_task
def ring_bell(): ...
