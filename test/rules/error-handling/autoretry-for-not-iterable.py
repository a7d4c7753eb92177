# --- file: feeds/errors.py
import requests


class FeedError(Exception): ...


class Gone(FeedError): ...


RETRYABLE = (FeedError, requests.Timeout)
Transient = (OSError, FeedError)
# --- file: feeds/tasks.py
import requests
from celery import Celery, Task, shared_task
from requests.exceptions import ConnectionError as NoConnection

from . import errors
from .errors import RETRYABLE, Gone, Transient

app = Celery("feeds")


# expect: autoretry-for-not-iterable
# fix: @shared_task(autoretry_for=(requests.Timeout,), retry_backoff=True)
@shared_task(autoretry_for=(requests.Timeout), retry_backoff=True)
def fetch(url): ...


# expect: autoretry-for-not-iterable
# fix: @app.task(bind=True, autoretry_for=(ValueError,))
@app.task(bind=True, autoretry_for=ValueError)
def parse(self, url): ...


@shared_task(
    # expect: autoretry-for-not-iterable
    # fix: autoretry_for=(errors.Gone,),  # the feed may come back
    autoretry_for=errors.Gone,  # the feed may come back
    max_retries=3,
)
def follow(url): ...


@shared_task(
    autoretry_for=(Exception,),
    # expect: autoretry-for-not-iterable
    # fix: dont_autoretry_for=(NoConnection,),
    dont_autoretry_for=NoConnection,
)
def store(url): ...


class Poll(Task):
    # expect: autoretry-for-not-iterable
    # fix: autoretry_for = (OSError,)
    autoretry_for = OSError

    def run(self, url): ...


# ok: autoretry-for-not-iterable
@shared_task(autoretry_for=(requests.Timeout,))
def a(url): ...


# ok: autoretry-for-not-iterable
@shared_task(autoretry_for=[Gone])
def b(url): ...


# ok: autoretry-for-not-iterable
@shared_task(autoretry_for=RETRYABLE)
def c(url): ...


# ok: autoretry-for-not-iterable
@shared_task(autoretry_for=Transient)
def d(url): ...


# ok: autoretry-for-not-iterable
@shared_task(autoretry_for=retryable())
def e(url): ...


class Other:
    # ok: autoretry-for-not-iterable
    autoretry_for = OSError
