# --- file: crawl/tasks.py
import functools

from asgiref.sync import async_to_sync
from celery import Celery, Task, shared_task

from .helpers import run_in_loop, task_in_loop

app = Celery("crawl")


@shared_task
# expect: async-task
async def crawl(url):
    await fetch(url)


@app.task(bind=True, max_retries=3)
# expect: async-task
async def follow(self, url):
    await fetch(url)


class Poll(Task):
    # expect: async-task
    async def run(self, url):
        await fetch(url)


class LoopTask(Task):
    def __call__(self, *args, **kwargs):
        return loop.run_until_complete(self.run(*args, **kwargs))


# ok: async-task
@shared_task(base=LoopTask)
async def in_loop(url): ...


# ok: async-task
@shared_task(name="crawl.converted")
@async_to_sync
async def converted(url): ...


# ok: async-task
@shared_task
@run_in_loop
async def decorated(url): ...


# ok: async-task
@task_in_loop
async def wrapped(url): ...


# ok: async-task
async def fetch(url): ...


@shared_task
# ok: async-task
def plain(url):
    async def inner():
        await fetch(url)

    async_to_sync(inner)()
# --- file: crawl/helpers.py
import asyncio
import functools

from celery import shared_task


def run_in_loop(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        return asyncio.run(function(*args, **kwargs))

    return run


def task_in_loop(function):
    return shared_task(run_in_loop(function))
