from acme.canvas import chord as other_chord
from celery import chain, chord, group

from .tasks import add, alert, cleanup, summarise


def send(numbers, callbacks):
    header = [add.s(number, number) for number in numbers]
    # expect: chord-error-callback-ignored
    # fix: chord(header, summarise.s()).on_error(alert.s()).apply_async()
    chord(header, summarise.s()).apply_async(link_error=alert.s())
    # expect: chord-error-callback-ignored
    # fix: chord(header)(summarise.s().on_error(alert.s()), countdown=3)
    chord(header)(summarise.s(), link_error=alert.s(), countdown=3)
    # expect: chord-error-callback-ignored
    # fix: chord(header)(summarise.s().on_error(alert.s()).on_error(cleanup.si()))
    chord(header)(summarise.s(), link_error=[alert.s(), cleanup.si()])
    # expect: chord-error-callback-ignored
    chord(header)(summarise.s(), link_error=callbacks)
    # expect: chord-error-callback-ignored
    chord(header)(summarise.s(), link=cleanup.si())
    # expect: chord-error-callback-ignored
    group(header).apply_async(link_error=alert.s())
    work = chord(header, summarise.s()).set(queue="slow")
    # expect: chord-error-callback-ignored
    # fix: work.on_error(alert.s()).apply_async(countdown=5)
    work.apply_async(countdown=5, link_error=alert.s())


def fine(numbers, work):
    header = [add.s(number, number).on_error(alert.s()) for number in numbers]
    # ok: chord-error-callback-ignored
    chord(header)(summarise.s().on_error(alert.s()))
    # ok: chord-error-callback-ignored
    chord(header, summarise.s()).on_error(alert.s()).apply_async()
    # ok: chord-error-callback-ignored
    chain(add.s(1, 2), add.s(3)).apply_async(link_error=alert.s())
    # ok: chord-error-callback-ignored
    add.apply_async((1, 2), link_error=alert.s())
    # ok: chord-error-callback-ignored
    add.s(1, 2).apply_async(link_error=alert.s())
    # ok: chord-error-callback-ignored
    chord(header, summarise.s()).apply_async(link_error=None)
    # ok: chord-error-callback-ignored
    work.apply_async(link_error=alert.s())
    # ok: chord-error-callback-ignored
    other_chord(header)(summarise.s(), link_error=alert.s())
