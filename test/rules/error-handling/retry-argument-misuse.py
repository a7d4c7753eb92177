# --- file: feeds/tasks.py
import requests
from celery import Task, current_task, shared_task


class FeedGone(requests.RequestException): ...


@shared_task(bind=True, max_retries=3)
def fetch(self, feed_id, depth=1):
    try:
        download(feed_id, depth)
    except requests.Timeout as error:
        # expect: retry-argument-misuse
        # fix: raise self.retry(exc=error, countdown=30)
        raise self.retry(error, countdown=30)
    except requests.ConnectionError as error:
        # ok: retry-argument-misuse
        raise self.retry(exc=error)
    except ValueError as error:
        # expect: retry-argument-misuse
        self.retry(error, exc=error)
    except KeyError as error:
        # ok: retry-argument-misuse
        self.retry((feed_id, depth + 1), exc=error)


@shared_task(bind=True, max_retries=10)
def register(task, feed_id, queue=None):
    try:
        download(feed_id)
    except OSError:
        # expect: retry-argument-misuse
        return task.retry(feed_id=feed_id, countdown=2)
    except ValueError:
        # ok: retry-argument-misuse
        return task.retry(kwargs={"feed_id": feed_id}, args=(), queue="later", owner="feeds")


@shared_task
def by_name(feed_id):
    try:
        download(feed_id)
    except OSError as exc:
        # expect: retry-argument-misuse
        # fix: by_name.retry(exc=exc)
        by_name.retry(exc)


@shared_task
def by_current_task(feed_id):
    if not download(feed_id):
        # expect: retry-argument-misuse
        # fix: raise current_task.retry(exc=FeedGone(feed_id))
        raise current_task.retry(FeedGone(feed_id))


class Poll(Task):
    def run(self, feed_id):
        try:
            download(feed_id)
        except Exception as error:
            # expect: retry-argument-misuse
            # fix: self.retry(exc=error)
            self.retry(error)


@shared_task(bind=True)
def resume(self, feed_id, offset=0):
    try:
        offset = download(feed_id, offset)
    except OSError as error:
        # expect: retry-argument-misuse
        # fix: raise self.retry(kwargs={"feed_id": feed_id, "offset": offset}, exc=error, args=())
        raise self.retry(kwargs={"feed_id": feed_id, "offset": offset}, exc=error)


@shared_task(bind=True)
def part(self, feed_id, offset=0):
    # expect: retry-argument-misuse
    # fix: raise self.retry(kwargs={"feed_id": feed_id + 1}, args=())
    raise self.retry(kwargs={"feed_id": feed_id + 1})


@shared_task(bind=True)
def by_keyword(self, feed_id, offset=0):
    # `offset` is never passed by position
    # ok: retry-argument-misuse
    raise self.retry(kwargs={"offset": offset + 1})


@shared_task(bind=True)
def both(self, feed_id, offset=0):
    # ok: retry-argument-misuse
    raise self.retry(args=(), kwargs={"feed_id": feed_id, "offset": offset})


@shared_task(bind=True)
def keeps(self, feed_id, arguments):
    # ok: retry-argument-misuse
    raise self.retry(arguments)


class Session:
    def retry(self, error): ...

    def call(self):
        try:
            download(1)
        except OSError as error:
            # ok: retry-argument-misuse
            self.retry(error)
# --- file: feeds/views.py
from .tasks import both, by_keyword, part, resume


def refresh(feed):
    resume.delay(feed.pk, 0)
    part.delay(feed.pk)
    by_keyword.delay(feed.pk)
    both.delay(feed.pk, 3)
