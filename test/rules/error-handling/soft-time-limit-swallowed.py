# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.conf.task_soft_time_limit = 600
# --- file: shop/sync.py
import logging
import sys

from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from requests import RequestException

from .feeds import Feed, pull

logger = logging.getLogger(__name__)


@shared_task(soft_time_limit=300)
def pull_all():
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # expect: soft-time-limit-swallowed
        # fix: except SoftTimeLimitExceeded:
        # fix:     raise
        # fix: except Exception:
        except Exception:
            logger.exception("feed %s failed", feed.pk)


# the limit of the settings
@shared_task
def drain(queue):
    while queue:
        with queue.lock():
            try:
                queue.pop().handle()
            # expect: soft-time-limit-swallowed
            # fix: except SoftTimeLimitExceeded:
            # fix:     raise
            # fix: except:
            except:
                continue


class Sweep(Task):
    soft_time_limit = int(LIMIT)

    def run(self):
        for feed in Feed.objects.all():
            try:
                feed.sweep()
            except RequestException:
                pass
            # expect: soft-time-limit-swallowed
            # fix: except SoftTimeLimitExceeded:
            # fix:     raise
            # fix: except (ValueError, Exception) as error:
            except (ValueError, Exception) as error:
                logger.warning("not swept: %s", error)


@shared_task(soft_time_limit=300)
def stops():
    for feed in Feed.objects.all():
        try:
            pull(feed)
        except SoftTimeLimitExceeded:
            logger.warning("out of time")
            break
        # ok: soft-time-limit-swallowed
        except Exception:
            logger.exception("failed")
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except Exception:
            logger.exception("failed")
            break
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except Exception as error:
            if isinstance(error, SoftTimeLimitExceeded):
                return
            logger.exception("failed")
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except (SoftTimeLimitExceeded, Exception):
            logger.exception("failed")
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except Exception:
            logger.exception("failed")
            raise
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except:
            sys.exit(1)


@shared_task(soft_time_limit=300)
def narrow():
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except (ValueError, RequestException):
            logger.exception("failed")
    for feed in Feed.objects.all():
        try:
            number = feed.number
        # ok: soft-time-limit-swallowed
        except Exception:
            number = 0
        logger.info(number)


# the whole task ends, with or without an item more
@shared_task(soft_time_limit=300)
def around_the_loop():
    try:
        for feed in Feed.objects.all():
            pull(feed)
    # ok: soft-time-limit-swallowed
    except Exception:
        logger.exception("failed")


@shared_task(soft_time_limit=300)
def seen_to_inside():
    for feed in Feed.objects.all():
        try:
            try:
                pull(feed)
            except SoftTimeLimitExceeded:
                return
        # ok: soft-time-limit-swallowed
        except Exception:
            logger.exception("failed")


@shared_task(soft_time_limit=None)
def unlimited():
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except Exception:
            logger.exception("failed")


@shared_task(soft_time_limit=300)
def elsewhere():
    def each(feed):
        for page in feed.pages():
            try:
                pull(page)
            # ok: soft-time-limit-swallowed
            except Exception:
                logger.exception("failed")

    return each


@shared_task(bind=True, soft_time_limit=300)
def retried(self):
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except Exception as error:
            self.retry(exc=error)


def no_task():
    for feed in Feed.objects.all():
        try:
            pull(feed)
        # ok: soft-time-limit-swallowed
        except Exception:
            logger.exception("failed")
