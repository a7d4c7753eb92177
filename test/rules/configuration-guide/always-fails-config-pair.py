# --- file: shop/settings.py
INSTALLED_APPS = ["django.contrib.auth", "shop"]
# expect: always-fails-config-pair
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# expect: always-fails-config-pair
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 0
# expect: always-fails-config-pair
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# expect: always-fails-config-pair
CELERY_RESULT_BACKEND = "django-db"
# --- file: shop/settings_plain.py
# ok: always-fails-config-pair
CELERY_TASK_REJECT_ON_WORKER_LOST = False
# ok: always-fails-config-pair
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
# ok: always-fails-config-pair
CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"
# ok: always-fails-config-pair
CELERY_RESULT_BACKEND = "redis://queue:6379/1"
