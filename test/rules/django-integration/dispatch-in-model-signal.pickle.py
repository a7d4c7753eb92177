from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from shop.models import Order
from shop.tasks import forget, remember


# What is pickled after the commit has lost its primary key.
@receiver(post_delete, sender=Order)
def on_deleted(sender, instance, **kwargs):
    # expect: dispatch-in-model-signal
    forget.apply_async(kwargs={"order": instance})
    # expect: dispatch-in-model-signal
    # fix: forget.delay_on_commit(instance.pk)
    forget.delay(instance.pk)


@receiver(post_save, sender=Order)
def on_saved(sender, instance, **kwargs):
    # expect: dispatch-in-model-signal
    # fix: remember.apply_async_on_commit(kwargs={"order": instance})
    remember.apply_async(kwargs={"order": instance})
    # ok: dispatch-in-model-signal
    remember.delay_on_commit(instance)
# --- file: shop/models.py
from django.db import models


class Order(models.Model):
    pass
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def forget(order): ...


@shared_task
def remember(order): ...
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/settings.py
CELERY_TASK_SERIALIZER = "pickle"
CELERY_ACCEPT_CONTENT = ["pickle"]
