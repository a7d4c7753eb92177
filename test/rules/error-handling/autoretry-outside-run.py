# --- file: docs/errors.py
class BuildError(Exception):
    pass


class Busy(BuildError):
    pass


class Broken(Exception):
    pass
# --- file: docs/tasks.py
import requests
from celery import Task, shared_task

from .errors import Broken, BuildError, Busy

LATER = (BuildError, requests.Timeout)


class Build(Task):
    autoretry_for = LATER

    def before_start(self, task_id, args, kwargs):
        self.check_limit()
        if not kwargs:
            # ok: autoretry-outside-run
            raise Broken
        # expect: autoretry-outside-run
        raise BuildError("no version")

    def check_limit(self):
        if limit_reached():
            # expect: autoretry-outside-run
            raise Busy("all builders are at work")
        try:
            ask()
        except requests.ConnectionError as error:
            # a way of its own
            # ok: autoretry-outside-run
            raise Busy from error

    def run(self, version_id):
        self.check_version()
        # ok: autoretry-outside-run
        raise Busy

    def check_version(self):
        # ok: autoretry-outside-run
        raise Busy

    def on_success(self, retval, task_id, args, kwargs):
        # expect: autoretry-outside-run
        raise requests.Timeout()


class Upload(Task):
    def before_start(self, task_id, args, kwargs):
        # expect: autoretry-outside-run
        raise Busy("wait")

    def __call__(self, *args, **kwargs):
        try:
            # ok: autoretry-outside-run
            raise Busy("wait")
        except Busy:
            self.retry()
        self.run(*args, **kwargs)


@shared_task(base=Upload, bind=True, autoretry_for=(Busy,))
def upload(self, version_id): ...


class Sync(Task):
    def before_start(self, task_id, args, kwargs):
        # ok: autoretry-outside-run
        raise Busy("wait")


@shared_task(base=Sync, bind=True)
def sync(self, version_id): ...


@shared_task(base=Sync, bind=True, autoretry_for=(Broken,))
def sync_more(self, version_id): ...
