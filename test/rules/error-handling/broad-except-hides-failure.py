import logging

import sentry_sdk
from celery import Task, shared_task

from .stock import Item, fetch, store

logger = logging.getLogger(__name__)


@shared_task
def pull(sku):
    """Pulls one item."""
    try:
        item = fetch(sku)
        store(item)
    # expect: broad-except-hides-failure
    # fix:     logger.exception("not pulled")  # noqa
    # fix:     raise
    except Exception:
        logger.exception("not pulled")  # noqa


@shared_task
def push(sku):
    try:
        store(sku)
    except ValueError:
        raise
    # expect: broad-except-hides-failure
    # fix:     raise
    except:
        pass


class Sweep(Task):
    def run(self, sku):
        logger.info("sweeping %s", sku)
        try:
            for item in Item.objects.all():
                item.load()
                item.check()
                item.sweep()
        # expect: broad-except-hides-failure
                # fix:     raise
        except Exception as error:
            print(error)
            return False
        return None


@shared_task
def each():
    for item in Item.objects.all():
        try:
            item.sweep()
        # ok: broad-except-hides-failure
        except Exception:
            logger.exception("not swept")


@shared_task(bind=True)
def retried(self, sku):
    try:
        store(sku)
    # ok: broad-except-hides-failure
    except Exception as error:
        logger.warning("later")
        self.retry(exc=error)


@shared_task
def raised(sku):
    try:
        store(sku)
    # ok: broad-except-hides-failure
    except Exception:
        logger.exception("not stored")
        raise


@shared_task
def recorded(sku):
    item = Item.objects.get(sku=sku)
    try:
        item.load()
        item.check()
        item.sweep()
        item.save()
    # ok: broad-except-hides-failure
    except Exception:
        item.state = "failed"
        item.save()


@shared_task
def reported(sku):
    try:
        store(sku)
    # ok: broad-except-hides-failure
    except Exception as error:
        sentry_sdk.capture_exception(error)


@shared_task
def told(sku):
    try:
        store(sku)
    # ok: broad-except-hides-failure
    except Exception as error:
        return {"error": str(error)}


@shared_task
def expected(sku):
    try:
        store(sku)
    # ok: broad-except-hides-failure
    except (ValueError, Item.DoesNotExist):
        logger.warning("not stored")


@shared_task
def partly(sku):
    item = fetch(sku)
    try:
        item.notify()
    # ok: broad-except-hides-failure
    except Exception:
        logger.exception("nobody was told")
    store(item)


def no_task(sku):
    try:
        store(sku)
    # ok: broad-except-hides-failure
    except Exception:
        logger.exception("not stored")
