# --- file: accounts/tasks.py
from celery import Task, shared_task


@shared_task
def sync_profile(user_id, force=False): ...


@shared_task
def steps(user_id):
    return sync_profile.s(user_id)


class Welcome(Task):
    def run(self, user_id): ...


def build(user_id):
    return sync_profile.s(user_id)
# --- file: accounts/views.py
from rq_jobs import enqueue

from . import tasks
from .tasks import Welcome, build, steps, sync_profile


def register(user, jobs):
    # expect: dispatch-on-task-result
    # fix: sync_profile.delay(user.pk)
    sync_profile(user.pk).delay()
    # expect: dispatch-on-task-result
    # fix: tasks.sync_profile.delay(user.pk, force=True)
    tasks.sync_profile(user.pk, force=True).apply_async()
    # expect: dispatch-on-task-result
    # fix: sync_profile.delay_on_commit(
    # fix: user.pk,
    # fix: force=True,
    # fix: )
    sync_profile(
        user.pk,
        force=True,
    ).delay_on_commit()
    # expect: dispatch-on-task-result
    sync_profile(user.pk).apply_async(countdown=5)
    # ok: dispatch-on-task-result
    Welcome().delay(user.pk)
    # ok: dispatch-on-task-result
    build(user.pk).delay()
    # ok: dispatch-on-task-result
    steps(user.pk).delay()
    # ok: dispatch-on-task-result
    sync_profile.s(user.pk).delay()
    # ok: dispatch-on-task-result
    enqueue(user.pk).delay()
    # ok: dispatch-on-task-result
    return sync_profile.delay(user.pk)
