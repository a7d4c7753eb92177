# --- file: media/tasks.py
from celery import Celery, shared_task

from .base import Watermark

app = Celery("media")


@shared_task
def pull(pk): ...


@shared_task
def thumbnail(pk, size=64): ...


@app.task
def publish(results=None): ...


@shared_task
def alert(): ...


@shared_task
def plan(pk):
    return pull.s(pk) | publish.s()


def steps_for(pk):
    return [pull.s(pk), publish.s()]


mark = app.register_task(Watermark())
# --- file: media/base.py
from celery import Task


class Watermark(Task):
    def run(self, pk): ...
# --- file: media/views.py
import celery
from celery import chain, chord, group

from . import tasks
from .tasks import alert, mark, plan, publish, pull, steps_for, thumbnail


def upload(images, image, ready):
    # expect: called-task-in-canvas
    # fix: group(thumbnail.s(pk) for pk in images).delay()
    group(thumbnail(pk) for pk in images).delay()
    # expect: called-task-in-canvas
    # fix: celery.chain(tasks.pull.s(image.pk), publish.s()).delay()
    celery.chain(tasks.pull(image.pk), publish.s()).delay()
    chain(
        pull.s(image.pk),
        # expect: called-task-in-canvas
        # fix: publish.s(),
        publish,
    ).delay()
    chord(
        # expect: called-task-in-canvas
        # fix: [thumbnail.s(pk, size=128) for pk in images],
        [thumbnail.delay(pk, size=128) for pk in images],
        publish.s(),
    ).delay()
    # expect: called-task-in-canvas
    chord([thumbnail.s(pk) for pk in images], body=publish.apply_async(countdown=3)).delay()
    # expect: called-task-in-canvas
    # fix: (pull.s(image.pk) | publish.s()).delay()
    (pull.s(image.pk) | publish()).delay()
    # expect: called-task-in-canvas
    # fix: pull.apply_async((image.pk,), link=publish.s(), link_error=alert.si())
    pull.apply_async((image.pk,), link=publish(), link_error=alert.si())
    # expect: called-task-in-canvas
    # fix: pull.s(image.pk).on_error(alert.s()).delay()
    pull.s(image.pk).on_error(alert).delay()
    # expect: called-task-in-canvas
    # fix: chain(pull.s(image.pk), publish.s() if ready else alert.si()).delay()
    chain(pull.s(image.pk), publish if ready else alert.si()).delay()


def fine(images, image, sizes):
    sigs = [pull.s(image.pk), publish.s()]
    # ok: called-task-in-canvas
    chain(*sigs).delay()
    # ok: called-task-in-canvas
    chain(*steps_for(image.pk)).delay()
    # ok: called-task-in-canvas
    chain(plan(image.pk), alert.si()).delay()
    # ok: called-task-in-canvas
    group([thumbnail.signature((pk,)) for pk in images]).delay()
    # ok: called-task-in-canvas
    chain(pull.s(image.pk).set(queue="io"), publish.clone()).delay()
    # ok: called-task-in-canvas
    chain(mark.s(image.pk), publish.s()).delay()
    # ok: called-task-in-canvas
    return pull(image.pk) | sizes
