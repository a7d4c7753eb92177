import logging
from datetime import timedelta

import requests
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from . import services
from .models import Account, Entry

logger = logging.getLogger(__name__)


@shared_task
def award_points(order_id):
    """One point for every euro; an order is never rewarded twice."""
    from orders.models import Order

    order = Order.objects.get(pk=order_id)
    if Entry.objects.filter(order=order, points__gt=0).exists():
        return
    services.book(order.customer_id, int(order.total), order.pk)
    account = Account.objects.get(customer_id=order.customer_id)
    if account.wallet_pass:
        update_wallet_pass.delay(account.pk)


@shared_task
def revoke_points(order_id):
    for entry in Entry.objects.filter(order_id=order_id, points__gt=0).select_related("account"):
        services.book(entry.account.customer_id, -entry.points, order_id)


@shared_task(bind=True, max_retries=5)
def update_wallet_pass(self, account_id):
    account = Account.objects.get(pk=account_id)
    url = f"{settings.WALLET_URL}/passes/{account.wallet_pass}"
    try:
        response = requests.put(url, json={"points": account.points}, timeout=10)
        if response.status_code == 429:
            self.retry(countdown=60)
        response.raise_for_status()
    except Exception:
        logger.exception("The wallet pass of account %s was not updated", account_id)


@shared_task
def expire_points():
    year_ago = timezone.now() - timedelta(days=365)
    for entry in Entry.objects.filter(expired=False, points__gt=0, booked_at__lt=year_ago):
        services.book(entry.account.customer_id, -entry.points)
        Entry.objects.filter(pk=entry.pk).update(expired=True)


@shared_task
def send_statements():
    for customer_id in Account.objects.exclude(points=0).values_list("customer_id", flat=True):
        send_statement.delay(customer_id)


@shared_task(bind=True, max_retries=3)
def send_statement(self, customer_id):
    account = Account.objects.select_related("customer").get(customer_id=customer_id)
    try:
        send_mail(
            subject="Your Juniper & Finch points",
            message=f"You have {account.points} points.",
            from_email=None,
            recipient_list=[account.customer.email],
        )
    except OSError as exc:
        raise self.retry(exc=exc, countdown=300)
