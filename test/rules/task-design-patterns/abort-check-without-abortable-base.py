from celery import Task, shared_task
from celery.contrib.abortable import AbortableTask

from .bases import Unknown


class Plain(Task):
    pass


class Stoppable(AbortableTask):
    pass


class Homemade(Task):
    def is_aborted(self):
        return False


@shared_task(bind=True)
def crunch(self, rows):
    for row in rows:
        # expect: abort-check-without-abortable-base
        # fix: @shared_task(base=AbortableTask, bind=True)
        if self.is_aborted():
            return


@shared_task(bind=True, base=Plain)
def plain(self):
    # expect: abort-check-without-abortable-base
    return self.is_aborted()


@shared_task(bind=True, base=AbortableTask)
def stoppable(self):
    # ok: abort-check-without-abortable-base
    return self.is_aborted()


@shared_task(bind=True, base=Stoppable)
def inherited(self):
    # ok: abort-check-without-abortable-base
    return self.is_aborted()


@shared_task(bind=True, base=Homemade)
def homemade(self):
    # ok: abort-check-without-abortable-base
    return self.is_aborted()


@shared_task(bind=True, base=Unknown)
def unknown(self):
    # ok: abort-check-without-abortable-base
    return self.is_aborted()


@shared_task(**options)
def unseen(self):
    # ok: abort-check-without-abortable-base
    return self.is_aborted()


@shared_task(bind=True)
def of_another(self, job):
    # ok: abort-check-without-abortable-base
    return job.is_aborted()
