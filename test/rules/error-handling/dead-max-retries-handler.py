from celery import Task, current_task, shared_task
from celery.exceptions import MaxRetriesExceededError

from .ledger import push, report


@shared_task(bind=True, max_retries=5)
def with_exception(self, pk):
    try:
        push(pk)
    except OSError as error:
        try:
            raise self.retry(exc=error)
        # expect: dead-max-retries-handler
        except MaxRetriesExceededError:
            report(pk)


@shared_task(bind=True, max_retries=5)
def sibling(self, pk):
    try:
        push(pk)
    except OSError:
        raise self.retry(countdown=60)
    # expect: dead-max-retries-handler
    except self.MaxRetriesExceededError:
        report(pk)


@shared_task(autoretry_for=(OSError,), max_retries=5)
def automatic(pk):
    try:
        push(pk)
    # expect: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)


@shared_task(bind=True, max_retries=5)
def without_exception(self, pk):
    try:
        push(pk)
    except OSError as error:
        try:
            raise self.retry(countdown=60)
        # ok: dead-max-retries-handler
        except MaxRetriesExceededError:
            report(pk)
    try:
        self.retry(exc=None)
    # ok: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)
    try:
        self.retry(exc=pk if pk else None)
    # ok: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)


@shared_task(bind=True, max_retries=5)
def both(self, pk):
    try:
        if not push(pk):
            self.retry()
    except OSError as error:
        self.retry(exc=error)
    # ok: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)


@shared_task(bind=True, max_retries=5)
def handed_over(self, pk):
    try:
        push_or_retry(self, pk)
    except OSError:
        raise self.retry(countdown=60)
    # ok: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)


@shared_task(max_retries=5)
def through_a_helper(pk):
    try:
        push_again(pk)
    except OSError:
        through_a_helper.retry(countdown=60)
    # ok: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)


def push_again(pk):
    current_task.retry(countdown=pk)


class Push(Task):
    def run(self, pk):
        try:
            self.push(pk)
        except OSError as error:
            self.retry(exc=error)
        # ok: dead-max-retries-handler
        except MaxRetriesExceededError:
            report(pk)

    def push(self, pk):
        self.retry()


@shared_task(bind=True, max_retries=5)
def among_others(self, pk):
    try:
        self.retry(exc=OSError(pk))
    # ok: dead-max-retries-handler
    except (MaxRetriesExceededError, OSError):
        report(pk)


# who catches it has called something that may raise it
@shared_task
def no_retries(pk):
    try:
        push(pk)
    # ok: dead-max-retries-handler
    except MaxRetriesExceededError:
        report(pk)
