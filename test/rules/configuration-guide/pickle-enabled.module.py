# --- file: shop/celery.py
from celery import Celery

try:
    from shop import celery_local as configuration
except ImportError:
    from shop import celery_defaults as configuration

app = Celery("shop")
app.config_from_object(configuration)
# --- file: shop/celery_defaults.py
# expect: pickle-enabled
accept_content = ["pickle"]
# ok: pickle-enabled
task_serializer = "pickle"
