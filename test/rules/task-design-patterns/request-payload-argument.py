from celery import shared_task
from django.views.generic import View


@shared_task
def ingest(payload): ...


@shared_task(serializer="pickle")
def ingest_pickled(payload): ...


def receive(request):
    # expect: request-payload-argument
    ingest.delay(request.POST)
    # expect: request-payload-argument
    ingest.apply_async(kwargs={"payload": request.GET.copy()})
    # expect: request-payload-argument
    ingest.delay(payload=request.META)
    # expect: request-payload-argument
    ingest.delay({"session": request.session, "user": request.user.pk})
    # ok: request-payload-argument
    ingest.delay(dict(request.POST.lists()))
    # ok: request-payload-argument
    ingest.delay(request.POST.dict())
    # ok: request-payload-argument
    ingest.delay(request.POST["name"])
    # ok: request-payload-argument
    ingest.delay(request.data)
    # ok: request-payload-argument
    ingest.delay(request.META["REMOTE_ADDR"])
    # ok: request-payload-argument
    ingest.delay(request.session.session_key)
    # ok: request-payload-argument
    ingest.delay(request.COOKIES)
    # ok: request-payload-argument
    ingest_pickled.delay(request.POST)
    # ok: request-payload-argument
    store(request.POST)


class Receive(View):
    def post(self, request):
        # expect: request-payload-argument
        ingest.delay(self.request.headers)


@shared_task(bind=True)
def resend(self):
    # ok: request-payload-argument
    ingest.delay(self.request.id)
