# --- file: hooks/clients.py
import requests

http = requests.Session()


class Patient(requests.Session):
    def request(self, *args, **kwargs):
        return super().request(*args, timeout=5, **kwargs)
# --- file: hooks/tasks.py
import smtplib
import urllib.request
from urllib.request import urlopen

import httpx
import requests
from celery import Task, shared_task
from requests import get as fetch
from requests.adapters import HTTPAdapter

from . import clients

shared = requests.Session()
taught = requests.Session()
taught.mount("https://", HTTPAdapter())
patched = requests.session()
patched.request = with_timeout(patched.request)


@shared_task
def notify(url, body):
    # expect: request-without-timeout-in-task
    # fix: requests.post(url, json=body, timeout=30)
    requests.post(url, json=body)
    # expect: request-without-timeout-in-task
    # fix: requests.request("PUT", url, data=body, timeout=30,)
    requests.request("PUT", url, data=body,)
    # expect: request-without-timeout-in-task
    # fix: fetch(url, timeout=30)
    fetch(url, timeout=None)
    # expect: request-without-timeout-in-task
    # fix: headers={"Accept": "application/json"},  # or XML
    # fix: timeout=30,
    answer = requests.get(
        url,
        headers={"Accept": "application/json"},  # or XML
    )
    return answer.json()


@shared_task(bind=True)
def crawl(self, urls):
    with requests.Session() as session:
        for url in urls:
            # expect: request-without-timeout-in-task
            # fix: session.get(url, timeout=30)
            session.get(url)
    # expect: request-without-timeout-in-task
    # fix: [shared.head(url, timeout=30) for url in urls]
    [shared.head(url) for url in urls]

    def one(url):
        # expect: request-without-timeout-in-task
        # fix: return urlopen(url, None, timeout=30)
        return urlopen(url, None)

    return [one(url) for url in urls]


class Mail(Task):
    def run(self, host):
        # expect: request-without-timeout-in-task
        # fix: with smtplib.SMTP(host, 25, timeout=30) as server:
        with smtplib.SMTP(host, 25) as server:
            server.noop()
        # expect: request-without-timeout-in-task
        # fix: httpx.get(host, timeout=30)
        httpx.get(host, timeout=None)


# only the time limit ends it, which is worth less
@shared_task(time_limit=60)
def limited(url):
    # expect: request-without-timeout-in-task
    # fix: requests.get(url, timeout=30)
    requests.get(url)


@shared_task
def well(url, host, how, session):
    # ok: request-without-timeout-in-task
    requests.get(url, timeout=10)
    # ok: request-without-timeout-in-task
    requests.get(url, timeout=(3, 30))
    # ok: request-without-timeout-in-task
    requests.get(url, **how)
    # ok: request-without-timeout-in-task
    httpx.get(url)
    # ok: request-without-timeout-in-task
    urllib.request.urlopen(url, None, 10)
    # ok: request-without-timeout-in-task
    smtplib.SMTP(host, 25, "localhost", 10)
    # ok: request-without-timeout-in-task
    session.get(url)
    # ok: request-without-timeout-in-task
    taught.get(url)
    # ok: request-without-timeout-in-task
    patched.get(url)
    # ok: request-without-timeout-in-task
    clients.Patient().get(url)
    # ok: request-without-timeout-in-task
    clients.http.get(url)
    # ok: request-without-timeout-in-task
    session = requests.Session()


def view(request):
    # ok: request-without-timeout-in-task
    return requests.get(request.GET["url"])


@shared_task
def follow(urls):
    return [found for url in urls for found in _links(url)]


@shared_task
def probe(url):
    _head(url)
    ping(url)
    _callback(url)
    register(_callback)


def _links(url):
    yield _head(url)


def _head(url):
    # only tasks come here
    # expect: request-without-timeout-in-task
    # fix: return requests.head(url, timeout=30)
    return requests.head(url)


def ping(url):
    # ok: request-without-timeout-in-task
    return requests.head(url)


def _callback(url):
    # ok: request-without-timeout-in-task
    return requests.head(url)


def ping_view(request):
    return ping(request.GET["url"])
