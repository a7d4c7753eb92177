from celery import shared_task
from celery_once import QueueOnce
from django_rq import job

EVERYTHING = ("a", "b")
STEP = 5


@shared_task
def ping(host, label=None, queue=None):
    return host, label, queue


@shared_task(base=QueueOnce)
def exclusive(host):
    return host


@job
def remote(host):
    return host


@shared_task
def take(activity):
    return activity


@shared_task
def gather(items, kind):
    return items, kind


def by_name(activity, items, batch):
    # expect: apply-async-args-shape
    # fix: take.apply_async(args=(activity,), queue="inbox")
    take.apply_async(args=(activity), queue="inbox")
    # ok: apply-async-args-shape
    take.apply_async(args=(batch))
    # ok: apply-async-args-shape
    take.apply_async(args=activity)
    # ok: apply-async-args-shape
    gather.apply_async(args=(items))


def check(host, order, ping_args):
    # expect: apply-async-args-shape
    # fix: ping.apply_async(args=(host,), countdown=5)  # soon
    ping.apply_async(args=(host), countdown=5)  # soon
    # expect: apply-async-args-shape
    # fix: ping.apply_async((order.pk,))
    ping.apply_async((order.pk))
    # expect: apply-async-args-shape
    # fix: ping.apply_async(("example.org",))
    ping.apply_async(("example.org"))
    # expect: apply-async-args-shape
    # fix: ping.apply_async(args=["example.org"])
    ping.apply_async(args="example.org")
    # expect: apply-async-args-shape
    # fix: ping.apply([7])
    ping.apply(7)
    # expect: apply-async-args-shape
    ping.apply_async({"host": host})
    # expect: apply-async-args-shape
    ping.apply_async((host,), ("label",))
    # expect: apply-async-args-shape
    ping.apply_async(args=[host], kwargs=["label"])
    # expect: apply-async-args-shape
    ping.apply_async([host], 5)
    # expect: apply-async-args-shape
    # fix: ping.apply_async((host,), kwargs={"label": order.label}, countdown=5)
    ping.apply_async((host,), label=order.label, countdown=5)
    # ok: apply-async-args-shape
    ping.apply_async((host,), {"label": "x"}, queue="slow")
    # ok: apply-async-args-shape
    ping.apply_async(args=[*order.hosts], kwargs=dict(label="x"), tenant="a")
    # ok: apply-async-args-shape
    ping.apply_async(args=(ping_args), kwargs=order.options)
    # ok: apply-async-args-shape
    ping.apply_async((EVERYTHING), None)
    # ok: apply-async-args-shape
    ping.apply_async((), {}, countdown=(STEP))
    # ok: apply-async-args-shape
    ping.apply_async(*ping_args, 5)
    # ok: apply-async-args-shape
    exclusive.apply_async("host", host=host)
    # ok: apply-async-args-shape
    remote.apply_async(args=(host))
    # ok: apply-async-args-shape
    ping.s(host).apply_async((order.pk,), link=ping.s())
