import datetime
import enum
import io
import uuid
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from celery import group
from django.db import models
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest

from shop import tasks
from shop.celery import app
from shop.models import Product
from shop.tasks import converting, enqueue, label, pickled, price, restock, tag
from shop.values import REGIONS, Carrier, Color, Parcel, Point, Size, State, Weight

HOLIDAYS = {"easter", "christmas"}


def sets(product, old, new, names):
    # expect: non-serializable-argument
    # fix: tag.delay(product.pk, ["new", "hot"])
    tag.delay(product.pk, {"new", "hot"})
    # expect: non-serializable-argument
    # fix: tag.apply_async((product.pk,), {"names": list(set(names))}, countdown=5)
    tag.apply_async((product.pk,), {"names": set(names)}, countdown=5)
    # expect: non-serializable-argument
    # fix: tag.delay(product.pk, [name.lower() for name in names])
    tag.delay(product.pk, {name.lower() for name in names})
    # expect: non-serializable-argument
    # fix: tag.delay(product.pk, list(set(new) - set(old)))
    tag.delay(product.pk, set(new) - set(old))
    added = frozenset(new)
    # expect: non-serializable-argument
    # fix: tag.delay(product.pk, list(added.difference(old)))
    tag.delay(product.pk, added.difference(old))
    # expect: non-serializable-argument
    # fix: tag.delay(product.pk, list(HOLIDAYS))
    tag.delay(product.pk, HOLIDAYS)
    # expect: non-serializable-argument
    # fix: tag.delay(product.pk, list(REGIONS))
    tag.delay(product.pk, REGIONS)
    # ok: non-serializable-argument
    tag.delay(product.pk, sorted(added))
    # ok: non-serializable-argument
    tag.delay(product.pk, list(HOLIDAYS))
    # ok: non-serializable-argument
    tag.delay(product.pk, len({"new", "hot"}))
    found = set(names)
    found = list(found)
    # ok: non-serializable-argument
    tag.delay(product.pk, found)


def iterators(products, stock: dict[str, int]):
    # expect: non-serializable-argument
    # fix: restock.delay([product.pk for product in products])
    restock.delay(product.pk for product in products)
    # expect: non-serializable-argument
    # fix: tag.delay(1, [product.name for product in products])
    tag.delay(1, (product.name for product in products))
    # expect: non-serializable-argument
    # fix: restock.delay(list(map(int, products)))
    restock.delay(map(int, products))
    # expect: non-serializable-argument
    # fix: restock.apply_async(args=[list(range(10))])
    restock.apply_async(args=[range(10)])
    # expect: non-serializable-argument
    # fix: restock.delay({"rows": list(zip(products, products))})
    restock.delay({"rows": zip(products, products)})
    # expect: non-serializable-argument
    # fix: restock.delay(list(stock.keys()))
    restock.delay(stock.keys())
    counts = defaultdict(int)
    # expect: non-serializable-argument
    # fix: restock.delay(list(counts.items()))
    restock.delay(counts.items())
    # expect: non-serializable-argument
    # fix: group(restock.s(list(filter(None, products))), restock.s([1])).delay()
    group(restock.s(filter(None, products)), restock.s([1])).delay()
    # ok: non-serializable-argument
    restock.delay([product.pk for product in products])
    # ok: non-serializable-argument
    restock.delay(products.values())
    # ok: non-serializable-argument
    restock.delay(list(stock.values()))
    # ok: non-serializable-argument
    restock.apply_async(countdown=max(range(10)))


def durations_and_paths(folder: Path, wait: timedelta | None):
    # expect: non-serializable-argument
    # fix: price.delay(timedelta(hours=2).total_seconds())
    price.delay(timedelta(hours=2))
    # expect: non-serializable-argument
    price.delay(wait)
    # expect: non-serializable-argument
    # fix: price.delay(datetime.timedelta(days=1).total_seconds())
    price.delay(datetime.timedelta(days=1))
    # expect: non-serializable-argument
    # fix: label.delay(str(Path("labels") / "a4.pdf"))
    label.delay(Path("labels") / "a4.pdf")
    # expect: non-serializable-argument
    # fix: label.delay(str(folder))
    label.delay(folder)
    # ok: non-serializable-argument
    label.delay(str(folder))
    # ok: non-serializable-argument
    price.delay(wait.total_seconds())
    # ok: non-serializable-argument
    price.apply_async((1,), expires=timedelta(hours=2))
    # ok: non-serializable-argument
    price.delay(datetime.datetime.now() - timedelta(hours=2))


def files(request, name):
    # expect: non-serializable-argument
    label.delay(open(name))
    with open(name) as source:
        # expect: non-serializable-argument
        label.delay(source)
        # ok: non-serializable-argument
        label.delay(source.read())
    # expect: non-serializable-argument
    label.delay(io.BytesIO(b"x"))
    # expect: non-serializable-argument
    label.delay(request.FILES["label"])
    # expect: non-serializable-argument
    label.delay(request.FILES.get("label"))
    # expect: non-serializable-argument
    label.delay(request)
    # ok: non-serializable-argument
    label.delay(request.GET["name"])


def typed(req: HttpRequest):
    # expect: non-serializable-argument
    label.delay(req)


class Labels:
    def post(self, request):
        # expect: non-serializable-argument
        label.delay(request)

    def queue(self, name, request):
        # ok: non-serializable-argument
        label.delay(request)


def grant(request):
    # ok: non-serializable-argument
    label.delay(request)


def querysets():
    # expect: non-serializable-argument
    restock.delay(Product.objects.filter(stock=0))
    empty = Product.objects.exclude(stock__gt=0).order_by("name")
    # expect: non-serializable-argument
    restock.delay(empty)
    reviews = REGIONS.reviews.values_list("pk", flat=True)
    # expect: non-serializable-argument
    # fix: restock.delay(list(reviews))
    restock.delay(reviews)
    # ok: non-serializable-argument
    restock.delay(list(reviews))
    ids = Product.objects.filter(stock=0).values_list("pk", flat=True)
    # expect: non-serializable-argument
    # fix: restock.delay(list(ids))
    restock.delay(ids)
    # expect: non-serializable-argument
    # fix: restock.delay(list(Product.objects.values("pk", "name")))
    restock.delay(Product.objects.values("pk", "name"))
    # ok: non-serializable-argument
    restock.delay(list(ids))
    # ok: non-serializable-argument
    restock.delay(Product.objects.filter(stock=0).count())


def exceptions(product):
    try:
        product.save()
    except ValueError as error:
        # expect: non-serializable-argument
        # fix: label.delay(str(error))
        label.delay(error)
        # ok: non-serializable-argument
        label.delay(repr(error))
    except OSError as exc:
        # expect: non-serializable-argument
        # fix: label.delay(name=str(exc))
        label.delay(name=exc)


def members(color: Color, point: Point):
    # expect: non-serializable-argument
    # fix: label.delay(Color.RED.value)
    label.delay(Color.RED)
    # expect: non-serializable-argument
    label.delay(Color("red"))
    # expect: non-serializable-argument
    label.delay(color)
    # expect: non-serializable-argument
    label.delay(Point(1, 2))
    # expect: non-serializable-argument
    label.delay(point)
    # ok: non-serializable-argument
    label.delay(Color.RED.value)
    # ok: non-serializable-argument
    label.delay(Color.default())
    # ok: non-serializable-argument
    label.delay(Size.SMALL)
    # ok: non-serializable-argument
    label.delay(State.OPEN)
    # ok: non-serializable-argument
    label.delay(Carrier.POST)
    # ok: non-serializable-argument
    label.delay(Weight(3))
    # ok: non-serializable-argument
    label.delay(Parcel("x"))


def callables(product):
    # expect: non-serializable-argument
    label.delay(lambda: product.name)
    # expect: non-serializable-argument
    label.delay(callables)
    # expect: non-serializable-argument
    label.delay(Product)
    # ok: non-serializable-argument
    label.delay(restock)
    # ok: non-serializable-argument
    label.apply_async(link=restock.s())


def keys(day):
    # expect: non-serializable-argument
    price.delay({("a", 1): 3})
    # expect: non-serializable-argument
    price.delay({date(2024, 1, 1): 3})
    # expect: non-serializable-argument
    price.delay(prices={uuid.uuid4(): 3, Color.RED: 4})
    # ok: non-serializable-argument
    price.delay({1: 3, "a": 4, None: 5, day: 6})


@receiver(m2m_changed)
def on_tagged(sender, instance, action, pk_set, **kwargs):
    # expect: non-serializable-argument
    # fix: restock.delay_on_commit(list(pk_set))
    restock.delay_on_commit(pk_set)


def by_name(pk_set):
    # expect: non-serializable-argument
    # fix: app.send_task("shop.tasks.restock", args=[[1, 2]])
    app.send_task("shop.tasks.restock", args=[{1, 2}])
    # ok: non-serializable-argument
    restock.delay(pk_set)


def what_json_knows(product):
    # ok: non-serializable-argument
    price.delay(datetime.datetime.now())
    # ok: non-serializable-argument
    price.delay(date.today())
    # ok: non-serializable-argument
    price.delay(Decimal("1.2"))
    # ok: non-serializable-argument
    price.delay(uuid.uuid4())
    # ok: non-serializable-argument
    price.delay(b"abc")
    # ok: non-serializable-argument
    price.delay((1, 2))


def other_ways(names):
    # ok: non-serializable-argument
    pickled.delay(set(names))
    # ok: non-serializable-argument
    converting.delay(set(names))
    # ok: non-serializable-argument
    tag.apply_async((1, set(names)), serializer="yaml")
    # ok: non-serializable-argument
    enqueue.delay(set(names))
    # ok: non-serializable-argument
    tag.apply((1, set(names)))
    # ok: non-serializable-argument
    tag.s(1, set(names))()
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
# --- file: shop/models.py
from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=20)
# --- file: shop/tasks.py
from celery import Task, shared_task
from django_rq import job


class Converting(Task):
    def delay(self, *args, **kwargs):
        return super().delay(*map(list, args), **kwargs)


@shared_task
def restock(request): ...


@shared_task
def tag(pk, names): ...


@shared_task
def price(value=None, prices=None): ...


@shared_task
def label(name): ...


@shared_task(bind=True)
def relay(self, request):
    # ok: non-serializable-argument
    restock.delay(request)


@shared_task(serializer="pickle")
def pickled(names): ...


@shared_task(base=Converting)
def converting(names): ...


@job
def enqueue(names): ...
# --- file: shop/values.py
import dataclasses
import enum
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

REGIONS = frozenset({"north", "south"})


class Color(enum.Enum):
    RED = "red"

    @classmethod
    def default(cls):
        return cls.RED.value


class Size(str, enum.Enum):
    SMALL = "s"


class State(models.TextChoices):
    OPEN = "open"


class Carrier(enum.IntEnum):
    POST = 1


@dataclass
class Point:
    x: int
    y: int


@dataclasses.dataclass(frozen=True)
class Weight:
    grams: int

    def __json__(self):
        return self.grams


class Parcel(NamedTuple):
    code: str
