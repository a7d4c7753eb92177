# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")

# --- file: shop/settings/base.py
import environ

env = environ.Env()

CELERY_BROKER_URL = env("REDIS_URL", default="redis://localhost:6379/0")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # ok: visibility-timeout-too-short
    "socket_timeout": 5,
    # expect: visibility-timeout-too-short
    # fix: "visibility_timeout": 21660,  # seconds
    "visibility_timeout": 300,  # seconds
}

# --- file: shop/settings/staging.py
from datetime import timedelta

CELERY_BROKER_TRANSPORT_OPTIONS = {
    # expect: visibility-timeout-too-short
    "visibility_timeout": timedelta(hours=12),
}

# --- file: shop/settings/production.py
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # expect: visibility-timeout-too-short
    # fix: "visibility_timeout": 21660,
    "visibility_timeout": 7200,
}

# --- file: shop/settings/large.py
# ok: visibility-timeout-too-short
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 24 * 60 * 60, "fanout_prefix": True}

# --- file: shop/views.py
from .tasks import rebuild


def publish(request):
    rebuild.apply_async((request.GET["catalogue"],), countdown=6 * 60 * 60)


# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def rebuild(catalogue):
    return catalogue


# An early acknowledgement: the broker has forgotten the message by the time it runs.
@shared_task(acks_late=False, time_limit=9000)
def export(catalogue):
    return catalogue
