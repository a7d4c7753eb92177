# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("shop.configuration")
# --- file: shop/configuration.py
# expect: pickle-enabled
accept_content = ["pickle"]
# ok: pickle-enabled
timezone = "UTC"
