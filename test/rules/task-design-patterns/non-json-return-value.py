# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
CELERY_RESULT_BACKEND = "redis://results/1"
# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/models.py
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
# --- file: shop/tasks.py
import datetime

import requests
from celery import shared_task

from .helpers import jsonify
from .models import Order


@shared_task
def load(pk):
    # expect: non-json-return-value
    return Order.objects.get(pk=pk)


@shared_task
def find(number):
    orders = Order.objects.filter(number=number)
    if not number:
        # ok: non-json-return-value
        return None
    # expect: non-json-return-value
    return orders


@shared_task(bind=True)
def push(self, url):
    # expect: non-json-return-value
    return requests.post(url, timeout=5)


@shared_task(ignore_result=False)
def numbers(rows):
    # expect: non-json-return-value
    return {row["number"] for row in rows}


@shared_task
def key(number):
    # ok: non-json-return-value
    return Order.objects.get(number=number).pk


@shared_task
def status(url):
    # ok: non-json-return-value
    return requests.get(url, timeout=5).status_code


@shared_task
def when(rows):
    # ok: non-json-return-value
    return datetime.datetime.now()


@shared_task(ignore_result=True)
def ignored(pk):
    # ok: non-json-return-value
    return Order.objects.get(pk=pk)


@shared_task
@jsonify
def converted(pk):
    # ok: non-json-return-value
    return Order.objects.get(pk=pk)


@shared_task
def inner(rows):
    def unique():
        # ok: non-json-return-value
        return {row["number"] for row in rows}

    # ok: non-json-return-value
    return sorted(unique())


def plain(pk):
    # ok: non-json-return-value
    return Order.objects.get(pk=pk)
