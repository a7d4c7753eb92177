from celery import shared_task

LIMITS = {1: 10, 2: 20}


@shared_task
def apply_prices(prices): ...


@shared_task(serializer="pickle")
def apply_pickled(prices): ...


def update(rows):
    # expect: non-string-dict-keys
    apply_prices.delay({1: 9.5})
    # expect: non-string-dict-keys
    apply_prices.apply_async(({int(row["id"]): row["price"] for row in rows},))
    # expect: non-string-dict-keys
    apply_prices.delay(prices=LIMITS)
    # expect: non-string-dict-keys
    apply_prices.delay([{"name": "a", None: 1}])
    # ok: non-string-dict-keys
    apply_prices.delay({"1": 9.5})
    # ok: non-string-dict-keys
    apply_prices.delay([[1, 9.5]])
    # ok: non-string-dict-keys
    apply_prices.delay({row["id"]: row["price"] for row in rows})
    # ok: non-string-dict-keys
    apply_prices.delay({str(int(row["id"])): row["price"] for row in rows})
    # ok: non-string-dict-keys
    apply_pickled.delay({1: 9.5})
    # ok: non-string-dict-keys
    apply_prices({1: 9.5})
    # ok: non-string-dict-keys
    apply_prices.apply_async(([],), headers={1: 2})
