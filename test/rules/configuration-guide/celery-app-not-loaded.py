# --- file: shop/__init__.py
VERSION = "1.0"
# --- file: shop/celery.py
from celery import Celery

# expect: celery-app-not-loaded
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# ok: celery-app-not-loaded
print(app)
# --- file: shop/settings.py
SECRET_KEY = "local"
# --- file: orders/tasks.py
from celery import shared_task


@shared_task
def ship(): ...
# --- file: orders/tests/test_tasks.py
from shop.celery import app

app.conf.update(task_always_eager=True)
