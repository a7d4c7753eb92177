from celery import Task, shared_task


@shared_task
# expect: task-options-as-parameters
def clean_up(days, acks_late=True, time_limit=60):
    Session.expire(days)


@shared_task(queue="slow")
def rebuild(
    catalog_id,
    # expect: task-options-as-parameters
    max_retries=3,
    soft_time_limit=600,
):
    build(catalog_id)


# ok: task-options-as-parameters
@shared_task(acks_late=True, time_limit=60)
def well_placed(days):
    Session.expire(days)


# handed on
@shared_task
# ok: task-options-as-parameters
def schedule(report_id, queue="reports", priority=5):
    render.apply_async((report_id,), queue=queue, priority=priority)


# one alone may be a parameter that is no longer used
@shared_task
# ok: task-options-as-parameters
def export(report_id, serializer="csv"):
    write(report_id)


# ok: task-options-as-parameters
def fetch(url, max_retries=3, time_limit=10):
    return get(url)


# no default, so whoever sends it must mean something by it
@shared_task
# ok: task-options-as-parameters
def notify(name, priority):
    log(name)


@shared_task
# ok: task-options-as-parameters
def collect(priority=1, queue="slow"):
    report(**locals())
