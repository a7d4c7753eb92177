from celery import shared_task
from django.db import models, transaction
from django.db.models import F


class Wallet(models.Model):
    points = models.IntegerField()
    attempts = models.IntegerField()
    paid = models.BooleanField()


@shared_task
def award(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    # expect: non-idempotent-read-modify-write
    wallet.points += amount
    wallet.save()


@shared_task(bind=True)
def charge(self, wallet_id, amount):
    with transaction.atomic():
        wallet = Wallet.objects.filter(pk=wallet_id).first()
        # expect: non-idempotent-read-modify-write
        wallet.points = wallet.points - amount
        wallet.save(update_fields=["points"])


@shared_task
def create(owner, amount):
    wallet, _ = Wallet.objects.get_or_create(owner=owner)
    # expect: non-idempotent-read-modify-write
    wallet.points += amount
    wallet.save()


@shared_task
def in_the_database(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    # ok: non-idempotent-read-modify-write
    wallet.points = F("points") + amount
    # ok: non-idempotent-read-modify-write
    wallet.points += F("bonus")
    wallet.save()


@shared_task
def locked(wallet_id, amount):
    with transaction.atomic():
        wallet = Wallet.objects.select_for_update().get(pk=wallet_id)
        # ok: non-idempotent-read-modify-write
        wallet.points += amount
        wallet.save()


@shared_task
def checked(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    if wallet.paid:
        return
    # ok: non-idempotent-read-modify-write
    wallet.points += amount
    wallet.paid = True
    wallet.save()


@shared_task
def checked_inside(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    if not wallet.paid:
        # ok: non-idempotent-read-modify-write
        wallet.points += amount
        wallet.save()


@shared_task
def under_lock(wallet_id, amount):
    with redis.lock(wallet_id):
        wallet = Wallet.objects.get(pk=wallet_id)
        # ok: non-idempotent-read-modify-write
        wallet.points += amount
        wallet.save()


@shared_task
def counted(wallet_id):
    wallet = Wallet.objects.get(pk=wallet_id)
    # each run is an attempt
    # ok: non-idempotent-read-modify-write
    wallet.attempts += 1
    wallet.save()


@shared_task
def not_saved(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    # ok: non-idempotent-read-modify-write
    wallet.points += amount
    return wallet.points


@shared_task
def assigned(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    # ok: non-idempotent-read-modify-write
    wallet.points = amount + 1
    wallet.save()


@shared_task
def counted_anew(wallet_id, amounts):
    wallet = Wallet.objects.get(pk=wallet_id)
    wallet.points = 0
    for amount in amounts:
        # ok: non-idempotent-read-modify-write
        wallet.points += amount
    wallet.save()


@shared_task
def fresh(amount):
    wallet = Wallet(points=1)
    # ok: non-idempotent-read-modify-write
    wallet.points += amount
    wallet.save()


def no_task(wallet_id, amount):
    wallet = Wallet.objects.get(pk=wallet_id)
    # ok: non-idempotent-read-modify-write
    wallet.points += amount
    wallet.save()
