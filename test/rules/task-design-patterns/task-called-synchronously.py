# --- file: shop/tasks.py
from celery import chain, shared_task


@shared_task
def rebuild(): ...


@shared_task
def total(order_id): ...


@shared_task
def workflow(order_id):
    return chain(total.s(order_id), rebuild.si())


# --- file: shop/views.py
from celery import shared_task
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.views.generic import View
from rest_framework.viewsets import ModelViewSet

from .tasks import rebuild, total, workflow


def refresh(request):
    # expect: task-called-synchronously
    rebuild()


class Refresh(View):
    def post(self, request):
        # expect: task-called-synchronously
        rebuild()


class Orders(ModelViewSet):
    def perform_create(self, serializer):
        # expect: task-called-synchronously
        total(serializer.save().pk)


@receiver(post_save, sender="shop.Order")
def on_order(sender, instance, **kwargs):
    # expect: task-called-synchronously
    total(instance.pk)


def uses(request):
    # ok: task-called-synchronously
    amount = total(request.GET["order"])
    # ok: task-called-synchronously
    rebuild.delay()
    # ok: task-called-synchronously
    workflow(1)
    return amount


def either(request, now):
    if now:
        # ok: task-called-synchronously
        rebuild()
    else:
        rebuild.delay()


@receiver(post_delete, sender="shop.Order")
def on_order_deleted(sender, instance, **kwargs):
    # ok: task-called-synchronously
    total(instance.pk)


def deliberate(request, order):
    # the page that comes next needs it, so do not delay this
    if order:
        # ok: task-called-synchronously
        rebuild()
    # ok: task-called-synchronously
    total(request.user)


def helper(order):
    # ok: task-called-synchronously
    rebuild()


@shared_task
def bound(request):
    # ok: task-called-synchronously
    rebuild()


@shared_task
def local(): ...


def same_module(request):
    # ok: task-called-synchronously
    local()
