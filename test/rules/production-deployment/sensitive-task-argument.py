from celery import Task, shared_task

from .celery import app


@shared_task
# expect: sensitive-task-argument
def provision(user_id, password): ...


@shared_task(bind=True)
# expect: sensitive-task-argument
def sync(self, shop_id, *, access_token=None): ...


class Export(Task):
    # expect: sensitive-task-argument
    def run(self, report_id, api_key): ...


@shared_task
# ok: sensitive-task-argument
def hidden(user_id, password): ...


@shared_task
# ok: sensitive-task-argument
def notify(user_id, password_id, token_count, csrf_token, next_page_token, password_changed_at): ...


@shared_task
# ok: sensitive-task-argument
def release_lock(*args, token): ...


# ok: sensitive-task-argument
def helper(user_id, password): ...


def sign_up(user, password):
    hidden.apply_async((user.pk, password), argsrepr="(…)")
