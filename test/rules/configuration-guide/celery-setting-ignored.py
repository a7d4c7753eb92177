# --- file: shop/celery.py
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# expect: celery-setting-ignored
worker_max_tasks_per_child = 100
# ok: celery-setting-ignored
task_default_queue = "shop"
app.conf.task_default_queue = task_default_queue
# ok: celery-setting-ignored
worker_names = ["one", "two"]
# Old names still work here.
# ok: celery-setting-ignored
app.conf.update(CELERYD_TASK_TIME_LIMIT=300)
# ok: celery-setting-ignored
app.conf.CELERYD_POOL_RESTARTS = True
app.autodiscover_tasks()
# --- file: shop/settings.py
import os

import environ

env = environ.Env()
SECRET_KEY = env("SECRET_KEY")
INSTALLED_APPS = ["django.contrib.auth", "shop", "health_check.contrib.rabbitmq"]
CELERY_TASK_REJECT_ON_WORKER_LOST = True

# expect: celery-setting-ignored
# fix: CELERY_TASK_TIME_LIMIT = 120
CELERYD_TASK_TIME_LIMIT = 120
# expect: celery-setting-ignored
# fix: CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # long tasks
CELERYD_PREFETCH_MULTIPLIER = 1  # long tasks
# expect: celery-setting-ignored
# fix: CELERY_TASK_ACKS_LATE: bool = True
CELERY_ACKS_LATE: bool = True
# expect: celery-setting-ignored
# fix: CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_SEND_EVENTS = True
# expect: celery-setting-ignored
# fix: CELERY_RESULT_EXPIRES = int(os.environ.get("CELERY_TASK_RESULT_EXPIRES", "3600"))
CELERY_TASK_RESULT_EXPIRES = int(os.environ.get("CELERY_TASK_RESULT_EXPIRES", "3600"))
# expect: celery-setting-ignored
# fix: CELERY_BROKER_TRANSPORT_OPTIONS = {
BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 7200,
}

if env.bool("LOCAL", False):
    # expect: celery-setting-ignored
    # fix: CELERY_TASK_ALWAYS_EAGER = True
    CELERY_ALWAYS_EAGER = True

# Changed in place elsewhere: renaming this line alone would break that one.
# expect: celery-setting-ignored
CELERYBEAT_SCHEDULE = {
    "close-till": {"task": "shop.tasks.close_till", "schedule": 3600},
}
CELERYBEAT_SCHEDULE["poll"] = {"task": "shop.tasks.poll", "schedule": 60}

# The same under both spellings.
# ok: celery-setting-ignored
CELERY_RESULT_BACKEND = "django-db"
# ok: celery-setting-ignored
CELERY_TIMEZONE = "Europe/Berlin"
# ok: celery-setting-ignored
CELERY_TASK_SERIALIZER = "json"

# What it is anyway.
# ok: celery-setting-ignored
CELERY_TRACK_STARTED = False

# Another package's setting, although it was Celery's once.
# ok: celery-setting-ignored
BROKER_URL = env("BROKER_URL")

# The project reads these itself.
# ok: celery-setting-ignored
CELERY_DEFAULT_QUEUE = "shop"
# ok: celery-setting-ignored
CELERYD_CONCURRENCY = 4
# ok: celery-setting-ignored
CELERY_ROUTES = {"shop.tasks.poll": {"queue": "polls"}}
# ok: celery-setting-ignored
CELERY_IGNORE_RESULT = True
CELERY_TASK_ROUTES = CELERY_ROUTES

# Kept for the day before yesterday, and set under its new name too.
# ok: celery-setting-ignored
CELERYD_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100

# Names of other packages, and of nobody.
# ok: celery-setting-ignored
CELERY_ONCE = {"backend": "celery_once.backends.Redis"}
# ok: celery-setting-ignored
CELERY_EMAIL_TASK_CONFIG = {"queue": "email"}
# ok: celery-setting-ignored
S3_BUCKET = "receipts"


class CeleryConfig:
    # ok: celery-setting-ignored
    CELERYD_POOL = "threads"
# --- file: shop/configurations.py
from django.conf import settings
from django.conf.global_settings import *

from shop.settings import CELERY_IGNORE_RESULT

QUEUES = [settings.CELERY_DEFAULT_QUEUE]
WORKERS = getattr(settings, "CELERYD_CONCURRENCY", 1)
# --- file: shop/settings_production.py
from configurations import Configuration

from shop.settings import *


class Production(Configuration):
    # expect: celery-setting-ignored
    # fix: CELERY_TASK_SOFT_TIME_LIMIT = 60
    CELERYD_TASK_SOFT_TIME_LIMIT = 60
    # ok: celery-setting-ignored
    CELERY_TASK_TRACK_STARTED = True
# --- file: labels/settings.py
# A small service of its own, without Django.
# ok: celery-setting-ignored
CELERY_CREATE_MISSING_QUEUES = True
# --- file: manage.py
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
# --- file: examples/gallery/manage.py
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
# --- file: examples/gallery/settings.py
# A Django project of its own, whose Celery reads old names.
SECRET_KEY = "local"
# ok: celery-setting-ignored
CELERY_TRACK_STARTED = True
# --- file: shop/tests/settings.py
# ok: celery-setting-ignored
CELERY_EAGER_PROPAGATES_EXCEPTIONS = True
# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def close_till(): ...


@shared_task
def poll(): ...
