# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")


def run_inline():
    # ok: always-eager-in-production-settings
    app.conf.task_always_eager = True
# --- file: shop/settings/base.py
import sys

DEBUG = False
if "pytest" in sys.modules:
    # ok: always-eager-in-production-settings
    CELERY_TASK_ALWAYS_EAGER = True
# --- file: shop/settings/production.py
from shop.settings.base import *

# expect: always-eager-in-production-settings
# fix: CELERY_TASK_ALWAYS_EAGER = False  # no worker yet
CELERY_TASK_ALWAYS_EAGER = True  # no worker yet
# --- file: shop/settings/staging.py
# Turned off again.
# ok: always-eager-in-production-settings
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_ALWAYS_EAGER = False
# --- file: shop/settings/dev.py
# ok: always-eager-in-production-settings
CELERY_TASK_ALWAYS_EAGER = True
# --- file: shop/settings/local.py
# ok: always-eager-in-production-settings
CELERY_TASK_ALWAYS_EAGER = True
# --- file: shop/settings/common.py
# Others turn it off.
# ok: always-eager-in-production-settings
CELERY_TASK_ALWAYS_EAGER = True
# --- file: shop/configurations/settings.py
from configurations import Configuration


class Testing(Configuration):
    # ok: always-eager-in-production-settings
    CELERY_TASK_ALWAYS_EAGER = True


class Production(Configuration):
    # expect: always-eager-in-production-settings
    # fix: CELERY_TASK_ALWAYS_EAGER = False
    CELERY_TASK_ALWAYS_EAGER = True
# --- file: shop/settings/tests/base.py
# ok: always-eager-in-production-settings
CELERY_TASK_ALWAYS_EAGER = True
