from functools import partial
from uuid import uuid4

from celery import shared_task
from django.db import transaction


@shared_task
def export(job_id): ...


def start(job, jobs):
    # expect: on-commit-result-used
    job.task_id = export.delay_on_commit(job.pk).id
    # expect: on-commit-result-used
    job.task_id = export.apply_async_on_commit((job.pk,))
    # expect: on-commit-result-used
    jobs[job.pk] = export.delay_on_commit(job.pk)
    # expect: on-commit-result-used
    job.results.append(export.delay_on_commit(job.pk))
    # expect: on-commit-result-used
    result = transaction.on_commit(partial(export.delay, job.pk))
    # expect: on-commit-result-used
    answer = {"result": export.delay_on_commit(job.pk)}
    # expect: on-commit-result-used
    export.delay_on_commit(job.pk).get(timeout=10)
    return result, answer


def quietly(job, wait):
    # ok: on-commit-result-used
    export.delay_on_commit(job.pk)
    # ok: on-commit-result-used
    job.task_id = str(uuid4())
    # ok: on-commit-result-used
    export.apply_async_on_commit((job.pk,), task_id=job.task_id)
    # ok: on-commit-result-used
    unused = export.delay_on_commit(job.pk)
    # ok: on-commit-result-used
    result = transaction.on_commit(partial(export.delay, job.pk)) if wait else export.delay(job.pk)
    # on-commit-called-immediately says what is wrong here
    # ok: on-commit-result-used
    transaction.on_commit(export.delay_on_commit(job.pk))
    # ok: on-commit-result-used
    hook = lambda: export.delay_on_commit(job.pk)
    # ok: on-commit-result-used
    job.task_id = export.delay(job.pk).id
    if wait:
        # ok: on-commit-result-used
        sent = export.delay_on_commit(job.pk)
    else:
        sent = export.delay(job.pk)
    log(result, hook, sent)
    # ok: on-commit-result-used
    return export.delay_on_commit(job.pk)
