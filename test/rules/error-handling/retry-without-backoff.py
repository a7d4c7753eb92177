from acme import Resilient
from celery import Task, shared_task
from requests import RequestException


# expect: retry-without-backoff
# fix: @shared_task(autoretry_for=(RequestException,), retry_backoff=60)
@shared_task(autoretry_for=(RequestException,))
def push(pk): ...


# expect: retry-without-backoff
# fix: @shared_task(autoretry_for=(OSError,), retry_kwargs={"max_retries": 5}, retry_backoff=60)
@shared_task(autoretry_for=(OSError,), retry_kwargs={"max_retries": 5})
def pull(pk): ...


# ok: retry-without-backoff
@shared_task(autoretry_for=(OSError,), retry_backoff=True)
def backs_off(pk): ...


# ok: retry-without-backoff
@shared_task(autoretry_for=(OSError,), default_retry_delay=30)
def fixed(pk): ...


# ok: retry-without-backoff
@shared_task(autoretry_for=(OSError,), retry_kwargs={"countdown": 5})
def counts_down(pk): ...


# ok: retry-without-backoff
@shared_task(autoretry_for=(OSError,), retry_kwargs=KWARGS)
def unseen(pk): ...


# ok: retry-without-backoff
@shared_task(autoretry_for=(OSError,), **OPTIONS)
def unpacked(pk): ...


# ok: retry-without-backoff
@shared_task(base=Resilient, autoretry_for=(OSError,))
def unknown_base(pk): ...


# ok: retry-without-backoff
@shared_task(bind=True, autoretry_for=(OSError,))
def by_hand_too(self, pk):
    if locked(pk):
        raise self.retry(countdown=5)


# ok: retry-without-backoff
@shared_task(autoretry_for=())
def never(pk): ...


class Patient(Task):
    # ok: retry-without-backoff
    autoretry_for = (OSError,)
    retry_backoff = True
