from acme import Resilient
from celery import Task, shared_task
from requests import RequestException


# expect: retry-everything
@shared_task(autoretry_for=(Exception,), retry_backoff=True)
def push(pk): ...


# expect: retry-everything
@shared_task(autoretry_for=[OSError, BaseException], retry_backoff=True, dont_autoretry_for=())
def pull(pk): ...


class Stubborn(Task):
    # expect: retry-everything
    autoretry_for = (Exception,)


# said once, at the class
# ok: retry-everything
@shared_task(base=Stubborn)
def sync(pk): ...


# ok: retry-everything
@shared_task(autoretry_for=(Exception,), dont_autoretry_for=(ValueError, LookupError))
def picky(pk): ...


# ok: retry-everything
@shared_task(autoretry_for=(RequestException, OSError), retry_backoff=True)
def named(pk): ...


# ok: retry-everything
@shared_task(base=Resilient, autoretry_for=(Exception,))
def unknown_base(pk): ...


class Retrier:
    # ok: retry-everything
    autoretry_for = (Exception,)
