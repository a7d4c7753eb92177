from celery import chain, group, signature

from shop.celery import app
from shop.other_tasks import enqueue, wrapped
from shop.tasks import Sweep, charge, collect, convert, crop, loose, resize, sweep, timed, untyped


def calls(image, rest):
    # expect: dispatch-arity-mismatch
    resize.delay(image.pk)
    # expect: dispatch-arity-mismatch
    resize.delay(image.pk, 640, "png", True)
    # expect: dispatch-arity-mismatch
    resize.delay(image.pk, 640, size="large")
    # expect: dispatch-arity-mismatch
    resize.delay(image.pk, 640, image_id=image.pk)
    # expect: dispatch-arity-mismatch
    resize.delay_on_commit(image.pk)
    # expect: dispatch-arity-mismatch
    resize.apply_async((image.pk,), countdown=5)
    # expect: dispatch-arity-mismatch
    resize.apply_async(kwargs={"image_id": image.pk, "height": 3})
    # expect: dispatch-arity-mismatch
    resize.apply_async()
    # expect: dispatch-arity-mismatch
    crop.delay(image.pk, image.box)
    # expect: dispatch-arity-mismatch
    crop.delay(image.pk)
    # expect: dispatch-arity-mismatch
    collect.delay()
    # expect: dispatch-arity-mismatch
    resize.apply((image.pk,))
    # expect: dispatch-arity-mismatch
    charge.delay(order=image.pk)
    # ok: dispatch-arity-mismatch
    resize.delay(image.pk, 640)
    # ok: dispatch-arity-mismatch
    resize.delay(image.pk, width=640, format="png")
    # ok: dispatch-arity-mismatch
    resize.apply_async((image.pk, 640), {"format": "png"}, countdown=5)
    # ok: dispatch-arity-mismatch
    crop.delay(image.pk, box=image.box)
    # ok: dispatch-arity-mismatch
    collect.delay(1, 2, 3, key="value")
    # ok: dispatch-arity-mismatch
    charge.delay(image.pk)
    # ok: dispatch-arity-mismatch
    resize.delay(*rest)
    # ok: dispatch-arity-mismatch
    resize.delay(image.pk, **rest)
    # ok: dispatch-arity-mismatch
    resize.apply_async(args=rest)
    # ok: dispatch-arity-mismatch
    resize.apply_async((image.pk,), **rest)
    # ok: dispatch-arity-mismatch
    resize.apply_async([image.pk, *rest])


def by_name(image):
    # expect: dispatch-arity-mismatch
    app.send_task("shop.tasks.resize", args=[image.pk])
    # expect: dispatch-arity-mismatch
    signature("shop.tasks.resize", args=(1, 2, 3, 4))
    # ok: dispatch-arity-mismatch
    signature("shop.tasks.resize", args=(1,))
    # ok: dispatch-arity-mismatch
    app.send_task("elsewhere.resize", args=[image.pk])


def signatures(image):
    # expect: dispatch-arity-mismatch
    resize.s(1, 2, "png", True)
    # expect: dispatch-arity-mismatch
    resize.s(quality=3)
    # expect: dispatch-arity-mismatch
    resize.si(image.pk)
    # expect: dispatch-arity-mismatch
    resize.signature((image.pk,), immutable=True)
    # expect: dispatch-arity-mismatch
    resize.s(image.pk).delay()
    # expect: dispatch-arity-mismatch
    app.add_periodic_task(3600, resize.s(image.pk), name="resize")
    # ok: dispatch-arity-mismatch
    app.add_periodic_task(3600, resize.s(image.pk), args=(640,))
    # ok: dispatch-arity-mismatch
    resize.s(image.pk).delay(640)
    # ok: dispatch-arity-mismatch
    chain(convert.s(image.pk), resize.s(640))()
    # ok: dispatch-arity-mismatch
    group(resize.s(image.pk), resize.si(image.pk, 640))
    # ok: dispatch-arity-mismatch
    resize.s()


def not_to_be_seen_from_here(image):
    # ok: dispatch-arity-mismatch
    timed.delay()
    # ok: dispatch-arity-mismatch
    untyped.delay()
    # ok: dispatch-arity-mismatch
    loose.delay()
    # ok: dispatch-arity-mismatch
    wrapped.delay()
    # ok: dispatch-arity-mismatch
    enqueue.delay()


def class_based():
    # expect: dispatch-arity-mismatch
    sweep.delay()
    # ok: dispatch-arity-mismatch
    sweep.delay("attic")
    # expect: dispatch-arity-mismatch
    Sweep().delay("attic", "cellar")
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.conf.beat_schedule = {
    "resize": {
        # expect: dispatch-arity-mismatch
        "task": "shop.tasks.resize",
        "schedule": 3600,
    },
    "crop": {
        "task": "shop.tasks.crop",
        "schedule": 3600,
        # expect: dispatch-arity-mismatch
        "kwargs": {"image_id": 1, "box": [], "colour": "red"},
    },
    "convert": {
        # ok: dispatch-arity-mismatch
        "task": "shop.tasks.convert",
        "schedule": 3600,
        "args": (1,),
    },
    "computed": {
        # ok: dispatch-arity-mismatch
        "task": "shop.tasks.convert",
        "schedule": 3600,
        "args": tuple(range(1)),
    },
}
# --- file: shop/tasks.py
import functools

from celery import Task, shared_task
from shop.celery import app


class Converting(Task):
    def __call__(self, *args, **kwargs):
        return self.run("converted")


@shared_task
def resize(image_id, width, format="jpg"): ...


@app.task(bind=True, max_retries=3)
def crop(self, image_id, *, box): ...


@shared_task
def convert(image_id): ...


@shared_task
def collect(first, *rest, **options): ...


@shared_task
def charge(order, /): ...


def timing(function):
    @functools.wraps(function)
    def timed(*args):
        return function("now", *args)

    return timed


@shared_task
@timing
def timed(now): ...


@shared_task(typing=False)
def untyped(image_id): ...


@shared_task(base=Converting)
def loose(image_id): ...


class Sweep(Task):
    name = "sweep"

    def run(self, room): ...


sweep = app.register_task(Sweep())
# --- file: shop/other_tasks.py
from celery import shared_task
from django_rq import job

from shop.helpers import shop_task


@job
def enqueue(image_id): ...


@shop_task
def wrapped(image_id): ...
# --- file: shop/helpers.py
from celery import shared_task


def shop_task(function):
    def run(*args):
        return function(1, *args)

    return shared_task(run)
