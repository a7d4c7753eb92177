from celery import Task, shared_task

from .celery import app


# expect: invalid-rate-limit
# fix: @shared_task(rate_limit="10/m")  # the partner's limit
@shared_task(rate_limit="10/min")  # the partner's limit
def push(order_id):
    return order_id


# expect: invalid-rate-limit
# fix: @app.task(rate_limit='2/s')
@app.task(rate_limit='2 / second')
def pull(order_id):
    return order_id


# expect: invalid-rate-limit
# fix: @app.task(rate_limit="100/h")
@app.task(rate_limit="100/H")
def sweep(order_id):
    return order_id


# expect: invalid-rate-limit
@shared_task(rate_limit="500/d")
def daily(order_id):
    return order_id


# expect: invalid-rate-limit
@shared_task(rate_limit="ten/m")
def spelt(order_id):
    return order_id


class Poll(Task):
    # expect: invalid-rate-limit
    # fix: rate_limit = "30/m"
    rate_limit = "30/minute"

    def run(self, shop_id):
        return shop_id


# ok: invalid-rate-limit
@shared_task(rate_limit="10/m")
def minutely(order_id):
    return order_id


# ok: invalid-rate-limit
@shared_task(rate_limit="0.5/s")
def slowly(order_id):
    return order_id


# ok: invalid-rate-limit
@shared_task(rate_limit="100")
def plainly(order_id):
    return order_id


# ok: invalid-rate-limit
@shared_task(rate_limit=5)
def counted(order_id):
    return order_id


# ok: invalid-rate-limit
@shared_task(rate_limit=LIMIT)
def configured(order_id):
    return order_id


# ok: invalid-rate-limit
@shared_task(rate_limit="")
def unlimited(order_id):
    return order_id


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")

# --- file: shop/settings.py
# expect: invalid-rate-limit
# fix: CELERY_TASK_DEFAULT_RATE_LIMIT = "100/h"
CELERY_TASK_DEFAULT_RATE_LIMIT = "100/hour"

# ok: invalid-rate-limit
REST_FRAMEWORK = {"DEFAULT_THROTTLE_RATES": {"anon": "100/day"}}
