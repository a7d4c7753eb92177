# --- file: shop/tasks.py
import datetime as dt
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone


@shared_task(bind=True)
def remind(self, order_id):
    # expect: naive-eta
    # fix: self.retry(eta=timezone.now() + timedelta(minutes=5))
    self.retry(eta=datetime.now() + timedelta(minutes=5))


def check_out(order, delay):
    # expect: naive-eta
    # fix: remind.apply_async((order.pk,), eta=timezone.now() + timedelta(minutes=delay))
    remind.apply_async((order.pk,), eta=datetime.now() + timedelta(minutes=delay))
    # expect: naive-eta
    # fix: remind.apply_async((order.pk,), expires=timedelta(minutes=delay) + timezone.now())
    remind.apply_async((order.pk,), expires=timedelta(minutes=delay) + dt.datetime.now())
    due = datetime.now().replace(hour=3)
    # expect: naive-eta
    remind.apply_async((order.pk,), eta=due)
    # ok: naive-eta
    remind.apply_async((order.pk,), eta=timezone.now() + timedelta(minutes=5))
    # ok: naive-eta
    remind.apply_async((order.pk,), eta=datetime.now(dt.timezone.utc) + timedelta(minutes=5))
    # ok: naive-eta
    remind.apply_async((order.pk,), eta=datetime.utcnow().replace(tzinfo=dt.timezone.utc))
    # ok: naive-eta
    remind.apply_async((order.pk,), eta=order.due_at)
    # Celery takes it for what it is.
    # ok: naive-eta
    remind.apply_async((order.pk,), eta=datetime.utcnow() + timedelta(minutes=5))
    # ok: naive-eta
    remind.apply_async((order.pk,), expires=3600)
    # ok: naive-eta
    remind.apply_async((order.pk,), eta=timezone.make_aware(datetime.now() + timedelta(minutes=5)))
    # ok: naive-eta
    remind.delay(datetime.now() - datetime.utcnow())


# --- file: shop/settings.py
TIME_ZONE = "Europe/Madrid"
CELERY_TIMEZONE = "Europe/Madrid"
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
