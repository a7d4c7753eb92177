# --- file: shop/settings.py
DEBUG = False

CELERY_BEAT_SCHEDULE = {
    "clean": {"task": "shop.tasks.clean_carts", "schedule": 60},
    "sync": {"task": "shop.tasks.sync", "schedule": 300},
    # expect: duplicate-beat-key
    "clean": {"task": "shop.tasks.clean_sessions", "schedule": 3600},
    # ok: duplicate-beat-key
    "clean-more": {"task": "shop.tasks.clean_sessions", "schedule": 3600},
}
# ok: duplicate-beat-key
CELERY_BEAT_SCHEDULE["report"] = {"task": "shop.tasks.report", "schedule": 60}
# expect: duplicate-beat-key
CELERY_BEAT_SCHEDULE["report"] = {"task": "shop.tasks.report_more", "schedule": 60}

if DEBUG:
    # ok: duplicate-beat-key
    CELERY_BEAT_SCHEDULE["report"] = {"task": "shop.tasks.report", "schedule": 5}

# ok: duplicate-beat-key
CELERY_TASK_ROUTES = {"shop.tasks.*": {"queue": "a"}, "shop.tasks.*": {"queue": "b"}}

# --- file: shop/celery.py
from celery import Celery

from .tasks import report

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.on_after_finalize.connect
def schedule(sender, regions=(), **kwargs):
    sender.add_periodic_task(60, report.s("north"))
    # expect: duplicate-beat-key
    sender.add_periodic_task(3600, report.s("north"))
    # ok: duplicate-beat-key
    sender.add_periodic_task(60, report.s("south"))
    # ok: duplicate-beat-key
    sender.add_periodic_task(3600, report.s("north"), name="north-hourly")
    # expect: duplicate-beat-key
    sender.add_periodic_task(600, report.s("north"), name="north-hourly")
    for region in regions:
        # ok: duplicate-beat-key
        sender.add_periodic_task(60, report.s(region))
        # ok: duplicate-beat-key
        sender.add_periodic_task(90, report.s(region), name=f"{region}-slow")


# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def report(region):
    return region
