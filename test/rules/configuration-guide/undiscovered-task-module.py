# --- file: shop/celery.py
from celery import Celery

app = Celery("shop", include=["shop.named"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# --- file: shop/settings.py
CELERY_BEAT_SCHEDULE = {
    "clean": {"task": "orders.jobs.clean", "schedule": 60},
    "count": {"task": "orders.viewed.count", "schedule": 60},
    "mail": {"task": "orders.tasks.mail.digest", "schedule": 60},
    "push": {"task": "orders.tasks.push.push", "schedule": 60},
    "named": {"task": "shop.named.named", "schedule": 60},
    "ready": {"task": "orders.ready.ready", "schedule": 60},
    "deep": {"task": "orders.deep.deep", "schedule": 60},
}
# --- file: shop/named.py
from celery import shared_task


# ok: undiscovered-task-module
@shared_task
def named(): ...


# --- file: orders/__init__.py
VERSION = 1
# --- file: orders/jobs.py
from celery import shared_task

from .deep import deep


@shared_task
# expect: undiscovered-task-module
def clean():
    deep()


# --- file: orders/deep.py
from celery import shared_task


@shared_task
# expect: undiscovered-task-module
def deep(): ...


# --- file: orders/never_sent.py
from celery import shared_task


# ok: undiscovered-task-module
@shared_task
def unused(): ...


# --- file: orders/viewed.py
from celery import shared_task


# Django's checks load the URLs, in a worker too.
# ok: undiscovered-task-module
@shared_task
def count(): ...


# --- file: orders/views.py
from .viewed import count


def view(request):
    count.delay()


# --- file: orders/late.py
from celery import shared_task


@shared_task
# expect: undiscovered-task-module
def late(): ...


# --- file: orders/admin.py
def export(request):
    from .late import late

    late.delay()


# --- file: orders/ready.py
from celery import shared_task


# ok: undiscovered-task-module
@shared_task
def ready(): ...


# --- file: orders/apps.py
from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from . import ready
# --- file: orders/tasks/__init__.py
from .mail import digest
# --- file: orders/tasks/mail.py
from celery import shared_task


# ok: undiscovered-task-module
@shared_task
def digest(): ...


# --- file: orders/tasks/push.py
from celery import shared_task


@shared_task
# expect: undiscovered-task-module
def push(): ...
