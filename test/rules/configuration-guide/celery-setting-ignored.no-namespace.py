# --- file: shop/celery.py
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings")
app.autodiscover_tasks()
# --- file: shop/settings.py
import os

INSTALLED_APPS = ["django.contrib.auth", "shop"]
# A namespace puts them all right, and renaming would not: there is no fix of one line.
# expect: celery-setting-ignored
CELERY_BROKER_URL = os.environ["BROKER_URL"]
# ok: celery-setting-ignored
CELERY_RESULT_BACKEND = "rpc"
# expect: celery-setting-ignored
CELERY_BROKER_POOL_LIMIT = 4
