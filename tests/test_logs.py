"""The links that let people in are in no log and on no error page, whatever fails.

Addresses here fail as tests/failing_urls.py says, below the paths that hold a token.
"""

import copy
import http.client
import logging
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO
from logging.config import dictConfig

import pytest
from django.test import Client
from django.urls import path
from django.utils.log import DEFAULT_LOGGING

from tests.failing_urls import FAILURES, fail, handler400, handler403, handler404, handler500  # noqa: F401 - for Django
from tests.failing_urls import urlpatterns as site
from tools.production import HOST, ROOT, find_free_port

TOKEN = "s3ntinel-Token_0123456789-abcdefghijklmnopqr"[:43]
PATHS = ["en/confirm/{}/", "az/my-events/enter/{}/"]
KINDS = [*FAILURES, "429", "token"]


def fail_below(request, token, kind):
    if kind == "token":
        raise ValueError(f"no entry for {token}")
    return fail(request, "en", kind)


urlpatterns = [path(f"{address.format('<str:token>')}failing/<slug:kind>/", fail_below) for address in PATHS] + site


def addresses(token=TOKEN):
    """That fail in every way, and one that is not there."""
    for start in PATHS:
        yield from (f"/{start.format(token)}failing/{kind}/" for kind in KINDS)
        yield f"/{start.format(token)}nothing/"


# What is written


def ask(port, address):
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    connection.request("GET", address, headers={"Referer": f"http://localhost{address}"})
    assert connection.getresponse().status >= 400
    connection.close()


def wait_until_it_listens(port, server):
    while server.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=20):
            return
        time.sleep(0.05)
    pytest.fail(server.stdout.read())


def test_no_token_is_in_what_the_web_server_and_the_site_write():
    port = find_free_port()
    command = [sys.executable, "-m", "gunicorn", "tests.failing_site", "--bind", f"{HOST}:{port}"]
    command += ["--access-logfile", "-", "--log-level", "debug"]
    environment = os.environ | {"GUNICORN_CMD_ARGS": ""}
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_until_it_listens(port, server)
        for address in addresses():
            ask(port, address)
    finally:
        server.terminate()
        written = server.communicate(timeout=20)[0]

    assert "RuntimeError: as the test asked for" in written  # a traceback
    assert "ValueError: no entry for ***" in written
    assert "Internal Server Error: /en/confirm/***/failing/500/" in written
    assert '"GET /az/my-events/enter/***/failing/500/ HTTP/1.1" 500' in written  # the server's own line
    assert "s3ntinel" not in written


@pytest.fixture
def written(settings):
    """What the handlers of Django and of the site write, as they are set up for the public and with DEBUG on."""
    stream = StringIO()

    def record(*, debug):
        settings.DEBUG = debug
        for config in (DEFAULT_LOGGING, settings.LOGGING):
            handlers = copy.deepcopy(config["handlers"])
            for handler in handlers.values():
                if handler["class"] == "logging.StreamHandler":
                    handler["stream"] = stream
            dictConfig({**config, "handlers": handlers})
        return stream

    yield record
    dictConfig(DEFAULT_LOGGING)
    dictConfig(settings.LOGGING)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("debug", [False, True])
def test_no_token_is_in_what_the_site_writes(written, debug):
    stream = written(debug=debug)

    for address in addresses():
        Client(raise_request_exception=False).get(address)

    assert "Internal Server Error: /en/confirm/***/failing/500/" in stream.getvalue()
    assert ("Not Found: /az/my-events/enter/***/nothing/" in stream.getvalue()) == debug
    assert "s3ntinel" not in stream.getvalue()


@pytest.mark.parametrize(
    ("message", "arguments", "hidden"),
    [
        ("GET /az/confirm/abc/ HTTP/1.1", (), "GET /az/confirm/***/ HTTP/1.1"),
        ('"%s" %s', ("GET /ru/my-events/enter/abc HTTP/1.1", 200), '"GET /ru/my-events/enter/*** HTTP/1.1" 200'),
        ("%(r)s", {"r": "GET /tr//confirm//abc/?x=1"}, "GET /tr//confirm//***/?x=1"),
        ("No '%s' found", (TOKEN,), "No '***' found"),
        ("%d of /en/confirm/abc/", ("no number",), "%d of /en/confirm/***/ ('no number',)"),
        ("/pictures/ab-480.avif?key=ImFiIg:1w:abc", (), "/pictures/ab-480.avif?key=***"),
        # What is no token stays as it is.
        ("/en/my-events/5/confirm/", (), "/en/my-events/5/confirm/"),
        ("/en/my-events/enter/", (), "/en/my-events/enter/"),
        ("a_function_with_a_name_as_long_as_a_token_is", (), "a_function_with_a_name_as_long_as_a_token_is"),
    ],
)
def test_a_token_is_hidden_however_it_gets_into_a_message(message, arguments, hidden):
    stream = StringIO()
    logger = logging.Logger("sample")  # of nobody's, with a handler that knows nothing of tokens
    logger.addHandler(logging.StreamHandler(stream))

    logger.info(message, *([arguments] if isinstance(arguments, dict) else arguments))

    assert stream.getvalue() == hidden + "\n"


# What is answered


@pytest.mark.urls(__name__)
@pytest.mark.django_db
@pytest.mark.parametrize("address", [*addresses()])
def test_no_page_that_says_what_went_wrong_holds_a_token(address):
    answer = Client(raise_request_exception=False).get(address)

    assert answer.status_code >= 400
    assert "s3ntinel" not in answer.text
    assert "s3ntinel" not in str(answer.headers)
