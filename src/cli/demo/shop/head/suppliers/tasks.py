import logging

import requests
from celery import group, shared_task
from django.core.cache import cache
from django.utils import timezone

from catalog.models import Product
from catalog.tasks import rebuild_search_index

from .models import Supplier

logger = logging.getLogger(__name__)


@shared_task
def sync_all_suppliers():
    suppliers = Supplier.objects.filter(is_active=True).values_list("pk", flat=True)
    results = group(sync_supplier.s(pk) for pk in suppliers).apply_async()
    updated = sum(results.get())
    if updated:
        rebuild_search_index.delay()
    return updated


@shared_task
def sync_supplier(supplier_id):
    """Takes over prices and stock; returns how many products changed."""
    supplier = Supplier.objects.get(pk=supplier_id)
    headers = {"If-None-Match": cache.get(supplier.code, "")}
    try:
        response = requests.get(supplier.feed_url, headers=headers)
        response.raise_for_status()
    except requests.RequestException:
        logger.error("The feed of supplier %s cannot be read", supplier.code)
        return 0
    if response.status_code == 304:
        return 0
    changed = 0
    for item in response.json().get("items", []):
        changed += Product.objects.filter(sku=item["sku"]).update(price=item["price"], stock=item["stock"])
    cache.set(supplier.code, response.headers.get("ETag", ""))
    Supplier.objects.filter(pk=supplier.pk).update(synced_at=timezone.now())
    return changed


@shared_task(autoretry_for=(requests.ConnectionError,), retry_backoff=True, max_retries=4)
def confirm_feed(supplier_id):
    """Tells a new supplier that we read their feed now."""
    supplier = Supplier.objects.get(pk=supplier_id)
    requests.post(f"{supplier.feed_url}/subscribers", json={"shop": "juniper-finch"}, timeout=(3, 10))
