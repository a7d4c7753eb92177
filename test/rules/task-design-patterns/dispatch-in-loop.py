from celery import group, shared_task
from django.db import models, transaction


class Product(models.Model):
    active = models.BooleanField()


@shared_task
def index(product_id): ...


def reindex(request, chosen):
    for product in Product.objects.filter(active=True):
        # expect: dispatch-in-loop
        index.delay(product.pk)
    keys = Product.objects.values_list("pk", flat=True)
    for key in keys:
        if key:
            # expect: dispatch-in-loop
            index.apply_async((key,), queue="search")
    # expect: dispatch-in-loop
    [index.delay(product.pk) for product in Product.objects.all()]
    for number in range(1000):
        # expect: dispatch-in-loop
        index.delay(number)
    for number in range(3):
        # ok: dispatch-in-loop
        index.delay(number)
    for key in chosen:
        # ok: dispatch-in-loop
        index.delay(key)
    for key in [1, 2]:
        # ok: dispatch-in-loop
        index.delay(key)
    for product in Product.objects.all():
        # ok: dispatch-in-loop
        transaction.on_commit(lambda: index.delay(product.pk))
        # ok: dispatch-in-loop
        index.delay_on_commit(product.pk)
    for number, product in enumerate(Product.objects.all()):
        # ok: dispatch-in-loop
        index.apply_async((product.pk,), countdown=number)
    # ok: dispatch-in-loop
    group(index.s(product.pk) for product in Product.objects.all()).delay()
    # ok: dispatch-in-loop
    index.delay(Product.objects.first().pk)


@shared_task
def index_all():
    for product in Product.objects.all():
        # ok: dispatch-in-loop
        index.delay(product.pk)
