# --- file: library/config.py
# A framework that is no part of the project reads this, and starts the scheduler that it names.
CELERY_BEAT_SCHEDULER = "library.schedulers.DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    # ok: beat-entry-malformed
    "renew": {"task": "library.tasks.renew", "schedule": 3600, "enabled": False},
    # expect: beat-entry-malformed
    "remind": {"task": "library.tasks.remind", "enabled": False},
}

# --- file: library/tasks.py
from celery import shared_task


@shared_task
def renew(): ...


@shared_task
def remind(): ...
