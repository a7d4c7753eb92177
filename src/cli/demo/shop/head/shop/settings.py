import os
from pathlib import Path

from celery.schedules import crontab

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django_celery_results",
    "catalog",
    "loyalty",
    "orders",
    "suppliers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "shop.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("POSTGRES_DB", "shop"),
        "HOST": os.environ.get("POSTGRES_HOST", "localhost"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("pl", "Polski")]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

DEFAULT_FROM_EMAIL = "Juniper & Finch <orders@juniper-finch.example>"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "redis://localhost:6379/0")
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXPIRES = 60 * 60 * 24 * 7
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Points must not get lost when a worker is restarted in the middle of a task.
CELERY_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True

CELERY_BEAT_SCHEDULE = {
    "release-stale-reservations": {
        "task": "orders.tasks.release_stale_reservations",
        "schedule": crontab(minute="*/15"),
    },
    "rebuild-search-index": {
        "task": "catalog.tasks.rebuild_search_index",
        "schedule": crontab(hour=4, minute=20),
    },
    "expire-loyalty-points": {
        "task": "loyalty.tasks.expire_points",
        "schedule": crontab(hour=3),
    },
    "send-loyalty-statements": {
        "task": "loyalty.tasks.send_statements",
        "schedule": crontab(day_of_month=1, hour=8, minute=0),
    },
    "sync-suppliers": {
        "task": "suppliers.tasks.sync_all_supplier",
        "schedule": crontab(minute=40, hour="*/2"),
    },
}
