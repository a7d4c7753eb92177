# --- file: media/celery.py
from celery import Celery

app = Celery("media", backend="django-db")
# --- file: media/tasks.py
from celery import chain, chord, group, shared_task


# expect: chord-without-results
# fix: @shared_task(ignore_result=False)
@shared_task(ignore_result=True)
def score(pk): ...


# expect: chord-without-results
# fix: @shared_task(bind=True, ignore_result=False)
@shared_task(bind=True, ignore_result=True)
def render(self, pk): ...


# expect: chord-without-results
# fix: @shared_task(ignore_result=False)
@shared_task(ignore_result=True)
def fetch(pk): ...


# ok: chord-without-results
@shared_task(ignore_result=False)
def kept(pk): ...


# The result of the body is nobody's.
# ok: chord-without-results
@shared_task(ignore_result=True)
def total(results): ...


# In a group that nothing follows, and in a chain.
# ok: chord-without-results
@shared_task(ignore_result=True)
def notify(pk): ...


# Keeps its result where it is used.
# ok: chord-without-results
@shared_task(ignore_result=True)
def resize(pk): ...


def run(pks):
    chord([score.s(pk) for pk in pks], total.s()).delay()
    (group(render.s(pk) for pk in pks) | total.s()).delay()
    chain(kept.s(1), group(fetch.s(1), kept.s(2)), total.s()).delay()
    chord([kept.s(pk) for pk in pks])(total.s())
    chain(kept.s(1), group(notify.s(pk) for pk in pks)).delay()
    chain(notify.si(1), kept.si(1)).delay()
    chord([resize.s(pk).set(ignore_result=False) for pk in pks], total.s()).delay()
    # expect: chord-without-results
    group(kept.s(pk) for pk in pks).apply_async(link=total.s())
    # ok: chord-without-results
    group(kept.s(pk) for pk in pks).apply_async(link=None)
    # ok: chord-without-results
    kept.apply_async((1,), link=total.s())
