from collections import defaultdict

from celery import shared_task


@shared_task
def tally(shop_id, seen=[]):
    # expect: mutable-default-in-task
    seen.append(shop_id)
    return len(seen)


@shared_task(bind=True)
def collect(self, shop_id, totals={}, names=set()):
    # expect: mutable-default-in-task
    totals[shop_id] = 1
    # expect: mutable-default-in-task
    names |= {shop_id}


@shared_task
def count(shop_id, counts=defaultdict(int)):
    # expect: mutable-default-in-task
    counts[shop_id] += 1


@shared_task
def forget(shop_id, counts=dict(a=1)):
    # expect: mutable-default-in-task
    del counts[shop_id]


# ok: mutable-default-in-task
@shared_task
def only_read(shop_id, fields=["name", "price"]):
    for field in fields:
        export(shop_id, field)
    # ok: mutable-default-in-task
    rows = fields + ["tax"]
    # ok: mutable-default-in-task
    rows.append(1)


@shared_task
def copied(shop_id, fields=["name"]):
    fields = list(fields)
    # ok: mutable-default-in-task
    fields.append("price")


@shared_task
def made(shop_id, seen=None):
    seen = seen or []
    # ok: mutable-default-in-task
    seen.append(shop_id)


@shared_task
def given(shop_id, seen):
    # ok: mutable-default-in-task
    seen.append(shop_id)


def no_task(shop_id, seen=[]):
    # ok: mutable-default-in-task
    seen.append(shop_id)
