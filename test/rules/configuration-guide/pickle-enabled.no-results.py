# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/settings.py
CELERY_RESULT_BACKEND = None
# There are no results to read.
# ok: pickle-enabled
CELERY_RESULT_SERIALIZER = "pickle"
