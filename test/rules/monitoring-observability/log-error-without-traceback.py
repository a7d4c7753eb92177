import logging
import traceback

import requests
import sentry_sdk
import structlog
from celery import shared_task
from celery.exceptions import MaxRetriesExceededError
from celery.utils.log import get_task_logger
from django.core.exceptions import ObjectDoesNotExist
from loguru import logger as loguru_logger

from .closures import OnHoliday
from .errors import SupplierClosed, log_exception
from .models import Order

logger = get_task_logger(__name__)
log = structlog.get_logger(__name__)
LOG = logging.getLogger("shop")


class Client:
    def error(self, text): ...


client = Client()


@shared_task
def push_order(pk):
    try:
        requests.post("https://erp.example/orders", json={"pk": pk}, timeout=5)
    except Exception as error:
        # expect: log-error-without-traceback
        # fix: logger.exception(f"push of {pk} failed: {error}")
        logger.error(f"push of {pk} failed: {error}")


@shared_task
def push_stock(sku):
    try:
        requests.post("https://erp.example/stock", json={"sku": sku}, timeout=5)
    except requests.RequestException:
        # expect: log-error-without-traceback
        # fix: log.exception(
        log.error(
            "push failed",
            sku=sku,
        )
        return False
    except:
        # expect: log-error-without-traceback
        # fix: LOG.exception("push failed")  # whatever it was
        LOG.error("push failed")  # whatever it was


@shared_task
def pull_stock(sku):
    try:
        requests.get("https://erp.example/stock", timeout=5)
    except OSError:
        if sku:
            # expect: log-error-without-traceback
            # fix: logging.exception("of %s", sku)
            logging.error("of %s", sku)
    except (KeyError, SupplierClosed):
        with open("failures", "a"):
            # expect: log-error-without-traceback
            # fix: loguru_logger.exception("of nothing")
            loguru_logger.error("of nothing")


@shared_task(bind=True)
def quiet(self, pk):
    try:
        order = Order.objects.get(pk=pk)
    except Order.DoesNotExist:
        # ok: log-error-without-traceback
        logger.error("order %s is gone", pk)
        return
    except (ObjectDoesNotExist, MaxRetriesExceededError, SupplierClosed) as error:
        # ok: log-error-without-traceback
        logger.error("cannot: %s", error)
        return
    except OnHoliday:
        # ok: log-error-without-traceback
        logger.error("they are on holiday")
        return
    try:
        order.push()
    except ValueError as error:
        # ok: log-error-without-traceback
        logger.error("push failed", exc_info=True)
    except TypeError as error:
        # ok: log-error-without-traceback
        logger.error("push failed: %s", traceback.format_exc())
    except KeyError as error:
        # ok: log-error-without-traceback
        logger.error("push failed")
        sentry_sdk.capture_exception(error)
    except IndexError as error:
        # ok: log-error-without-traceback
        logger.error("push failed")
        log_exception(error)
    except OSError as error:
        # ok: log-error-without-traceback
        logger.error("push failed")
        raise
    except ArithmeticError as error:
        # ok: log-error-without-traceback
        logger.error("push failed, trying again")
        self.retry(exc=error)
    except AttributeError:
        # ok: log-error-without-traceback
        logger.exception("push failed")
    except LookupError:
        # ok: log-error-without-traceback
        logger.warning("push failed")
        # ok: log-error-without-traceback
        client.error("push failed")
        # ok: log-error-without-traceback
        logger.error(  # noqa: TRY400
            "push failed",
        )

        def later():
            # ok: log-error-without-traceback
            logger.error("push failed")
    if not order.paid:
        # ok: log-error-without-traceback
        logger.error("not paid")


def helper(pk):
    try:
        push_order(pk)
    except Exception:
        # ok: log-error-without-traceback
        logger.error("not in a task")
# --- file: shop/errors.py
class SupplierClosed(Exception):
    """They are on holiday."""


def log_exception(error): ...
# --- file: shop/closures.py
class OnHoliday(Exception):
    """Nothing else leads to this file."""
