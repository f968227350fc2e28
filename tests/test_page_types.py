"""That the list of page types is whole, and that each page answers as it should in every language."""

import pytest
from django.conf import settings as site_settings
from django.test import Client

from events.urls import pages
from events.views import styleguide
from tests.page_types import FAILURES, PAGES, WITHOUT_EVENTS, addresses, answer, find_rows, make_events

REDIRECTS = {"event-short"}  # doors that show no page of their own
POSTS = {"leave", "my-event-confirm", "my-event-take-back"}
FILES = {"cities", "my-data"}


def test_every_page_of_the_site_is_in_the_list_of_page_types():
    assert {path.name for path in pages} - REDIRECTS - POSTS - FILES == {page.door for page in PAGES} - {"errors"}


def test_every_error_page_is_in_the_list_of_page_types():
    assert {page.status for page in PAGES + FAILURES if page.status != 200} == styleguide.ERRORS.keys()


def test_page_types_have_names_of_their_own():
    names = [page.name for page in PAGES + WITHOUT_EVENTS + FAILURES]

    assert len(names) == len(set(names))


@pytest.mark.django_db
@pytest.mark.parametrize("language", dict(site_settings.LANGUAGES))
def test_every_page_answers_in_every_language(language, settings):
    settings.ROOT_URLCONF = "tests.failing_urls"
    visitor = Client(raise_request_exception=False)
    empty = [*addresses(WITHOUT_EVENTS, {}, language=language)]
    answers = [(page, visitor.get(address)) for page, address in empty]
    make_events()
    filled = addresses(PAGES + FAILURES, find_rows(), language=language)
    answers += [(page, answer(visitor, page, address)) for page, address in filled]

    for page, response in answers:
        assert response.status_code == page.status, page.name
        assert f'<html lang="{language}"' in response.text, page.name
