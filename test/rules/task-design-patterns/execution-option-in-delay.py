from celery import chain, shared_task
from django_rq import job

from partner.tasks import export


@shared_task
def remind(user_id, channel="mail"):
    return user_id, channel


@shared_task(bind=True)
def route(self, user_id, queue):
    return user_id, queue


@shared_task
def record(event, **data):
    return event, data


@job
def remote(user_id):
    return user_id


def plan(user, options):
    # expect: execution-option-in-delay
    # fix: remind.apply_async((user.pk,), countdown=3600)  # in an hour
    remind.delay(user.pk, countdown=3600)  # in an hour
    # expect: execution-option-in-delay
    # fix: remind.apply_async((user.pk, "text"), queue="slow", priority=3)
    remind.delay(user.pk, "text", queue="slow", priority=3)
    # expect: execution-option-in-delay
    # fix: remind.apply_async_on_commit((user.pk,), expires=60)
    remind.delay_on_commit(user.pk, expires=60)
    # expect: execution-option-in-delay
    remind.delay(user_id=user.pk, channel="text", countdown=60)
    # expect: execution-option-in-delay
    remind.delay(*options, countdown=60)
    # expect: execution-option-in-delay
    # fix: chain(remind.s(user.pk).set(queue="slow"), record.si("reminded"))()
    chain(remind.s(user.pk, queue="slow"), record.si("reminded"))()
    # expect: execution-option-in-delay
    # fix: record.apply_async(("seen",), countdown=5)
    record.delay("seen", countdown=5)
    # ok: execution-option-in-delay
    remind.apply_async((user.pk,), countdown=3600)
    # ok: execution-option-in-delay
    route.delay(user.pk, queue="slow")
    # ok: execution-option-in-delay
    record.delay("seen", colour="red")
    # ok: execution-option-in-delay
    remote.delay(user.pk, countdown=60)
    # ok: execution-option-in-delay
    export.delay(user.pk, queue="slow")
    # ok: execution-option-in-delay
    remind.delay(user.pk, **options)
