import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import emails
from .models import Order

logger = logging.getLogger(__name__)


@shared_task
def send_order_confirmation(order_id):
    order = Order.objects.select_related("customer").get(pk=order_id)
    emails.confirm(order)


@shared_task
def release_stale_reservations():
    """Cancels orders that nobody paid for, so that their products can be sold again."""
    from .services import cancel

    limit = timezone.now() - timedelta(minutes=30)
    stale = Order.objects.filter(status=Order.Status.RESERVED, placed_at__lt=limit)
    for order in stale.iterator():
        cancel(order)
        logger.info("Released the reservation of order %s", order.pk)
