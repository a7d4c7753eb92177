from django.db import transaction
from django.db.models import F

from .models import Account, Entry


@transaction.atomic
def book(customer_id, points, order_id=None):
    account, _ = Account.objects.get_or_create(customer_id=customer_id)
    entry = Entry.objects.create(account=account, order_id=order_id, points=points)
    Account.objects.filter(pk=account.pk).update(points=F("points") + points)
    return entry
