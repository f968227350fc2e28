"""The frame of all pages, the texts, and the style guide."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings as site_settings
from django.template import Context, Template
from django.test import Client

from events import access, images
from events.forms import picture
from events.management.commands import purge
from events.models import Event, Kind, Status
from events.views import site
from tests.factories import make_event
from tests.reading import head_links_of, meta_of

LANGUAGES = dict(site_settings.LANGUAGES)
TEXTS = ["about", "guide", "privacy"]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


# What a page tells of itself


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["", "events/", "countries/de/", "about/", "guide/", "privacy/", "submit/", "editions/"]
)
def test_a_page_says_once_what_it_is_and_where_in_each_language(visitor, path):
    page = visitor.get(f"/ru/{path}?region=x&q=%22").text

    assert [len(meta_of(page, name)) for name in ("description", "og:title", "og:description", "og:url")] == [1] * 4
    assert len(meta_of(page, "description")[0]) > 40
    assert meta_of(page, "og:title")[0] == unescape(re.search("<title>(.*?)</title>", page)[1])
    assert head_links_of(page, "canonical") == {"": f"http://localhost/ru/{path}"}
    assert head_links_of(page, "alternate") == {
        **{code: f"http://localhost/{code}/{path}" for code in LANGUAGES},
        "x-default": f"http://localhost/en/{path}" if path else "http://localhost/",
    }


@pytest.mark.django_db
def test_the_second_page_of_all_events_is_a_page_of_its_own_and_a_search_is_not(visitor):
    for _number in range(30):
        make_event()

    assert head_links_of(visitor.get("/en/events/?page=2").text, "canonical")[""].endswith("/en/events/?page=2")
    for query in ("?page=1", "?q=sample&page=2", "?page=x", "?kind=concert"):
        assert head_links_of(visitor.get(f"/en/events/{query}").text, "canonical")[""].endswith("/en/events/"), query


@pytest.mark.django_db
def test_what_an_organiser_wrote_cannot_break_out_of_the_head(visitor):
    event = make_event(title="\"><b>Bold</b> & 'more'")

    page = visitor.get(event.get_absolute_url()).text

    assert "<b>Bold" not in page
    assert meta_of(page, "og:title")[0].startswith("\"><b>Bold</b> & 'more'")


def test_quotation_marks_of_a_translation_stay_inside_the_attribute():
    page = Template('{% load frame %}{% one_line as said %}Say\n  "hello"{% endone_line %}<meta content="{{ said }}">')

    assert page.render(Context()) == '<meta content="Say &quot;hello&quot;">'


@pytest.mark.django_db
def test_the_language_switch_keeps_the_question_and_escapes_it(visitor):
    page = visitor.get("/en/events/", {"q": '"><script>alert(1)</script>', "page": "2"}).text
    raw = visitor.get("/en/events/", QUERY_STRING='q="><script>alert(1)</script>').text

    assert 'href="/az/events/?q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E&amp;page=2"' in page
    assert "<script>alert" not in page + raw


@pytest.mark.parametrize("path", ["about", "guide", "privacy"])
def test_the_current_page_is_marked_wherever_it_is_named(visitor, path):
    page = visitor.get(f"/az/{path}/").text

    marked = re.findall(r'<a href="([^"]*)"[^>]*aria-current="page"', page)
    assert set(marked) == {f"/az/{path}/"}
    assert re.findall(r'hreflang="(\w+)" aria-current="true"', page) == ["az"]


@pytest.mark.django_db
def test_the_token_of_a_letter_stands_in_the_button_and_nowhere_else(visitor):
    event = make_event(status=Status.UNCONFIRMED, website="https://example.org/")
    token = access.make_confirmation(event, now=event.created_at)

    page = visitor.get(f"/en/confirm/{token}/").text

    assert page.count(token) == 1
    assert page.count(f'action="/en/confirm/{token}/"') == 1
    assert token not in page[: page.index("<body")]
    assert meta_of(page, "robots") == ["noindex"]
    assert meta_of(page, "referrer") == ["no-referrer"]


# The texts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_read_without_the_database_and_its_contents_lead_to_its_sections(visitor, name, language):
    page = main_of(visitor.get(f"/{language}/{name}/").text)

    contents = re.findall(r'<li><a href="#([\w-]+)"', page)
    assert len(contents) >= 4
    assert contents == re.findall(r'<h2 id="([\w-]+)"', page)[1:]


def test_the_guide_names_every_kind_of_event(visitor):
    page = unescape(visitor.get("/en/guide/").text)

    assert not [kind.label for kind in Kind if f"<li>{kind.label}</li>" not in page]


def test_what_the_texts_promise_is_what_the_site_does(visitor):
    privacy, guide = (main_of(visitor.get(f"/en/{name}/").text) for name in ("privacy", "guide"))

    assert purge.UNCONFIRMED_FOR == access.CONFIRM_WITHIN == timedelta(days=7)
    assert "Seven days, then all of it is deleted." in privacy
    assert "valid for seven days" in guide
    assert timedelta(days=2 * 365) == purge.CONTACTS_FOR
    assert "Until two years after the event" in privacy
    assert timedelta(days=90) == purge.REPORTS_FOR
    assert "90 days after a moderator dealt with it, and not longer than two years after the event." in privacy
    assert (timedelta(days=1), timedelta(days=30)) == (purge.SENT_LETTERS_FOR, purge.FAILED_LETTERS_FOR)
    assert "One day after they were sent; 30 days if they could not be delivered." in privacy
    assert picture.KEPT_FOR + timedelta(days=1) == timedelta(days=2)
    assert "Two to three days." in privacy
    assert site_settings.SESSION_COOKIE_AGE == 12 * 3600
    assert "It ends after twelve hours." in privacy
    assert (images.MAX_BYTES, images.MAX_PIXELS) == (8 * 1024**2, 40_000_000)
    assert "at most 8 MB and 40 megapixels" in guide


def test_the_operator_is_named_and_can_be_written_to(visitor):
    page = visitor.get("/en/privacy/").text

    assert "Test Operator" in page
    assert '<a href="mailto:contact@example.org">' in main_of(page)


# The style guide


@pytest.fixture
def debugging(settings):
    """DEBUG is on; what the frame remembers is of this test alone, for then static files have their plain names."""
    settings.DEBUG = True
    site.remember_frame.cache_clear()
    yield
    site.remember_frame.cache_clear()


@pytest.mark.parametrize("address", ["/styleguide/", "/styleguide/errors/404/", "/en/styleguide/"])
def test_visitors_of_a_public_site_see_no_style_guide(visitor, address):
    answer = visitor.get(address)

    assert answer.status_code == 404
    assert "Style guide" not in answer.text


@pytest.mark.django_db
@pytest.mark.usefixtures("debugging")
def test_the_style_guide_shows_every_state_of_an_event_and_stores_none(visitor):
    page = visitor.get("/styleguide/").text

    for word in ("Cancelled", "Postponed", "Sample", "Online", "This needs another look", "12.86"):
        assert word in page, word
    assert "too little" not in page
    assert not Event.objects.exists()


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
@pytest.mark.usefixtures("debugging")
def test_the_style_guide_leads_to_every_error_page(visitor, status):
    assert visitor.get(f"/styleguide/errors/{status}/").status_code == status
