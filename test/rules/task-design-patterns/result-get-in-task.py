# --- file: site/tasks.py
from celery import Celery, Task, chain, group, shared_task
from celery.result import AsyncResult, GroupResult, ResultSet, allow_join_result

from . import cache

app = Celery("site")


@shared_task
def render(pk): ...


@shared_task(ignore_result=True)
def ping(pk): ...


@shared_task
def build(pk):
    # expect: result-get-in-task
    html = render.delay(pk).get()
    result = render.apply_async((pk,), queue="slow")
    # expect: result-get-in-task
    result.get(timeout=10)
    result = render.delay(pk + 1)
    # expect: result-get-in-task
    return html, result.wait()


@app.task(bind=True)
def build_all(self, pks, task_id):
    # expect: result-get-in-task
    group(render.s(pk) for pk in pks)().join()
    # expect: result-get-in-task
    chain(render.s(1), render.s()).apply_async().get()
    pages = [render.delay(pk) for pk in pks]
    # expect: result-get-in-task
    first = pages[0].get()
    # expect: result-get-in-task
    rest = [page.get() for page in pages]
    later = []
    for pk in pks:
        later.append(render.delay(pk))
    for page in later:
        # expect: result-get-in-task
        page.get()
    # expect: result-get-in-task
    ResultSet(pages).join_native()
    # expect: result-get-in-task
    AsyncResult(task_id).get()
    # expect: result-get-in-task
    self.AsyncResult(task_id).get()
    # expect: result-get-in-task
    app.AsyncResult(task_id).get()
    # expect: result-get-in-task
    GroupResult.restore(task_id).join()
    # expect: result-get-in-task
    app.send_task("site.tasks.render", (1,)).get()
    return first, rest


class Publish(Task):
    def run(self, pk):
        # expect: result-get-in-task
        render.delay(pk).get()


# Celery lets these wait, at the risk of a deadlock
@shared_task
def told_to(pk):
    # expect: result-get-in-task
    render.delay(pk).get(disable_sync_subtasks=False)
    with allow_join_result():
        # expect: result-get-in-task
        return render.delay(pk).get()


# `apply` runs it here, but its result refuses all the same
@shared_task
def here(pk):
    # expect: result-get-in-task
    return render.apply((pk,)).get()


@shared_task
def fine(pk, settings, how):
    result = render.delay(pk)
    # ok: result-get-in-task
    result.forget()
    # ok: result-get-in-task
    cache.get(result.id)
    result = {"id": result.id}
    # ok: result-get-in-task
    result.get("id")
    # ok: result-get-in-task
    settings.get("pages").join()
    # ok: result-get-in-task
    render.apply((pk,)).result
    # ok: result-get-in-task
    render.delay(pk).get(**how)
    # ok: result-get-in-task
    ping.delay(pk).get()
    # ok: result-get-in-task
    render.s(pk).options.get("queue")
    # ok: result-get-in-task
    return render.delay_on_commit(pk)


# outside of tasks waiting is allowed
def view(request):
    # ok: result-get-in-task
    return render.delay(1).get(timeout=2)


@shared_task
def hands_out_a_callback(pk):
    def wait():
        # ok: result-get-in-task
        return render.delay(pk).get()

    return wait
