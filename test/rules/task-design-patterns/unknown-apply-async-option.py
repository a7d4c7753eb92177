from celery import Task, chord, shared_task
from celery_once import QueueOnce
from django_rq import job

from partner.tasks import export

from .celery import app


@shared_task
def ping(host, label=None):
    return host, label


@shared_task(base=QueueOnce)
def exclusive(host):
    return host


class Tracked(Task):
    def apply_async(self, args=None, kwargs=None, count_down=None, **options):
        return super().apply_async(args, kwargs, countdown=count_down, **options)


@shared_task(base=Tracked)
def tracked(host):
    return host


def check(hosts):
    # expect: unknown-apply-async-option
    # fix: ping.apply_async((hosts[0],), countdown=60)  # a minute
    ping.apply_async((hosts[0],), count_down=60)  # a minute
    # expect: unknown-apply-async-option
    # fix: app.send_task("partner.tasks.export", (hosts[0],), routing_key="slow")
    app.send_task("partner.tasks.export", (hosts[0],), rounting_key="slow")
    # expect: unknown-apply-async-option
    # fix: export.apply_async((hosts[0],), expires=60)
    export.apply_async((hosts[0],), expire=60)
    # expect: unknown-apply-async-option
    ping.apply_async((hosts[0],), retry_backoff=True)
    # expect: unknown-apply-async-option
    # fix: ping.apply_async((hosts[0],), priority=5)
    ping.apply_async((hosts[0],), priority="5")
    # ok: unknown-apply-async-option
    ping.apply_async((hosts[0],), headers={"tenant": "a"}, stamped_headers=["tenant"], MessageGroupId="hosts")
    # ok: unknown-apply-async-option
    ping.apply_async(args=(hosts[0],), kwargs={}, task_id="ping", queue="slow", tenant="a", shadow="ping-a")
    # ok: unknown-apply-async-option
    exclusive.apply_async((hosts[0],), onces={"graceful": True}, count_down=60)
    # ok: unknown-apply-async-option
    tracked.apply_async((hosts[0],), count_down=60)
    # ok: unknown-apply-async-option
    chord([ping.s(host) for host in hosts], ping.si("done")).apply_async(interval=5, max_retries=3)
    # ok: unknown-apply-async-option
    remote.apply_async((hosts[0],), count_down=60)


@job
def remote(host):
    return host


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
