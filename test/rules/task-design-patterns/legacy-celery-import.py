# --- file: shop/tasks.py
# expect: legacy-celery-import
# fix: from celery.schedules import crontab
from celery.task.schedules import crontab
# expect: legacy-celery-import
from celery.task import task, periodic_task
# expect: legacy-celery-import
from celery import task as make_task
# expect: legacy-celery-import
from celery.decorators import task as decorated
# expect: legacy-celery-import
# fix: from kombu.utils.encoding import (  # for logs
from celery.utils.encoding import (  # for logs
    safe_repr,
    safe_str,
)
# expect: legacy-celery-import
from celery.utils import encoding
# expect: legacy-celery-import
import celery.task.control
# expect: legacy-celery-import
import celery.backends.amqp as amqp
# expect: legacy-celery-import
from celery.contrib.batches import Batches
# expect: legacy-celery-import
from djcelery.models import PeriodicTask
# ok: legacy-celery-import
from celery import registry, subtask, shared_task
# ok: legacy-celery-import
from celery.registry import tasks
# ok: legacy-celery-import
from celery.schedules import crontab as schedule
# ok: legacy-celery-import
from celery.app.task import Task
# ok: legacy-celery-import
from celery.utils.log import get_task_logger
# ok: legacy-celery-import
from .celery import task as own

try:
    # ok: legacy-celery-import
    from celery.task import Task as OldTask
except ImportError:
    OldTask = Task

if celery.VERSION < (5,):
    # ok: legacy-celery-import
    from celery.task import subtask as old_subtask


def late():
    # expect: legacy-celery-import
    from celery.task.sets import TaskSet

    return TaskSet
