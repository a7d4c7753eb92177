# --- file: shop/settings.py
import os

REDIS_URL = os.environ["REDIS_URL"]
CELERY_BROKER_URL = REDIS_URL
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # expect: single-redis-for-everything
        "LOCATION": REDIS_URL,
    },
    "sessions": {
        "BACKEND": "django_redis.cache.RedisCache",
        # ok: single-redis-for-everything
        "LOCATION": f"{REDIS_URL}/1",
    },
    "other": {
        "BACKEND": "django_redis.cache.RedisCache",
        # The database is named in the options.
        # ok: single-redis-for-everything
        "LOCATION": REDIS_URL,
        "OPTIONS": {"db": 2},
    },
    "rows": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        # ok: single-redis-for-everything
        "LOCATION": "redis://queue:6379/0",
    },
}
# --- file: shop/settings_production.py
CELERY_BROKER_URL = "redis://:secret@queue/0"
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": [
            # expect: single-redis-for-everything
            "redis://queue:6379",
            # ok: single-redis-for-everything
            "redis://queue:6379/1",
            # ok: single-redis-for-everything
            "redis://cache:6379/0",
        ],
    }
}
# --- file: shop/settings_local.py
CELERY_BROKER_URL = "redis://redis:6379/0"
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        # ok: single-redis-for-everything
        "LOCATION": "redis://redis:6379/0",
    }
}
