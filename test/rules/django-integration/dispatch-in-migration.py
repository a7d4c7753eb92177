# --- file: shop/tasks.py
from celery import shared_task


@shared_task
def reindex(): ...


# --- file: shop/migrations/0007_reindex.py
from functools import partial

from django.db import migrations, transaction
from django.db.models.signals import post_migrate

from shop.celery import app
from shop.tasks import reindex


def forwards(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    Product.objects.update(indexed=False)
    # expect: dispatch-in-migration
    reindex.delay()
    # expect: dispatch-in-migration
    app.send_task("shop.tasks.reindex")
    # ok: dispatch-in-migration
    transaction.on_commit(lambda: reindex.delay())
    # ok: dispatch-in-migration
    transaction.on_commit(partial(reindex.delay))
    # ok: dispatch-in-migration
    reindex()


def later(apps, schema_editor):
    def on_migrations_complete(sender=None, **kwargs):
        # ok: dispatch-in-migration
        reindex.delay()

    post_migrate.connect(on_migrations_complete, weak=False)


def unused():
    # ok: dispatch-in-migration
    reindex.delay()


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(forwards),
        migrations.RunPython(code=later, reverse_code=migrations.RunPython.noop),
        # expect: dispatch-in-migration
        migrations.RunPython(lambda apps, schema_editor: reindex.delay()),
    ]


# --- file: shop/migrations/tasks/release_7.py
from celery import shared_task


@shared_task
def fill(after=0):
    # ok: dispatch-in-migration
    fill.delay(after + 100)


# --- file: shop/celery.py
from celery import Celery

app = Celery("shop")
# --- file: shop/management/commands/reindex.py
from shop.tasks import reindex


def handle():
    # ok: dispatch-in-migration
    reindex.delay()
