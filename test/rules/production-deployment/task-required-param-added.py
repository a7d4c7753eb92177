# --- before
from celery import shared_task

@shared_task
def sync_stock(sku): ...

@shared_task
def reserve(sku, count): ...

@shared_task(bind=True)
def release(self, sku): ...

@shared_task
def count(sku): ...

@shared_task
def audit(**kwargs): ...

@shared_task
def rename(sku): ...

@shared_task
def label(sku, copies=1): ...

@shared_task
def weigh(sku, unit: str = "kg", *, gross=GROSS): ...

@shared_task
def pack(sku, box=None): ...

@shared_task
def unsent(sku, box=None): ...

@shared_task
def spread(sku, box=None): ...

@shared_task(bind=True)
def unbound(self, sku): ...

def plain(sku): ...


def send(sku, values):
    label.delay(sku)
    weigh.apply_async((sku,), {"gross": True})
    weigh.apply_async((sku, "g"))
    pack.delay(sku, "small")
    pack.delay(sku, box="small")
    spread.delay(*values)
    label.map([1, 2])
# --- after
from __future__ import annotations

from celery import shared_task

@shared_task
# expect: task-required-param-added
# fix: def sync_stock(sku, warehouse=None): ...
def sync_stock(sku, warehouse): ...

@shared_task
# expect: task-required-param-added
def reserve(warehouse, sku, count): ...

@shared_task(bind=True)
# expect: task-required-param-added
# fix: def release(self, sku, *, reason: str | None = None): ...
def release(self, sku, *, reason: str): ...

@shared_task
# ok: task-required-param-added
def count(sku, warehouse=None, *rest, **options): ...

@shared_task
# ok: task-required-param-added
def audit(actor, **kwargs): ...

# a rename is for task-param-renamed-or-reordered
@shared_task
# ok: task-required-param-added
def rename(product): ...

# one of the callers left it to its default
@shared_task
# expect: task-required-param-added
# fix: def label(sku, copies=1): ...
def label(sku, copies): ...

@shared_task
def weigh(
    sku,
    # expect: task-required-param-added
    # fix: unit: str = "kg",
    unit: str,
    *,
    # expect: task-required-param-added
    # fix: gross=None,
    gross,
): ...

# all callers pass it
@shared_task
# ok: task-required-param-added
def pack(sku, box): ...

@shared_task
# ok: task-required-param-added
def unsent(sku, box): ...

@shared_task
# ok: task-required-param-added
def spread(sku, box): ...

# that it is not bound any more is for bind-self-mismatch
@shared_task
# ok: task-required-param-added
def unbound(self, sku): ...

# was not a task before
@shared_task
# ok: task-required-param-added
def plain(sku, warehouse): ...

# new
@shared_task
# ok: task-required-param-added
def fresh(sku, warehouse): ...


def send(sku, values):
    label.delay(sku, 2)
    weigh.apply_async((sku, "kg"), {"gross": True})
    weigh.apply_async((sku, "g"), {"gross": False})
    pack.delay(sku, "small")
    pack.delay(sku, box="small")
    spread.delay(*values)
    label.starmap([(1, 2)])
