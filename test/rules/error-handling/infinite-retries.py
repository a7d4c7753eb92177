from acme import Resilient
from celery import Task, shared_task

from .ledger import push


# expect: infinite-retries
@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=None)
def automatic(pk): ...


@shared_task(
    bind=True,
    # expect: infinite-retries
    max_retries=None,
)
def by_hand(self, pk):
    try:
        push(pk)
    except OSError as error:
        raise self.retry(exc=error)


class Push(Task):
    # expect: infinite-retries
    max_retries = None

    def run(self, pk):
        self.retry(countdown=60)


@shared_task(bind=True)
def meant_infinite(self, pk):
    # expect: infinite-retries
    self.retry(countdown=60, max_retries=None)


# expect: infinite-retries
@shared_task(autoretry_for=(OSError,), retry_kwargs={"max_retries": None, "countdown": 5})
def meant_infinite_too(pk): ...


# ok: infinite-retries
@shared_task(autoretry_for=(OSError,), max_retries=None, expires=3600)
def expires(pk): ...


# ok: infinite-retries
@shared_task(bind=True, max_retries=None)
def counts(self, pk):
    if self.request.retries < 100:
        # ok: infinite-retries
        self.retry(max_retries=None)


# ok: infinite-retries
@shared_task(bind=True, max_retries=None)
def limits(self, pk):
    self.retry(max_retries=7)


# ok: infinite-retries
@shared_task(max_retries=None)
def never_retries(pk): ...


# ok: infinite-retries
@shared_task(base=Resilient, autoretry_for=(OSError,), max_retries=None)
def unknown_base(pk): ...


# ok: infinite-retries
@shared_task(autoretry_for=(OSError,), max_retries=30)
def limited(pk): ...


class Polite(Task):
    # ok: infinite-retries
    max_retries = None
