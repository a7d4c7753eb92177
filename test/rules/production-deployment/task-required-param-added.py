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

def plain(sku): ...
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

# was not a task before
@shared_task
# ok: task-required-param-added
def plain(sku, warehouse): ...

# new
@shared_task
# ok: task-required-param-added
def fresh(sku, warehouse): ...
