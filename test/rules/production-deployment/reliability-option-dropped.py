# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# --- before
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "shop"
# --- file: shop/tasks.py
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

LIMIT = 30


@shared_task(acks_late=True, reject_on_worker_lost=True, max_retries=5)
def capture(pk): ...


@shared_task(acks_late=True)
def kept(pk): ...


@shared_task(acks_late=True, rate_limit="10/m", soft_time_limit=30, time_limit=60)
def given_elsewhere(pk): ...


@shared_task(acks_late=LATE, rate_limit=RATE, time_limit=settings.LIMIT)
def never_known(pk): ...


@shared_task(time_limit=60)
def timed(pk): ...


@shared_task(time_limit=60)
@measured
def untimed(pk): ...


@shared_task(reject_on_worker_lost=False, acks_late=False)
def off(pk): ...


@shared_task(autoretry_for=(OSError,), retry_backoff=True)
def pull(pk): ...


@shared_task(autoretry_for=(OSError,), retry_backoff=True, bind=True)
def pull_by_hand(self, pk): ...


@shared_task(soft_time_limit=LIMIT, time_limit=60)
def index(pk): ...


@shared_task(soft_time_limit=30, time_limit=60)
def one_limit_left(pk): ...


@shared_task(rate_limit="10/m")
def call(pk): ...


@shared_task(rate_limit="10/m", time_limit=60)
def to_nothing(pk): ...


@shared_task(autoretry_for=(OSError,), max_retries=3)
def hasty(pk): ...


@shared_task(autoretry_for=(OSError,))
def hasty_by_default(pk): ...


@shared_task(autoretry_for=(OSError,), max_retries=0)
def always_hasty(pk): ...


@shared_task(max_retries=3)
def never_retried(pk): ...


@shared_task(rate_limit="10/m")
def slower(pk): ...


@shared_task(acks_late=True, rate_limit="1/s")
def based(pk): ...


@shared_task(acks_late=True)
def unpacked(pk): ...


@shared_task(acks_late=True)
def made(pk): ...


@shared_task(acks_late=True)
def deleted(pk): ...


@shared_task(acks_late=True)
def moved_to_class(pk): ...
# --- after
# --- file: shop/settings.py
INSTALLED_APPS = ["shop"]
# also for the time limit that stood above it
# expect: reliability-option-dropped
# expect: reliability-option-dropped
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "shop"
# --- file: shop/tasks.py
from celery import Task, shared_task

from .decorators import task_of_the_shop

OPTIONS = {"acks_late": True}


# expect: reliability-option-dropped
@shared_task(max_retries=5)
def capture(pk): ...


# ok: reliability-option-dropped
@shared_task(acks_late=True, queue="fast")
def kept(pk): ...


# how much is left of them, nobody can see
# ok: reliability-option-dropped
@shared_task(acks_late=LATE, rate_limit=RATE, soft_time_limit=settings.SOFT_LIMIT, time_limit=settings.LIMIT)
def given_elsewhere(pk): ...


# a decorator came in its place
# ok: reliability-option-dropped
@shared_task
@times_out(seconds=60)
def timed(pk): ...


# expect: reliability-option-dropped
@shared_task
@measured
def untimed(pk): ...


# nor how much there was
# ok: reliability-option-dropped
@shared_task
def never_known(pk): ...


# ok: reliability-option-dropped
@shared_task
def off(pk): ...


# expect: reliability-option-dropped
@shared_task
def pull(pk): ...


# ok: reliability-option-dropped
@shared_task(bind=True)
def pull_by_hand(self, pk):
    try:
        fetch(pk)
    except OSError as error:
        raise self.retry(exc=error)


# expect: reliability-option-dropped
@shared_task
def index(pk): ...


# ok: reliability-option-dropped
@shared_task(soft_time_limit=30)
def one_limit_left(pk): ...


# expect: reliability-option-dropped
@shared_task(rate_limit=None)
def call(pk): ...


# both of them
# expect: reliability-option-dropped
# expect: reliability-option-dropped
@shared_task(rate_limit="0/m", time_limit=0)
def to_nothing(pk): ...


# expect: reliability-option-dropped
@shared_task(autoretry_for=(OSError,), max_retries=0)
def hasty(pk): ...


# expect: reliability-option-dropped
@shared_task(autoretry_for=(OSError,), max_retries=0)
def hasty_by_default(pk): ...


# ok: reliability-option-dropped
@shared_task(autoretry_for=(OSError,), max_retries=0)
def always_hasty(pk): ...


# ok: reliability-option-dropped
@shared_task(max_retries=0)
def never_retried(pk): ...


# ok: reliability-option-dropped
@shared_task(rate_limit="1/m")
def slower(pk): ...


class Careful(Task):
    acks_late = True
    rate_limit = "1/s"


# ok: reliability-option-dropped
@shared_task(base=Careful)
def based(pk): ...


# ok: reliability-option-dropped
@shared_task(**OPTIONS)
def unpacked(pk): ...


# ok: reliability-option-dropped
@task_of_the_shop
def made(pk): ...


# ok: reliability-option-dropped
@shared_task(base=Careful, name="shop.tasks.moved_to_class")
def moved(pk): ...
# --- file: shop/decorators.py
from celery import shared_task


def task_of_the_shop(function):
    return shared_task(acks_late=True)(function)
