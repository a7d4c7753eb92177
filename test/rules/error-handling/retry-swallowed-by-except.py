# --- file: docs/tasks.py
import logging

import requests
from celery import Task, current_task, shared_task
from celery.exceptions import Retry

from .errors import Pending
from .models import Document

logger = logging.getLogger(__name__)
EXPECTED = (ValueError, KeyError)
ANY_OF = (OSError, Exception)


@shared_task(bind=True)
def poll(self, doc_id):
    try:
        if not Document.objects.get(pk=doc_id).ready:
            # expect: retry-swallowed-by-except
            # fix: except Retry:
            # fix:     raise
            # fix: except Exception:
            raise self.retry(countdown=30)
    except Document.DoesNotExist:
        return
    except Exception:
        logger.exception("poll failed")


@shared_task(bind=True, max_retries=20)
def upload(task, doc_id):
    try:
        for chunk in Document.objects.get(pk=doc_id).chunks():
            try:
                chunk.push()
            except ConnectionError as error:
                # the handler of the inner try is inside the outer try
                # expect: retry-swallowed-by-except
                # fix: except Retry:
                # fix:   raise
                # fix: except:  # anything else
                task.retry(exc=error)
    # keep the worker alive
    except:  # anything else
      logger.error("gave up")


@shared_task(bind=True)
def convert(self, doc_id):
    try:
        if not Document.objects.filter(pk=doc_id).exists():
            # two copies: the handler retries as well
            # expect: retry-swallowed-by-except
            # fix: except Retry:
            # fix:     raise
            # fix: except Exception as exc:
            raise self.retry(countdown=5)
        Document.convert(doc_id)
    except Exception as exc:
        raise self.retry(exc=exc)


@shared_task(bind=True)
def publish(self, doc_id):
    try:
        # expect: retry-swallowed-by-except
        # fix: except Retry:
        # fix:     raise
        # fix: except (ValueError, Exception) as exc:
        self.retry(throw=True)
    except (ValueError, Exception) as exc:
        raise Pending(doc_id) from exc


@shared_task
def index(doc_id):
    try:
        # expect: retry-swallowed-by-except
        # fix: except Retry:
        # fix:     raise
        # fix: except ANY_OF:
        current_task.retry()
    except ANY_OF:
        pass


class Mirror(Task):
    def run(self, url):
        self.fetch(url)

    def fetch(self, url):
        try:
            # expect: retry-swallowed-by-except
            self.retry(countdown=60)
        except Retry:
            return None


@shared_task(bind=True)
def usual(self, url):
    try:
        requests.get(url, timeout=10)
    except requests.ConnectionError as exc:
        # ok: retry-swallowed-by-except
        raise self.retry(exc=exc)
    except Exception:
        logger.exception("failed")
    else:
        # ok: retry-swallowed-by-except
        self.retry(countdown=3600)


@shared_task(bind=True)
def careful(self, url):
    try:
        # ok: retry-swallowed-by-except
        raise self.retry(countdown=30)
    except Retry:
        raise
    except Exception:
        logger.exception("failed")


@shared_task(bind=True)
def narrow(self, url, also):
    try:
        try:
            # ok: retry-swallowed-by-except
            self.retry()
        except (Document.DoesNotExist, requests.Timeout, Pending) as exc:
            logger.error(exc)
        # ok: retry-swallowed-by-except
        self.retry()
    except EXPECTED:
        pass
    try:
        # ok: retry-swallowed-by-except
        self.retry()
    except also:
        pass


@shared_task(bind=True)
def raised_again(self, url):
    try:
        # ok: retry-swallowed-by-except
        self.retry()
    except Exception:
        logger.exception("failed")
        raise
    try:
        # ok: retry-swallowed-by-except
        self.retry()
    except Exception as exc:
        if isinstance(exc, Retry):
            return
        raise exc


@shared_task(bind=True)
def looked_at(self, url):
    try:
        # ok: retry-swallowed-by-except
        self.retry()
    except Exception as exc:
        if not isinstance(exc, Retry):
            logger.exception("failed")


@shared_task(bind=True)
def only_sent(self, url, how):
    try:
        # ok: retry-swallowed-by-except
        self.retry(throw=False)
        # ok: retry-swallowed-by-except
        self.retry(**how)
        # ok: retry-swallowed-by-except
        self.client.retry(url)
    except Exception:
        logger.exception("failed")


@shared_task
def not_a_task_self(session):
    try:
        # ok: retry-swallowed-by-except
        session.retry()
    except Exception:
        pass
