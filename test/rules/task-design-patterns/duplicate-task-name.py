# --- file: mail/tasks.py
from celery import Celery, shared_task

app = Celery("mail")
other = Celery("archive")


@shared_task(name="mail.send")
def send_welcome(pk): ...


# expect: duplicate-task-name
@shared_task(name="mail.send")
def send_invoice(pk): ...


@app.task
def sweep(): ...


@app.task
# expect: duplicate-task-name
def sweep(): ...


class Mailer:
    @staticmethod
    @app.task
    def deliver(pk): ...


class Pager:
    @staticmethod
    @app.task
    # expect: duplicate-task-name
    def deliver(pk): ...


# two applications
@app.task(name="mail.count")
def count(): ...


# ok: duplicate-task-name
@other.task(name="mail.count")
def count_archive(): ...


if DEBUG:

    @app.task
    def preview(pk): ...

else:

    @app.task
    # ok: duplicate-task-name
    def preview(pk): ...


try:

    @app.task
    def fast(pk): ...

except ImportError:

    @app.task
    # ok: duplicate-task-name
    def fast(pk): ...


def make(name):
    @app.task
    def made(): ...

    return made


def make_other(name):
    @app.task
    # ok: duplicate-task-name
    def made(): ...

    return made


# ok: duplicate-task-name
@shared_task(name=PREFIX + "send")
def computed(): ...


# ok: duplicate-task-name
@shared_task(name=PREFIX + "send")
def computed_too(): ...
# --- file: mail/digest.py
from celery import shared_task


# expect: duplicate-task-name
@shared_task(name="mail.send")
def send_digest(pk): ...
# --- file: shipping/tasks.py
from celery import shared_task


# another service of the same repository
# ok: duplicate-task-name
@shared_task(name="mail.send")
def send_label(pk): ...
