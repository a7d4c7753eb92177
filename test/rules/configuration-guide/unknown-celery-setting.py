# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# expect: unknown-celery-setting
# fix: app.conf.task_default_rate_limit = "10/m"
app.conf.task_default_ratelimit = "10/m"
app.conf.update(
    # expect: unknown-celery-setting
    # fix: worker_send_task_events=True,
    worker_send_tasks_events=True,
    # ok: unknown-celery-setting
    worker_concurrency=4,
    # Settings of a package.
    # ok: unknown-celery-setting
    redbeat_key_prefix="shop",
    # ok: unknown-celery-setting
    CELERY_TASK_TRACK_STARTED=True,
    # expect: unknown-celery-setting
    # fix: CELERY_TASK_REMOTE_TRACEBACKS=True,
    CELERY_TASK_REMOTE_TRACEBACK=True,
)
# expect: unknown-celery-setting
# fix: app.conf["result_expires"] = 3600
app.conf["result_expire"] = 3600
# Old names still work here.
# ok: unknown-celery-setting
app.conf.CELERYD_POOL_RESTARTS = True
# expect: unknown-celery-setting
# fix: app.conf.CELERYD_TASK_TIME_LIMIT = 120
app.conf.CELERYD_TASK_TIMELIMIT = 120
# ok: unknown-celery-setting
app.conf.shop_region = "eu"
# --- file: shop/settings.py
SECRET_KEY = "local"
INSTALLED_APPS = ["django.contrib.auth", "shop"]

# expect: unknown-celery-setting
# fix: CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIMELIMIT = 60
# expect: unknown-celery-setting
# fix: CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # long tasks
CELERY_WORKER_PREFETCH_MULTIPLYER = 1  # long tasks
# expect: unknown-celery-setting
# fix: CELERY_TASK_QUEUE_MAX_PRIORITY = 10
CELERY_TASK_MAX_QUEUE_PRIORITY = 10
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# expect: unknown-celery-setting
# fix: CELERY_TASK_ACKS_LATE: bool = True
CELERY_TASK_ACK_LATE: bool = True
# The next line changes it too: renaming this line alone would break that one.
# expect: unknown-celery-setting
CELERY_TASK_ROUTE = {}
CELERY_TASK_ROUTE["shop.tasks.poll"] = {"queue": "polls"}

# Equally close to two.
# ok: unknown-celery-setting
CELERY_REDIS_HORT = "cache"

# Celery's own, with and without a default.
# Newer than the Celery that is installed.
# expect: unknown-celery-setting
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
# ok: unknown-celery-setting
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# ok: unknown-celery-setting
CELERY_REDIS_BACKEND_HEALTH_CHECK_INTERVAL = 30
# ok: unknown-celery-setting
CELERY_RESULT_EXTENDED = True

# An old name is another rule's.
# ok: unknown-celery-setting
CELERYD_POOL = "threads"
# ok: unknown-celery-setting
CELERY_TRACK_STARTED = True

# Set as it should be, too.
# ok: unknown-celery-setting
CELERY_TIMEZON = "UTC"
CELERY_TIMEZONE = "UTC"

# Names of other packages and of the project, close to nothing.
# ok: unknown-celery-setting
CELERY_ONCE = {"backend": "celery_once.backends.Redis"}
# ok: unknown-celery-setting
CELERY_EMAIL_TASK_CONFIG = {"queue": "email"}
# ok: unknown-celery-setting
CELERY_BROKER_SSL = True
# ok: unknown-celery-setting
CELERY_REDIS_URL = "redis://redis:6379/0"

# The project reads these itself.
# ok: unknown-celery-setting
CELERY_RESULT_BACKENDS = ["redis", "django-db"]
# ok: unknown-celery-setting
CELERY_TASK_QUEUE = "shop"
# --- file: requirements/base.txt
celery[redis]==5.4.0
django>=4.2
# --- file: shop/views.py
from django.conf import settings

BACKEND = settings.CELERY_RESULT_BACKENDS[0]
QUEUE = getattr(settings, "CELERY_TASK_QUEUE", None)
