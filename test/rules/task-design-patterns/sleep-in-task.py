import time
from time import sleep

from celery import shared_task

PAUSE = 60


@shared_task
def settle(payment_id):
    # expect: sleep-in-task
    time.sleep(300)
    # expect: sleep-in-task
    sleep(2 * PAUSE)
    while not is_settled(payment_id):
        # expect: sleep-in-task
        sleep(1)
    for attempt in range(3):
        # ok: sleep-in-task
        sleep(1)
    while more():
        # ok: sleep-in-task
        sleep(0.2)
    # ok: sleep-in-task
    sleep(delay_of(payment_id))


@shared_task
def nested(payment_id):
    def wait():
        # ok: sleep-in-task
        sleep(60)

    return wait


def helper():
    # ok: sleep-in-task
    sleep(300)
