from datetime import timedelta

from celery import shared_task
from django.utils import timezone


@shared_task(bind=True)
def remind(self, order_id):
    # expect: countdown-and-eta-both
    raise self.retry(countdown=60, eta=timezone.now() + timedelta(hours=1))


def check_out(order, countdown=None, eta=None):
    when = timezone.now() + timedelta(minutes=20)
    # expect: countdown-and-eta-both
    remind.apply_async((order.pk,), countdown=5, eta=when)
    # expect: countdown-and-eta-both
    remind.s(order.pk).set(countdown=2 * 60, eta=timezone.now()).delay()
    # ok: countdown-and-eta-both
    remind.apply_async((order.pk,), countdown=countdown, eta=eta)
    # ok: countdown-and-eta-both
    remind.apply_async((order.pk,), countdown=None, eta=when)
    # ok: countdown-and-eta-both
    remind.apply_async((order.pk,), countdown=5 if order.fast else None, eta=None if order.fast else when)
    # ok: countdown-and-eta-both
    remind.apply_async((order.pk,), countdown=5, expires=when)
    # ok: countdown-and-eta-both
    remind.apply_async((order.pk,), countdown=0, eta=when)
    # ok: countdown-and-eta-both
    schedule(order, countdown=5, eta=when)
