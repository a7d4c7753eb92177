# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- file: shop/settings.py
JSON = "json"
# expect: pickle-enabled
CELERY_ACCEPT_CONTENT = [JSON, "pickle"]
# Said above.
# ok: pickle-enabled
CELERY_TASK_SERIALIZER = "pickle"
# expect: pickle-enabled
CELERY_RESULT_SERIALIZER = "pickle"
# ok: pickle-enabled
CELERY_EVENT_SERIALIZER = "json"
# The sessions of Django are not Celery's.
# ok: pickle-enabled
SESSION_SERIALIZER = "pickle"
# --- file: shop/settings_worker.py
ACCEPTED = ["application/json", "application/x-python-serialize"]
# expect: pickle-enabled
CELERY_ACCEPT_CONTENT = ACCEPTED
# --- file: shop/settings_plain.py
# ok: pickle-enabled
CELERY_ACCEPT_CONTENT = ["json"]
# --- file: shop/tests/settings.py
# ok: pickle-enabled
CELERY_ACCEPT_CONTENT = ["pickle"]
# --- file: shop/tasks.py
from celery import shared_task


# Said of the settings.
# ok: pickle-enabled
@shared_task(serializer="pickle")
def ship(order): ...
