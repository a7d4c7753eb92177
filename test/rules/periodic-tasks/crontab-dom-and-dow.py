from celery.schedules import crontab

# expect: crontab-dom-and-dow
REPORT = crontab(0, 9, day_of_month=1, day_of_week=1)
# expect: crontab-dom-and-dow
TWICE = crontab(minute=0, hour=0, day_of_month="1,15", day_of_week="mon-fri")
# The first Monday of the month.
# ok: crontab-dom-and-dow
FIRST = crontab(minute=0, hour=0, day_of_month="1-7", day_of_week="mon")
# ok: crontab-dom-and-dow
MONTHLY = crontab(minute=0, hour=0, day_of_month=1, day_of_week="*")
# ok: crontab-dom-and-dow
WEEKLY = crontab(minute=0, hour=0, day_of_month="*", day_of_week="sun")
# ok: crontab-dom-and-dow
ALWAYS = crontab(minute=0, hour=0, day_of_month=1, day_of_week="0-6")
