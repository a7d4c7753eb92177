# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
# --- file: shop/legacy.py
from shop.celery import app


def still_sent():
    app.send_task("shop.tasks.named")
# --- before
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def remind(cart_id):
    mail_to(Cart.objects.get(pk=cart_id).owner)


@shared_task
def ping(): ...


@shared_task
def unsent(): ...


@shared_task
def pong(): ...


@shared_task
def named(): ...


@shared_task
def moved(pk):
    order = Order.objects.get(pk=pk)
    order.move_on(when=now())


@shared_task
def last(): ...
# --- file: shop/views.py
from shop.tasks import moved, named, remind


def view(cart):
    remind.apply_async((cart.pk,), countdown=86400)
    named.delay()
    moved.delay(cart.order_id)
# --- after
# --- file: shop/tasks.py
from celery import shared_task


# expect: task-removed-while-queued
@shared_task
def ping(): ...


# ok: task-removed-while-queued
@shared_task
def pong(): ...


# ok: task-removed-while-queued
@shared_task
def last(): ...
# --- file: shop/orders.py
from celery import shared_task


@shared_task
def moved(pk):
    order = Order.objects.get(pk=pk)
    order.move_on(when=now())
# --- file: shop/views.py
from shop.orders import moved


def view(cart):
    moved.delay(cart.order_id)
