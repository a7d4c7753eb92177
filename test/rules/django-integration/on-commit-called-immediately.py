import functools

from celery import chain, group
from django.db import connection, connections, transaction
from django.db.transaction import on_commit

from shop.hooks import after_commit, make_callback, soon
from shop.tasks import archive, mail_owner, reindex


def publish(article):
    article.save()
    # expect: on-commit-called-immediately
    # fix: transaction.on_commit(lambda: reindex.delay(article.pk))
    transaction.on_commit(reindex.delay(article.pk))
    # expect: on-commit-called-immediately
    # fix: on_commit(lambda: reindex.apply_async((article.pk,), countdown=30))
    on_commit(reindex.apply_async((article.pk,), countdown=30))
    # expect: on-commit-called-immediately
    # fix: connection.on_commit(lambda: reindex.delay(article.pk), robust=True)
    connection.on_commit(reindex.delay(article.pk), robust=True)
    # expect: on-commit-called-immediately
    # fix: connections["search"].on_commit(lambda: reindex.delay(article.pk))
    connections["search"].on_commit(reindex.delay(article.pk))
    # expect: on-commit-called-immediately
    # fix: transaction.on_commit(func=lambda: reindex.delay(article.pk))
    transaction.on_commit(func=reindex.delay(article.pk))
    transaction.on_commit(
        # expect: on-commit-called-immediately
        # fix: lambda: chain(reindex.s(article.pk), archive.si(article.pk))(),
        chain(reindex.s(article.pk), archive.si(article.pk))(),
        using="default",
    )
    # expect: on-commit-called-immediately
    # fix: transaction.on_commit(lambda: (reindex.s(article.pk) | archive.si(article.pk)).delay())
    transaction.on_commit((reindex.s(article.pk) | archive.si(article.pk)).delay())
    # expect: on-commit-called-immediately
    # fix: after_commit(lambda: reindex.delay(article.pk))
    after_commit(reindex.delay(article.pk))


def publish_all(articles):
    for article in articles:
        article.save()
        # expect: on-commit-called-immediately
        # fix: transaction.on_commit(functools.partial(reindex.delay, article.pk))
        transaction.on_commit(reindex.delay(article.pk))
        # expect: on-commit-called-immediately
        # fix: transaction.on_commit(reindex.delay)
        transaction.on_commit(reindex.delay())


def fine(article, queue):
    # ok: on-commit-called-immediately
    transaction.on_commit(functools.partial(reindex.delay, article.pk))
    # ok: on-commit-called-immediately
    transaction.on_commit(lambda: reindex.delay(article.pk))
    # ok: on-commit-called-immediately
    transaction.on_commit(reindex.s(article.pk).delay)
    # ok: on-commit-called-immediately
    transaction.on_commit(group(reindex.s(article.pk), archive.s(article.pk)))
    # ok: on-commit-called-immediately
    transaction.on_commit(make_callback(article.pk))
    # ok: on-commit-called-immediately
    transaction.on_commit(queue.delay(article.pk))
    # ok: on-commit-called-immediately
    soon(reindex.delay(article.pk))
    # ok: on-commit-called-immediately
    print(reindex.delay(article.pk))


def not_a_task(article):
    # ok: on-commit-called-immediately
    transaction.on_commit(mail_owner.delay(article.pk))
# --- file: shop/hooks.py
from django.db import transaction


def after_commit(callback, using=None):
    if callback:
        transaction.on_commit(callback, using=using)


def make_callback(pk):
    return lambda: print(pk)


def soon(result):
    transaction.on_commit(lambda: print(result))
# --- file: shop/tasks.py
from celery import Task, shared_task
from django_rq import job


class ShopTask(Task):
    """Has no delay_on_commit: a base class of one's own takes the place of Celery's for Django."""


@shared_task(base=ShopTask)
def reindex(pk=None): ...


@shared_task(base=ShopTask)
def archive(pk): ...


@job
def mail_owner(pk): ...
# --- file: shop/test_articles.py
from django.db import transaction

from shop.tasks import reindex


def test_reindexes(article):
    # expect: on-commit-called-immediately
    # fix: transaction.on_commit(lambda: reindex.delay(article.pk))
    transaction.on_commit(reindex.delay(article.pk))
# --- file: modern/views.py
from django.db import connections, transaction

from modern.tasks import audit, invoice


def bill(order):
    audit.delay_on_commit(order.pk)
    # expect: on-commit-called-immediately
    # fix: invoice.delay_on_commit(order.pk)
    transaction.on_commit(invoice.delay(order.pk))
    # expect: on-commit-called-immediately
    # fix: invoice.apply_async_on_commit((order.pk,), countdown=5)
    transaction.on_commit(invoice.apply_async((order.pk,), countdown=5))
    # expect: on-commit-called-immediately
    # fix: invoice.delay_on_commit(order.pk)
    transaction.on_commit(invoice.delay_on_commit(order.pk))
    # expect: on-commit-called-immediately
    # fix: transaction.on_commit(lambda: audit.delay(order.pk), using="ledger")
    transaction.on_commit(audit.delay(order.pk), using="ledger")
    # expect: on-commit-called-immediately
    # fix: connections["ledger"].on_commit(lambda: audit.delay(order.pk))
    connections["ledger"].on_commit(audit.delay(order.pk))
# --- file: modern/tasks.py
from celery import shared_task


@shared_task
def invoice(pk): ...


@shared_task
def audit(pk): ...
