from django.conf import settings
from django.db import models


class Account(models.Model):
    customer = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    points = models.IntegerField(default=0)
    wallet_pass = models.CharField(max_length=64, blank=True)


class Entry(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="entries")
    order = models.ForeignKey("orders.Order", on_delete=models.SET_NULL, null=True)
    points = models.IntegerField()
    booked_at = models.DateTimeField(auto_now_add=True)
    expired = models.BooleanField(default=False)
