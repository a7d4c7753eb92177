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
BROKER_URL = os.environ["BROKER_URL"]
CELERY_RESULT_BACKEND = "rpc"

# On by default: nothing is lost.
# ok: celery-setting-ignored
CELERY_ENABLE_UTC = True
if os.environ.get("LOCAL_TIME"):
    # expect: celery-setting-ignored
    # fix: ENABLE_UTC = False
    CELERY_ENABLE_UTC = False
