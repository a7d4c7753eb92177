from celery.schedules import crontab

# expect: crontab-uneven-step
TWO_HOURS = crontab(minute="*/120")
# expect: crontab-uneven-step
SEVEN = crontab(minute="*/7")
# expect: crontab-uneven-step
FIVE_HOURS = crontab(0, "*/5")
# expect: crontab-uneven-step
OTHER_DAYS = crontab(minute=0, hour=0, day_of_week="*/2")
# expect: crontab-uneven-step
OTHER_DATES = crontab(minute=0, hour=0, day_of_month="*/2")
# ok: crontab-uneven-step
QUARTER = crontab(minute="*/15")
# ok: crontab-uneven-step
HALF_DAYS = crontab(minute=0, hour="*/12")
# ok: crontab-uneven-step
QUARTERS = crontab(minute=0, hour=0, day_of_month=1, month_of_year="*/3")
# ok: crontab-uneven-step
OFFICE = crontab(minute="0-55/7")
# ok: crontab-uneven-step
EVERY = crontab(minute="*/1")
# ok: crontab-uneven-step
NEVER_READ = crontab(minute="*")
