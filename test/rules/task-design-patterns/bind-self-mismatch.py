# --- file: feeds/tasks.py
from celery import Task, shared_task
from django.db import transaction

from . import app
from .app import app as celery_app
from .locks import exclusive


class Audited(Task):
    def on_success(self, retval, task_id, args, kwargs): ...


class Injecting(Task):
    def __call__(self, *args, **kwargs):
        return self.run(self, *args, **kwargs)


@shared_task(max_retries=3)
# expect: bind-self-mismatch
# fix: @shared_task(bind=True, max_retries=3)
def fetch(self, url): ...


@celery_app.task
# expect: bind-self-mismatch
# fix: @celery_app.task(bind=True)
def parse(self): ...


@shared_task(
    queue="feeds",  # the slow one
    bind=False,
)
@transaction.atomic
# expect: bind-self-mismatch
# fix: bind=True,
def store(self, url, *, force=False): ...


@shared_task(base=Audited)
# expect: bind-self-mismatch
# fix: @shared_task(bind=True, base=Audited)
def audit(self, url): ...


@shared_task(bind=True)
# expect: bind-self-mismatch
# fix: def sweep(self):
def sweep():
    fetch.delay("https://example.org")


@shared_task(bind=True)
# expect: bind-self-mismatch
def rank(url, weight):
    return url.strip(), weight


# called as a function, it passes itself all the same
@shared_task(bind=True)
# expect: bind-self-mismatch
def merge(url, other):
    return url + other


# ok: bind-self-mismatch
@shared_task(bind=True)
def split(ctx, url): ...


# ok: bind-self-mismatch
@shared_task(bind=True)
def spread(ctx, urls): ...


@shared_task
def again(url):
    try:
        parse.delay()
    except OSError as exc:
        # expect: bind-self-mismatch
        # fix: @shared_task(bind=True)
        # fix: def again(self, url):
        raise self.retry(exc=exc)


# the task has another name here
@shared_task(bind=True)
def renamed(task, url):
    # expect: bind-self-mismatch
    return self.request.id


# ok: bind-self-mismatch
@shared_task(bind=True, max_retries=3)
def well(self, url): ...


# ok: bind-self-mismatch
@shared_task(bind=True)
def named_otherwise(celery_task, url): ...


# ok: bind-self-mismatch
@shared_task(bind=True)
def collects(*args): ...


# nobody passes as many arguments as it has parameters
# ok: bind-self-mismatch
@shared_task(bind=True)
def unusual(ctx, url): ...


# ok: bind-self-mismatch
@shared_task(bind=True)
def odd_name(x, url):
    return x.request.id


# ok: bind-self-mismatch
@shared_task(base=Injecting)
def injected(self, url): ...


# ok: bind-self-mismatch
@shared_task
@exclusive("feeds")
def locked(self, url): ...


# ok: bind-self-mismatch
@shared_task(**OPTIONS)
def unpacked(self, url): ...


# somebody passes it
# ok: bind-self-mismatch
@shared_task
def explicit(self, url): ...


# ok: bind-self-mismatch
@shared_task
def called(self, url=None): ...


# ok: bind-self-mismatch
@shared_task
def optional(self=None): ...


class Crawler:
    # ok: bind-self-mismatch
    @shared_task
    def crawl(self, url): ...


class Fetch(Task):
    # ok: bind-self-mismatch
    def run(self, url): ...


# ok: bind-self-mismatch
def plain(self, url): ...


class Payload(dict): ...


@shared_task(bind=True, ignore_result=True)
# expect: bind-self-mismatch
def take_payload(payload: Payload):
    return payload["channel_id"]


@shared_task(bind=True)
# ok: bind-self-mismatch
def take_task(running: Task, feed_id):
    return running.request.id, feed_id



# --- file: feeds/app.py
from celery import Celery

app = Celery("feeds")
# --- file: feeds/views.py
from .tasks import called, explicit, merge, odd_name, rank, split, spread, store, take_payload, take_task, unusual


def refresh(request, url):
    rank.delay(url, 2)
    unusual.delay(url)
    odd_name.delay(url, 2)
    store.delay(url, force=True)
    explicit.delay(request.user.pk, url)
    called(None, url)
    merge(url, url)
    split(url)
    spread(*url, *url)


def send_payload(body, feed_id):
    take_payload.delay(body)
    take_task.delay(feed_id, feed_id)
# --- file: .semgrep/tasks/bound.py
from celery import shared_task


# the material of a linter
# ok: bind-self-mismatch
@shared_task
def example(self): ...
