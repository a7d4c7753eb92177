from celery import chain, chord, group, shared_task


@shared_task
def pull(report_id): ...


@shared_task
def tidy(): ...


@shared_task
def parse(raw, mode="fast"): ...


@shared_task(bind=True)
def store(self, data): ...


@shared_task
def anything(*args): ...


@shared_task
def keyword(*, mode): ...


@shared_task(typing=False)
def untyped(): ...


def refresh(report, steps, more):
    # expect: immutable-signature-needed
    # fix: chain(pull.s(1), tidy.si())()
    chain(pull.s(1), tidy.s())()
    # expect: immutable-signature-needed
    # fix: (pull.s(1) | parse.s() | store.si(report.pk)).delay()
    (pull.s(1) | parse.s() | store.s(report.pk)).delay()
    # expect: immutable-signature-needed
    # fix: chord([pull.s(1), pull.s(2)], tidy.si().set(queue="slow")).delay()
    chord([pull.s(1), pull.s(2)], tidy.s().set(queue="slow")).delay()
    # expect: immutable-signature-needed
    # fix: chord(pull.s(pk) for pk in report.parts)(tidy.si())
    chord(pull.s(pk) for pk in report.parts)(tidy.s())
    # expect: immutable-signature-needed
    # fix: chord([pull.s(1)], interval=15)(tidy.si())
    chord([pull.s(1)], interval=15)(tidy.s())
    # expect: immutable-signature-needed
    # fix: body = parse.si(raw=report.pk)
    body = parse.s(raw=report.pk)
    chord(header=[pull.s(1)], body=body).delay()
    # ok: immutable-signature-needed
    alone = tidy.s()
    alone.delay()
    # expect: immutable-signature-needed
    # fix: pull.apply_async((1,), link=tidy.si())
    pull.apply_async((1,), link=tidy.s())
    # expect: immutable-signature-needed
    # fix: chain([pull.s(1), group(parse.s(), tidy.si())]).delay()
    chain([pull.s(1), group(parse.s(), tidy.s())]).delay()
    # expect: immutable-signature-needed
    # fix: (pull.s(1) | parse.si(raw="")).delay()
    (pull.s(1) | parse.s(raw="")).delay()
    # expect: immutable-signature-needed
    # fix: (pull.s(1) | keyword.si(mode="slow")).delay()
    (pull.s(1) | keyword.s(mode="slow")).delay()
    # expect: immutable-signature-needed
    # fix: pull.s(1).link(tidy.si())
    pull.s(1).link(tidy.s())
    # expect: immutable-signature-needed
    # fix: chain(pull.s(1), (store.si(1) | parse.s()))()
    chain(pull.s(1), (store.s(1) | parse.s()))()
    # expect: immutable-signature-needed
    chain(pull.s(1), store.signature((1,)))()
    # ok: immutable-signature-needed
    chain(tidy.s(), parse.s(), store.s())()
    # ok: immutable-signature-needed
    chain(pull.s(1), tidy.si())()
    # ok: immutable-signature-needed
    chain(pull.s(1), tidy.signature(immutable=True))()
    # ok: immutable-signature-needed
    chain(pull.s(1), parse.s("slow"), anything.s(1, 2, 3))()
    # ok: immutable-signature-needed
    group(tidy.s(), tidy.s()).delay()
    # ok: immutable-signature-needed
    chord([tidy.s(), tidy.s()], anything.s()).delay()
    # ok: immutable-signature-needed
    chain(*steps, tidy.si())()
    # ok: immutable-signature-needed
    chain(pull.s(1), store.s(*more))()
    # ok: immutable-signature-needed
    chain(pull.s(1), untyped.s())()
    # a callback for errors is called in another way
    # ok: immutable-signature-needed
    pull.apply_async((1,), link_error=tidy.s())
    # ok: immutable-signature-needed
    tidy.s().delay()
    # ok: immutable-signature-needed
    render(pull.s(1), tidy.s())
