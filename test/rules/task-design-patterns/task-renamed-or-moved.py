# --- file: shop/settings.py
CELERY_BEAT_SCHEDULE = {
    "approve": {"task": "shop.commands.approve", "schedule": 60},
    "expire": {"task": "shop.commands.expire", "schedule": 60},
}
# --- file: shop/views.py
from celery import chain, current_app

from . import stock, tasks


def checkout(order):
    tasks.ship.delay(order.pk)
    tasks.weigh.delay(order.pk)
    tasks.label.delay(order.pk)
    tasks.notify.apply_async((order.pk,))
    tasks.kept_alias.delay(order.pk)
    tasks.sweep.delay()
    stock.kept_call.delay(order.pk)
    stock.recount.delay(order.pk)
    chain(tasks.pack.s(order.pk))()
    current_app.send_task("shop.tasks.archive", (order.pk,))
    broadcast(tasks.announce, order.pk)
    return tasks.unsent(order.pk)
# --- file: shop/scripts.py
import requests
from celery import Celery  # reads the broker alone

NIGHTLY = "shop.tasks.count_parcels"


def run(job):
    requests.post(URL, json={"task": NIGHTLY if job == "count" else "shop.tasks." + job}, timeout=5)
# --- before
# --- file: shop/commands.py
from celery import shared_task


@shared_task(name="commands.approve")
def approve(): ...


@shared_task(name="commands.expire")
def expire(): ...


expire.delay()
# --- file: shop/tasks.py
from celery import Task, shared_task


@shared_task
def ship(order_id):
    parcel = Parcel.objects.get(order_id=order_id)
    parcel.hand_over()


@shared_task(queue="slow", acks_late=True)
def weigh(order_id):
    Parcel.objects.get(order_id=order_id).weigh()


@shared_task(name="shop.label")
def label(order_id):
    Parcel.objects.get(order_id=order_id).print_label()


@shared_task(bind=True)
def notify(self, order_id):
    customer = Customer.objects.get(orders=order_id)
    customer.send("Your parcel is on its way", self.request.id)


@shared_task
def archive(order_id):
    Order.objects.filter(pk=order_id).update(archived=True)


@shared_task
def unsent(order_id):
    Order.objects.filter(pk=order_id).update(seen=True)


@shared_task
def kept_alias(order_id): ...


@shared_task
def sweep():
    Cart.objects.stale().delete()
    Session.objects.stale().delete()


@shared_task
def pack(order_id): ...


@shared_task
def announce(order_id): ...


@shared_task
def count_parcels(day):
    return Parcel.objects.filter(sent=day).count()


@shared_task
def tag_parcels(day):
    Parcel.objects.filter(sent=day).tag()


class Reindex(Task):
    def run(self, pk):
        Search().index(pk)
# --- file: shop/stock.py
from celery import shared_task


@shared_task
def kept_call(order_id): ...


@shared_task
def recount(order_id):
    Stock.objects.recount(order_id)
# --- file: shop/mail.py
from celery import shared_task


@shared_task
def remind(user_id):
    User.objects.get(pk=user_id).remind()


@shared_task
def digest():
    for user in User.objects.active():
        remind.delay(user.pk)
# --- file: backend/stock/tasks.py
from celery import shared_task


@shared_task
def restock(sku): ...


restock.delay("A1")
# --- after
# --- file: shop/commands.py
from celery import shared_task


# the schedule has called it so before
# ok: task-renamed-or-moved
@shared_task(name="shop.commands.approve")
def approve(): ...


# expect: task-renamed-or-moved
@shared_task(name="shop.commands.expire")
def expire(): ...


expire.delay()
# --- file: shop/tasks.py
from celery import shared_task

from .labels import label_parcel
from .shipping import archive, ship, weigh


# expect: task-renamed-or-moved
@shared_task(name="shop.tasks.label")
def label(order_id):
    Parcel.objects.get(order_id=order_id).print_label()


# the function has a new name
# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.notify", bind=True)
@shared_task(bind=True)
def notify_customer(self, order_id):
    customer = Customer.objects.get(orders=order_id)
    customer.send("Your parcel is on its way", self.request.id)


# ok: task-renamed-or-moved
@shared_task(name="shop.tasks.kept_alias")
def kept_under_its_name(order_id): ...


# another task: deleted and written anew
# ok: task-renamed-or-moved
@shared_task
def clean_up(folder):
    for path in folder.iterdir():
        path.unlink(missing_ok=True)


# too little to know it by
# ok: task-renamed-or-moved
@shared_task
def wrap(order_id): ...


# ok: task-renamed-or-moved
@shared_task
def brand_new(order_id): ...
# --- file: shop/stock.py
from celery import shared_task


# ok: task-renamed-or-moved
@shared_task
def kept_call_v2(order_id): ...


shared_task(name="shop.stock.kept_call")(kept_call_v2)


# a name that is computed may be any
# ok: task-renamed-or-moved
@shared_task(name=PREFIX + "recount")
def recount(order_id):
    Stock.objects.recount(order_id)
# --- file: shop/shipping.py
from celery import shared_task


# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.ship")
@shared_task
def ship(order_id):
    parcel = Parcel.objects.get(order_id=order_id)
    parcel.hand_over()
    parcel.save()


# expect: task-renamed-or-moved
# fix: name="shop.tasks.weigh",
# fix: queue="slow",
@shared_task(
    queue="slow",
    acks_late=True,
)
def weigh(order_id):
    Parcel.objects.get(order_id=order_id).weigh()


# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.archive")
@shared_task
def archive(order_id):
    Order.objects.filter(pk=order_id).update(archived=True)


# it is handed to something that sends it
# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.announce")
@shared_task
def announce(order_id): ...


# nothing sends it, as far as one can see
# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.unsent")
@shared_task
def unsent(order_id):
    Order.objects.filter(pk=order_id).update(seen=True)


# a script names it
# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.count_parcels")
@shared_task
def count_parcels(day):
    return Parcel.objects.filter(sent=day).count()


# a script may put its name together
# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.tasks.tag_parcels")
@shared_task
def tag_parcels(day):
    Parcel.objects.filter(sent=day).tag()


# the same name by accident
# ok: task-renamed-or-moved
@shared_task
def sweep(room, *, thoroughly=False):
    broom = Broom(thoroughly)
    broom.sweep(Room(room).floor)
# --- file: shop/search.py
from celery import Task


# expect: task-renamed-or-moved
class Reindex(Task):
    def run(self, pk):
        Search().index(pk)
# --- file: notifications/mail.py
from celery import shared_task


# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.mail.remind")
@shared_task
def remind(user_id):
    User.objects.get(pk=user_id).remind()


# expect: task-renamed-or-moved
# fix: @shared_task(name="shop.mail.digest")
@shared_task
def digest():
    for user in User.objects.active():
        remind.delay(user.pk)
# --- file: stock/tasks.py
from celery import shared_task


# only the directory around the project moved
# ok: task-renamed-or-moved
@shared_task
def restock(sku): ...


restock.delay("A1")
