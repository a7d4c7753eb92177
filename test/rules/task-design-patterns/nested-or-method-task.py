from celery import Celery, shared_task

app = Celery("shop")


class Mailer:
    @shared_task
    # expect: nested-or-method-task
    def send(self, user_id): ...

    @app.task(queue="mail")
    # expect: nested-or-method-task
    def send_all(self): ...

    # the task itself is what it gets
    @app.task(bind=True)
    # ok: nested-or-method-task
    def send_bound(self, user_id): ...

    @shared_task
    # ok: nested-or-method-task
    def send_other(self, user_id): ...

    @staticmethod
    @shared_task
    # ok: nested-or-method-task
    def send_static(user_id): ...

    # a class that serves as a name space
    @shared_task
    # ok: nested-or-method-task
    def send_plain(user_id): ...


def check_out(order):
    Mailer.send_other.delay({}, order.pk)

    @shared_task
    # expect: nested-or-method-task
    def confirm(order_id): ...

    confirm.delay(order.pk)


# sent by whoever receives it
def make_task(name):
    @app.task(name=name)
    # ok: nested-or-method-task
    def made(): ...

    return made


def set_up():
    @app.task
    # ok: nested-or-method-task
    def warm(): ...

    warm.delay()


set_up()


@app.on_after_configure.connect
def on_configure(sender, **kwargs):
    @sender.task
    # ok: nested-or-method-task
    def tick(): ...

    @app.task
    # ok: nested-or-method-task
    def tock(): ...

    tock.delay()


@shared_task
# ok: nested-or-method-task
def plain(self_id): ...
