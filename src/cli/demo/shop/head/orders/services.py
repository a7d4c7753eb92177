from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language

from catalog.models import Product
from loyalty.tasks import award_points, revoke_points

from .models import Order, OrderLine
from .tasks import send_order_confirmation


@transaction.atomic
def reserve(customer, quantities):
    """Takes the products off the shelf; `quantities` maps their SKUs to numbers."""
    order = Order.objects.create(customer=customer)
    for product in Product.objects.select_for_update().filter(sku__in=quantities):
        quantity = quantities[product.sku]
        OrderLine.objects.create(order=order, product=product, quantity=quantity, price=product.price)
        Product.objects.filter(pk=product.pk).update(stock=F("stock") - quantity)
        order.total += product.price * quantity
    order.save(update_fields=["total"])
    return order


def pay(order, payment):
    payment.capture(order.total)
    with transaction.atomic():
        order.status = Order.Status.PAID
        order.save(update_fields=["status"])
        send_order_confirmation.delay_on_commit(order.pk, get_language())
        award_points.delay(order.pk)


def cancel(order):
    with transaction.atomic():
        for line in order.lines.all():
            Product.objects.filter(pk=line.product_id).update(stock=F("stock") + line.quantity)
        order.status = Order.Status.CANCELLED
        order.save(update_fields=["status"])
    revoke_points.delay(order.pk)
