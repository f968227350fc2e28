"""The pages that say what went wrong."""

import errno
import re

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory
from django.utils.translation import override

from events import moderation
from events.models import Status
from events.views import errors, styleguide
from tests.factories import make_event, make_moderator
from tests.reading import head_links_of, meta_of


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "wanted", "language"),
    [
        ("/az/nothing/", "ru", "az"),
        ("/nothing", "ru,en;q=0.5", "ru"),
        ("/xx/", "fr", "en"),
        ("/tr/events/x/", "", "tr"),
    ],
)
def test_a_page_that_is_not_there_says_so_in_the_visitors_language_without_the_database(
    visitor, address, wanted, language
):
    answer = visitor.get(address, headers={"accept-language": wanted})

    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert f'action="/{language}/events/"' in answer.text
    assert meta_of(answer.text, "robots") == ["noindex"]
    assert head_links_of(answer.text, "canonical") == head_links_of(answer.text, "alternate") == {}


def test_a_request_that_cannot_be_understood_gets_an_answer_in_words(visitor):
    answer = visitor.get("/az/events/?" + "&".join("abcdefghij"[number % 10] for number in range(1001)))

    assert answer.status_code == 400
    assert '<html lang="az"' in answer.text
    assert "This request cannot be understood" in answer.text
    assert meta_of(answer.text, "robots") == ["noindex"]


def test_an_error_before_the_language_is_chosen_is_not_said_in_that_of_the_last_visitor(visitor, settings):
    visitor.get("/ru/about/")
    settings.SECURE_SSL_REDIRECT = True  # asks for the host before anything else does

    answer = Client().get("/az/about/", headers={"host": "other.example"})

    assert answer.status_code == 400
    assert '<html lang="az"' in answer.text


@pytest.mark.django_db
def test_an_event_that_was_taken_back_says_so(visitor):
    event = make_event(status=Status.PENDING)
    moderation.publish(event, by=make_moderator("DE"))
    moderation.withdraw(event, by=None)

    answer = visitor.get(f"/en/events/{event.pk}/")

    assert (answer.status_code, meta_of(answer.text, "robots")) == (410, ["noindex"])
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert head_links_of(answer.text, "canonical") == {}


def fail_with(error):
    def refuse(*query):
        raise error

    return connection.execute_wrapper(refuse)


@pytest.mark.django_db
def test_a_fault_of_ours_is_said_in_words_with_files_that_are_there(visitor):
    with fail_with(RuntimeError("as the test asked for")):
        answer = visitor.get("/health/ready", headers={"accept-language": "az"})

    assert answer.status_code == 500
    assert '<html lang="az">' in answer.text
    assert "The fault is ours" in answer.text
    files = re.findall(r'(?:href|src)="(/static/[^"]*)"', answer.text)
    assert len(files) == 6
    for file in files:
        found = visitor.get(file)
        found.close()
        assert found.status_code == 200, file


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [OperationalError("could not connect"), InterfaceError("closed"), OSError(errno.ENOSPC, "no space left")],
    ids=["database away", "database closed", "disk full"],
)
def test_what_will_pass_is_said_to_pass(visitor, error):
    with fail_with(error):
        answer = visitor.get("/health/ready", headers={"accept-language": "ru"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert '<html lang="ru">' in answer.text
    assert "We will be back in a moment" in answer.text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in 1 minute."), (61, "in 2 minutes."), (3540, "in 59 minutes."), (3541, "in 1 hour."), (7300, "in 3 hours.")],
)
def test_whoever_asked_too_often_is_told_how_long_to_wait(seconds, words):
    answer = errors.too_many(RequestFactory().get("/en/submit/"), retry_after=seconds)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(seconds))
    assert f"Try again {words}" in answer.text


@pytest.mark.parametrize("status", styleguide.ERRORS.keys() - {410})
def test_a_page_that_says_what_went_wrong_is_kept_nowhere(status):
    with override("en"):
        answer = styleguide.ERRORS[status](RequestFactory().get("/en/"))

    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
