from celery import shared_task

from . import search


@shared_task
def rebuild_search_index():
    return search.rebuild()
