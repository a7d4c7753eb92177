import logging

from celery import Task, current_task, shared_task

from .stock import fetch, is_locked, release, store

logger = logging.getLogger(__name__)


@shared_task(bind=True)
def pull(self, sku):
    if is_locked(sku):
        # expect: retry-not-raised
        self.retry(countdown=60, throw=False)
    store(fetch(sku))


@shared_task(bind=True)
def push(self, sku):
    try:
        fetch(sku)
    except OSError as error:
        logger.warning("later")
        # expect: retry-not-raised
        self.retry(exc=error, throw=False)
        logger.warning("sent")
    return store(sku)


@shared_task(bind=True)
def count(self, sku):
    try:
        store(sku)
    except OSError as error:
        # expect: retry-not-raised
        # fix: raise self.retry(exc=error)
        self.retry(exc=error)
        release(sku)


@shared_task
def tell(sku):
    # expect: retry-not-raised
    # fix: raise current_task.retry(
    current_task.retry(
        countdown=5,
        throw=True,
    )
    logger.info("retried")


class Build(Task):
    def check(self):
        if is_locked(self.name):
            # expect: retry-not-raised
            self.retry(countdown=60, throw=False)

    def wait(self):
        if is_locked(self.name):
            # ok: retry-not-raised
            self.retry(countdown=60, throw=False)

    def before_start(self, task_id, args, kwargs):
        self.check()
        release(args)

    def run(self, sku):
        fetch(sku)
        self.wait()

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        if isinstance(exc, OSError):
            # the run is over
            # ok: retry-not-raised
            self.retry(exc=exc, throw=False)
        release(args)


@shared_task(bind=True)
def fine(self, sku):
    if is_locked(sku):
        # ok: retry-not-raised
        self.retry(countdown=60, throw=False)
        return
    if sku.locked:
        # ok: retry-not-raised
        raise self.retry(countdown=60)
    if sku.busy:
        # ok: retry-not-raised
        return self.retry(countdown=60, throw=False)
    if sku.old:
        # ok: retry-not-raised
        self.retry(countdown=60)
        return
    if sku.gone:
        # raises, so nothing below runs
        # ok: retry-not-raised
        self.retry(countdown=60)
    try:
        store(sku)
    except OSError as error:
        # ok: retry-not-raised
        self.retry(exc=error)
    return fetch(sku)


@shared_task(bind=True)
def last(self, sku):
    try:
        store(sku)
    except OSError as error:
        # ok: retry-not-raised
        self.retry(exc=error, throw=False)
        logger.warning("sent again")
    else:
        release(sku)
    finally:
        sku.close()
    logger.info("done")


@shared_task(bind=True)
def otherwise(self, sku):
    if is_locked(sku):
        # ok: retry-not-raised
        self.retry(throw=False)
    else:
        store(sku)


@shared_task(bind=True)
def unseen(self, sku, **how):
    # ok: retry-not-raised
    self.retry(**how)
    release(sku)


@shared_task(bind=True)
def each(self, sku):
    for part in sku:
        if is_locked(part):
            # one copy for each part
            # ok: retry-not-raised
            self.retry((part,), throw=False)
        else:
            store(part)


def no_task(session, sku):
    # ok: retry-not-raised
    session.retry()
    store(sku)
