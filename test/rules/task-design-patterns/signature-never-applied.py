# --- file: reports/tasks.py
from celery import Celery, chain, chord, group, shared_task, signature

app = Celery("reports")


@shared_task
def pull(report_id): ...


@shared_task
def parse(raw, strict=True): ...


@app.task(bind=True)
def publish(self, parsed=None):
    # ok: signature-never-applied
    self.replace(parse.s("again"))


@shared_task
def sweep(): ...


@shared_task
def planned(pk):
    # called for what it returns, in a file that says nothing else of tasks
    # ok: signature-never-applied
    return chain(pull.s(pk), parse.s())


planned.delay(0)
# --- file: reports/views.py
from celery import chain, chord, group, shared_task, signature

from . import tasks
from .tasks import app, parse, publish, pull, sweep


def build(report):
    # expect: signature-never-applied
    # fix: chain(pull.s(report.pk), parse.s()).delay()
    chain(pull.s(report.pk), parse.s())
    # expect: signature-never-applied
    # fix: pull.s(report.pk).delay()
    pull.s(report.pk)
    # expect: signature-never-applied
    # fix: tasks.pull.signature((report.pk,), countdown=5).delay()
    tasks.pull.signature((report.pk,), countdown=5)
    # expect: signature-never-applied
    # fix: (pull.s(report.pk) | parse.s(strict=False)).delay()
    pull.s(report.pk) | parse.s(strict=False)
    (
        # expect: signature-never-applied
        # fix: ).delay()
        pull.s(report.pk)
        | parse.s()
    )
    # expect: signature-never-applied
    # fix: chord([pull.s(1), pull.s(2)], publish.s()).on_error(sweep.si()).delay()
    chord([pull.s(1), pull.s(2)], publish.s()).on_error(sweep.si())
    # expect: signature-never-applied
    # fix: signature("reports.tasks.pull", args=(report.pk,)).delay()
    signature("reports.tasks.pull", args=(report.pk,))
    # expect: signature-never-applied
    # fix: sweep.delay()
    sweep.delay
    # expect: signature-never-applied
    pull.apply_async
    # expect: signature-never-applied
    flow = group(pull.s(pk) for pk in report.parts)
    return report


def conditional(report, urgent):
    if urgent:
        # expect: signature-never-applied
        # fix: publish.si().set(queue="fast").delay()
        publish.si().set(queue="fast")


def fine(report, jobs):
    # ok: signature-never-applied
    flow = chain(pull.s(report.pk), parse.s())
    flow.delay()
    # ok: signature-never-applied
    kept = group(pull.s(pk) for pk in report.parts)
    # ok: signature-never-applied
    kept.link(publish.s())
    # ok: signature-never-applied
    kept.set(queue="slow")
    jobs.append(kept)
    # ok: signature-never-applied
    chain(pull.s(report.pk), parse.s())()
    # ok: signature-never-applied
    jobs.append(pull.s(report.pk))
    # ok: signature-never-applied
    report.flow = pull.s(report.pk)
    # ok: signature-never-applied
    send = pull.delay
    # ok: signature-never-applied
    pull.s(report.pk).freeze()

    # ok: signature-never-applied
    later = parse.s(strict=False)

    def finish():
        return later

    send(report.pk)
    return finish


def steps(report):
    # ok: signature-never-applied
    yield pull.s(report.pk)
    # ok: signature-never-applied
    return pull.s(report.pk) | parse.s()


@shared_task(bind=True)
def archive(self, pk, whole=False):
    if whole:
        # expect: signature-never-applied
        return chain(pull.s(pk), parse.s())
    if pk is None:
        # ok: signature-never-applied
        return self.replace(pull.s(pk) | parse.s())
    # ok: signature-never-applied
    return chain(pull.s(pk), parse.s()).delay()


@shared_task
def steps_of(pk):
    # called for what it returns
    # ok: signature-never-applied
    return chain(pull.s(pk), parse.s())


def start(pk):
    archive.delay(pk)
    steps_of.delay(pk)
    steps_of(pk).delay()


# at module level it may be imported
# ok: signature-never-applied
NIGHTLY = chain(sweep.si(), publish.si())
# --- file: reports/management/commands/rebuild.py
from reports.tasks import planned


def handle(reports):
    return [planned(report.pk).apply() for report in reports]
# --- file: reports/tests/test_views.py
from reports.views import archive


def test_archive():
    archive(1)
