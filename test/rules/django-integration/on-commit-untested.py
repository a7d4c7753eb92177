# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def ship(order_id): ...


@shared_task
def bill(order_id): ...


@shared_task
def thank(order_id): ...


# --- file: shop/orders.py
from django.db import transaction

from .tasks import bill, ship, thank


def check_out(order):
    transaction.on_commit(lambda: ship.delay(order.pk))
    bill.delay(order.pk)
    thank.delay_on_commit(order.pk)
# --- file: shop/tests/test_orders.py
from unittest import mock
from unittest.mock import patch

from django.test import SimpleTestCase, TestCase

from shop.orders import check_out


class CheckOut(TestCase):
    @patch("shop.orders.ship.delay")
    def test_unpaid(self, delay):
        check_out(None)
        # expect: on-commit-untested
        delay.assert_not_called()

    @mock.patch("shop.tasks.bill")
    @mock.patch("shop.orders.thank")
    def test_two(self, thank, bill):
        check_out(None)
        # expect: on-commit-untested
        thank.delay_on_commit.assert_not_called()
        # ok: on-commit-untested
        bill.delay.assert_not_called()

    def test_with(self):
        with patch("shop.orders.ship.delay") as delay, patch("shop.orders.bill.delay", None):
            check_out(None)
        # expect: on-commit-untested
        delay.assert_not_called()

    @patch("shop.orders.ship.delay")
    def test_sent(self, delay):
        check_out(None)
        # This one fails by itself.
        # ok: on-commit-untested
        delay.assert_called_once()


class Simple(SimpleTestCase):
    @patch("shop.orders.ship.delay")
    def test_unpaid(self, delay):
        # ok: on-commit-untested
        delay.assert_not_called()


# --- file: shop/tests/test_committed.py
from unittest.mock import patch

from django.test import TestCase

from shop.orders import check_out


class CheckOut(TestCase):
    @patch("shop.orders.ship.delay")
    def test_unpaid(self, delay):
        with self.captureOnCommitCallbacks(execute=True):
            check_out(None)
        # ok: on-commit-untested
        delay.assert_not_called()
