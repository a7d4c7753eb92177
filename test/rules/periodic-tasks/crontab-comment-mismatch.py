from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "poll": {
        "task": "shop.tasks.poll",
        # expect: crontab-comment-mismatch
        # fix: "schedule": crontab(minute="*/30"),  # every 30 minutes
        "schedule": crontab(minute=30),  # every 30 minutes
    },
    "sync-every-15-min": {
        "task": "shop.tasks.sync",
        # expect: crontab-comment-mismatch
        # fix: "schedule": crontab(minute="*/15", hour="*"),
        "schedule": crontab(minute=15, hour="*"),
    },
    # Every 6 hours.
    "sweep": {
        "task": "shop.tasks.sweep",
        # expect: crontab-comment-mismatch
        # fix: "schedule": crontab(minute=0, hour="*/6"),
        "schedule": crontab(minute=0, hour=6),
    },
    "report": {
        "task": "shop.tasks.report",
        # ok: crontab-comment-mismatch
        "schedule": crontab(minute="*/30"),  # every 30 minutes
    },
    "daily": {
        "task": "shop.tasks.daily",
        # ok: crontab-comment-mismatch
        "schedule": crontab(minute=30, hour=5),  # not every 30 minutes
    },
    "hourly": {
        "task": "shop.tasks.hourly",
        # ok: crontab-comment-mismatch
        "schedule": crontab(minute=30),  # every hour, at half past
    },
}
# ok: crontab-comment-mismatch
NIGHTLY = crontab(minute=0, hour=3)  # every 30 minutes was too often

# expect: crontab-comment-mismatch
# fix: BACKUP = crontab(minute=0, hour="4")  # Runs at midnight EST
BACKUP = crontab(minute="*", hour="4")  # Runs at midnight EST
# expect: crontab-comment-mismatch
# fix: WARN = crontab(minute=0, hour="13")  # every day at 1pm UTC (9am EST)
WARN = crontab(minute="*", hour="13")  # every day at 1pm UTC (9am EST)
# expect: crontab-comment-mismatch
# fix: INDEX = crontab(minute=30, hour="*", day_of_week="*")  # Every Saturday at 05:30
INDEX = crontab(minute="*/2", hour="*", day_of_week="*")  # Every Saturday at 05:30
# ok: crontab-comment-mismatch
NIGHT = crontab(minute="0", hour="4")  # Runs at midnight EST
# ok: crontab-comment-mismatch
POLL = crontab(minute="*", hour="4-6")  # every minute, first at 4am
# ok: crontab-comment-mismatch
LOOK = crontab(minute="*/5")  # looks at 12 feeds
