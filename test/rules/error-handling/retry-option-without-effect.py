# --- file: sync/bases.py
from celery import Task


class Stubborn(Task):
    autoretry_for = (OSError,)


class Persistent(Task):
    def on_failure(self, exc, task_id, args, kwargs, einfo):
        self.retry(exc=exc)


class Audited(Task):
    def on_success(self, retval, task_id, args, kwargs):
        audit(task_id)
# --- file: sync/tasks.py
import requests
from acme.celery_tools import Resilient
from celery import shared_task
from django.db import transaction

from .bases import Audited, Persistent, Stubborn
from .retrying import again, with_lock

ERRORS = (requests.ConnectionError, requests.Timeout)
TRIES = 5


# expect: retry-option-without-effect
@shared_task(bind=True, retry_backoff=True, max_retries=5)
def push(self, pk):
    requests.post(url_of(pk), timeout=10)


# expect: retry-option-without-effect
@shared_task(max_retries=TRIES, queue="slow")
def pull(pk):
    requests.get(url_of(pk), timeout=10)


@shared_task(
    bind=True,
    # expect: retry-option-without-effect
    retry_backoff=30,
    retry_jitter=True,
    max_retries=TRIES,
)
def poll(self, pk):
    try:
        requests.get(url_of(pk), timeout=10)
    except ERRORS as exc:
        raise self.retry(exc=exc)


# expect: retry-option-without-effect
@shared_task(autoretry_for=(), retry_kwargs={"countdown": 5})
def forget(pk):
    requests.delete(url_of(pk), timeout=10)


# expect: retry-option-without-effect
@shared_task(base=Audited, default_retry_delay=60)
@transaction.atomic
def book(pk): ...


# expect: retry-option-without-effect
@shared_task(autoretry_for=ERRORS, max_retries=2, retry_kwargs={"max_retries": TRIES, "countdown": 3})
def settle(pk): ...


# options of sending, not of the task
# expect: retry-option-without-effect
@shared_task(autoretry_for=ERRORS, max_retries=3, interval_start=5, interval_step=10)
def notify(pk): ...


# ok: retry-option-without-effect
@shared_task(autoretry_for=ERRORS, max_retries=3, interval_start=5, **MORE)
def unseen(pk): ...


# ok: retry-option-without-effect
@shared_task(base=Resilient, autoretry_for=ERRORS, interval_start=5)
def may_be_read(pk): ...


# ok: retry-option-without-effect
@shared_task(autoretry_for=ERRORS, retry_backoff=True, max_retries=5, retry_kwargs={"max_retries": 5})
def fetch(pk): ...


# ok: retry-option-without-effect
@shared_task(bind=True, max_retries=3, default_retry_delay=10)
def usual(self, pk):
    try:
        work(pk)
    except ERRORS as exc:
        self.retry(exc=exc)


# ok: retry-option-without-effect
@shared_task(base=Stubborn, retry_backoff=True)
def inherits(pk): ...


# ok: retry-option-without-effect
@shared_task(base=Persistent, max_retries=9)
def retried_by_its_base(pk): ...


# ok: retry-option-without-effect
@shared_task(base=Resilient, retry_backoff=True)
def unknown_base(pk): ...


# reads the option itself
# ok: retry-option-without-effect
@shared_task(bind=True, retry_backoff=30)
def own_backoff(self, pk):
    try:
        work(pk)
    except ERRORS:
        self.retry(countdown=self.retry_backoff * 2**self.request.retries)


# retried by a helper
# ok: retry-option-without-effect
@shared_task(bind=True, max_retries=5, retry_backoff=10)
def handed_over(self, pk):
    again(self, pk)


# ok: retry-option-without-effect
@shared_task(bind=True, max_retries=5)
@with_lock("sync")
def decorated(self, pk): ...


# ok: retry-option-without-effect
@shared_task(max_retries=0, retry_backoff=False)
def once(pk): ...


# ok: retry-option-without-effect
@shared_task(retry_backoff=True, **COMMON)
def unpacked(pk): ...


# ok: retry-option-without-effect
@shared_task(bind=True, max_retries=4)
def counts_itself(self, pk):
    if self.request.retries < self.max_retries:
        self.apply_async((pk,), retries=self.request.retries + 1)
# --- file: sync/cleanup.py
from celery import current_task, shared_task


# ok: retry-option-without-effect
@shared_task(max_retries=3)
def sweep():
    or_again()


def or_again():
    current_task.retry()
# --- file: sync/elsewhere.py
from celery import shared_task

from .cleanup import or_again


# ok: retry-option-without-effect
@shared_task(max_retries=3)
def sweep_elsewhere():
    or_again()
