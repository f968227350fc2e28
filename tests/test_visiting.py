"""Every public address, whatever is asked of it."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.wsgi import application
from events import images
from tests import pictures
from tests.factories import make_city, make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client()


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "/en/events/99999999999999999999999/",
        "/en/events/0/x/",
        "/xx/",
        "/en/events/?page=zzz",
        "/en/events/?page=-1",
        "/en/events/?q=%00%ff&city=%F0%9F%98%80",
        "/en/events/?edition=999999999999999999999",
        "/en/events/?edition=2026&edition=x",
        "/en/events/?date_from=9999-12-31&date_to=0001-01-01",
        "/en/events/?q=" + "x" * 5000,
        "/en/events/?q=%25_%5C%27%22",
        "/en/confirm/%00/",
        "/pictures/a-99999999999999999999999999.avif",
    ],
)
def test_no_address_is_an_error_of_ours(visitor, address):
    assert visitor.get(address).status_code in {200, 404}


@pytest.mark.parametrize(("wanted", "language"), [("ru,en;q=0.5", "ru"), ("az", "az"), ("fr", "en"), ("", "en")])
def test_the_door_leads_to_the_best_language(visitor, wanted, language):
    answer = visitor.get("/", headers={"accept-language": wanted})

    assert answer.headers["Location"] == f"/{language}/"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("address", ["/en/", "/en/events/", "/en/countries/de/", "/en/submit/sent/"])
def test_pages_that_only_show_refuse_to_be_posted_to(visitor, address):
    assert visitor.post(address).status_code == 405


def test_the_home_page_asks_the_database_no_more_for_many_events_than_for_few(visitor):
    for number in range(30):
        make_event(city=f"City {number}", place=make_city(id=number + 100, name=f"City {number}"))

    with CaptureQueriesContext(connection) as queries:
        assert visitor.get("/en/").status_code == 200

    assert len(queries) <= 4, [query["sql"] for query in queries]


# On the wire


def test_a_page_is_compressed_for_browsers_that_ask_for_it(visitor):
    plain = visitor.get("/en/")
    packed = visitor.get("/en/", headers={"accept-encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_picture_is_not_compressed_a_second_time(visitor):
    event = make_event(image=images.store(images.clean(pictures.photo())), image_alt="A stage")
    address = reverse("picture", args=[event.image, 480, "avif"])

    answer = visitor.get(address, headers={"accept-encoding": "gzip, br"})

    assert b"".join(answer.streaming_content)[4:12] == b"ftypavif"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("charset", ["rot13", "hex", "idna", "raw_unicode_escape", "utf-16", "nonsense"])
def test_a_header_that_names_another_charset_does_no_harm(charset, monkeypatch):
    # The connection is the test's, which the end of a request must not close.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    asked = {"CONTENT_TYPE": f"text/plain; Charset={charset}", "QUERY_STRING": "q=%5cud800&page=%5cud800"}
    environ = RequestFactory().get("/en/events/").environ | asked
    statuses = []

    b"".join(application(environ, lambda status, headers: statuses.append(status)))

    assert statuses == ["200 OK"]
