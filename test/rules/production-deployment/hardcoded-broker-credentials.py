# --- file: shop/settings/production.py
import os

from .base import BROKER, QUEUE_HOST, QUEUE_PASSWORD

# expect: hardcoded-broker-credentials
# fix: CELERY_BROKER_URL = os.environ["CELERY_BROKER_URL"]
CELERY_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal:5671/shop"
# expect: hardcoded-broker-credentials
# fix: CELERY_RESULT_BACKEND = os.environ["CELERY_RESULT_BACKEND"]  # results
CELERY_RESULT_BACKEND = f"db+postgresql://svc:hunter2@{QUEUE_HOST}/results"  # results
# expect: hardcoded-broker-credentials
# fix: BROKER_URL = os.environ["BROKER"]
BROKER_URL = os.environ.get("BROKER", "rediss://:hunter2@cache.prod.internal:6380/0")
# expect: hardcoded-broker-credentials
SPARE_BROKER_URL = [
    "amqp://guest:guest@localhost//",
    "amqp://svc:hunter2@mq-2.prod.internal//",
]
# expect: hardcoded-broker-credentials
# fix: OTHER_BROKER_URL = os.environ["OTHER_BROKER_URL"]
OTHER_BROKER_URL = "amqp://guest:guest@localhost//;amqp://svc:hunter2@mq.prod.internal//"
# expect: hardcoded-broker-credentials
# fix: CELERY_BROKER_READ_URL = os.environ["CELERY_BROKER_READ_URL"]
CELERY_BROKER_READ_URL = "sqs://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI@"
# expect: hardcoded-broker-credentials
CELERY_BROKER_WRITE_URL = BROKER
if not os.environ.get("DEBUG"):
    # expect: hardcoded-broker-credentials
    # fix: STRICT_BROKER_URL = os.environ["STRICT_BROKER_URL"]
    STRICT_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal//"
if os.environ.get("SITE") == "production":
    # expect: hardcoded-broker-credentials
    # fix: SITE_BROKER_URL = os.environ["SITE_BROKER_URL"]
    SITE_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal//"
else:
    # ok: hardcoded-broker-credentials
    SITE_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal//"

# ok: hardcoded-broker-credentials
FIRST_BROKER_URL = os.environ["CELERY_BROKER_URL"]
# ok: hardcoded-broker-credentials
SECOND_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "amqp://svc:svc@localhost:5672//")
# ok: hardcoded-broker-credentials
THIRD_BROKER_URL = f"amqp://svc:{QUEUE_PASSWORD}@{QUEUE_HOST}//"
# ok: hardcoded-broker-credentials
FOURTH_BROKER_URL = "amqp://%s:%s@mq.prod.internal//" % ("svc", QUEUE_PASSWORD)
# ok: hardcoded-broker-credentials
FIFTH_BROKER_URL = "amqp://svc:{}@mq.prod.internal//".format(QUEUE_PASSWORD)
# ok: hardcoded-broker-credentials
SIXTH_BROKER_URL = "redis://:hunter2@redis:6379/0"
# ok: hardcoded-broker-credentials
SEVENTH_BROKER_URL = "amqp://guest:guest@mq.prod.internal//"
# ok: hardcoded-broker-credentials
DEVELOPERS_BROKER_URL = os.environ.get("BROKER_URL", "amqp://shop:shop@developer-box:5672/shop")
# ok: hardcoded-broker-credentials
EIGHTH_BROKER_URL = "redis://cache.prod.internal:6379/0?ssl_cert_reqs=none@all"
# ok: hardcoded-broker-credentials
NINTH_BROKER_URL = "amqp://svc:hunter2@mq.test.internal//" if os.environ.get("TESTING") else os.environ["MQ"]
# ok: hardcoded-broker-credentials
WEBHOOK_URL = "https://svc:hunter2@hooks.example.org/"
# ok: hardcoded-broker-credentials
CELERY_RESULT_BACKEND_DB = "django-db"
if os.environ.get("DEBUG"):
    # ok: hardcoded-broker-credentials
    TENTH_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal//"
# --- file: shop/settings/base.py
INSTALLED_APPS = ["shop"]
BROKER = "amqp://svc:hunter2@mq.prod.internal//"
QUEUE_HOST = "mq.prod.internal"
QUEUE_PASSWORD = "hunter2"
# --- file: shop/settings/local.py
# ok: hardcoded-broker-credentials
CELERY_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal//"
# --- file: docker/settings.py
# ok: hardcoded-broker-credentials
CELERY_BROKER_URL = "amqp://svc:hunter2@mq.prod.internal//"
# --- file: shop/celery.py
import environ
from celery import Celery

env = environ.Env()
app = Celery(
    "shop",
    # expect: hardcoded-broker-credentials
    # fix: broker=env("CELERY_BROKER_URL"),
    broker="amqp://svc:hunter2@mq.prod.internal//",
    # expect: hardcoded-broker-credentials
    # fix: backend=env("CELERY_RESULT_BACKEND"),
    backend="redis://:hunter2@cache.prod.internal/1",
)
# expect: hardcoded-broker-credentials
# fix: app.conf.broker_url = env("CELERY_BROKER_URL")
app.conf.broker_url = "amqp://svc:hunter2@mq.prod.internal//"
# expect: hardcoded-broker-credentials
# fix: app.conf["result_backend"] = env("CELERY_RESULT_BACKEND")
app.conf["result_backend"] = "redis://:hunter2@cache.prod.internal/1"
# expect: hardcoded-broker-credentials
# fix: app.conf.update(broker_url=env("CELERY_BROKER_URL"), task_acks_late=True)
app.conf.update(broker_url="amqp://svc:hunter2@mq.prod.internal//", task_acks_late=True)
# ok: hardcoded-broker-credentials
other = Celery("other", broker="amqp://guest:guest@localhost//", backend=env("CELERY_RESULT_BACKEND"))
# expect: hardcoded-broker-credentials
# fix: broker_url = env("CELERY_BROKER_URL")
broker_url = "amqp://svc:hunter2@mq.prod.internal//"
# ok: hardcoded-broker-credentials
third = Celery("third", broker=broker_url)
# A suggestion for one of them would repeat the other.
# expect: hardcoded-broker-credentials
fourth = Celery("fourth", broker="amqp://svc:hunter2@mq.prod.internal//", backend=env("CELERY_RESULT_BACKEND"))  # was redis://:hunter1@old.prod.internal
