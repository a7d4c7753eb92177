from celery import shared_task
from django.contrib.auth import get_user_model
from django.db import models

User = get_user_model()


class Product(models.Model):
    active = models.BooleanField()


@shared_task
def refresh(limit):
    # expect: unbounded-queryset-in-task
    # fix: for product in Product.objects.all().iterator():
    for product in Product.objects.all():
        product.refresh()
    # expect: unbounded-queryset-in-task
    # fix: for user in User.objects.order_by("pk").select_related("shop").iterator():
    for user in User.objects.order_by("pk").select_related("shop"):
        user.refresh()
    # ok: unbounded-queryset-in-task
    for product in Product.objects.iterator():
        product.refresh()
    # ok: unbounded-queryset-in-task
    for product in Product.objects.filter(active=True):
        product.refresh()
    # ok: unbounded-queryset-in-task
    for product in Product.objects.all()[:limit]:
        product.refresh()
    # ok: unbounded-queryset-in-task
    for product in Product.objects.exclude(active=True).all():
        product.refresh()
    # ok: unbounded-queryset-in-task
    for product in Product.objects.prefetch_related("images").all():
        product.refresh()
    # ok: unbounded-queryset-in-task
    for key in Product.objects.values_list("pk", flat=True):
        refresh_one.delay(key)
    # ok: unbounded-queryset-in-task
    for image in product.images.all():
        image.refresh()


def helper():
    # ok: unbounded-queryset-in-task
    for product in Product.objects.all():
        product.refresh()
