"""Pages are joined from stored pieces: what a visitor sees is never older than the last decision."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.cache.backends.dummy import DummyCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import moderation, pieces
from events.forms.search import SearchForm
from events.models import Event, Status, read_version
from tests.factories import make_city, make_event, make_moderator

pytestmark = pytest.mark.django_db

PAGES = ["/en/", "/en/countries/de/", "/en/events/", "/en/around-the-clock/"]


def pages_with(words, *, among=PAGES):
    """The pages on which a visitor reads `words`."""
    return [address for address in among if words in Client().get(address).text]


@pytest.fixture
def event():
    """Waits for a decision, beside a published one for which all pieces are stored."""
    make_event(title="Neighbour", place=make_city())
    waiting = make_event(title="Evening of sentinels", place=make_city(), status=Status.PENDING)
    assert pages_with("Evening of sentinels") == []
    return waiting


def test_a_published_event_is_on_every_page_at_once(event):
    moderation.publish(event, by=make_moderator("DE"))

    assert pages_with("Evening of sentinels", among=PAGES[:3]) == PAGES[:3]
    assert 'aria-label="Germany, 2 events"' in Client().get("/en/").text


def test_a_withdrawn_event_leaves_every_page_at_once(event):
    moderation.publish(event, by=make_moderator("DE"))
    pages_with("Evening of sentinels")
    moderation.withdraw(event, by=None)

    assert pages_with("Evening of sentinels") == []


def test_a_cancelled_event_is_marked_on_every_page_at_once_and_a_restored_one_is_not(event):
    moderation.publish(event, by=make_moderator("DE"))
    assert pages_with("Cancelled", among=PAGES[:3]) == []
    moderation.cancel(event, by=None)
    assert pages_with("Cancelled", among=PAGES[:3]) == PAGES[:3]
    moderation.restore(event, by=None)

    assert pages_with("Cancelled", among=PAGES[:3]) == []


def test_events_added_in_bulk_are_on_every_page_at_once(event):
    place = make_city(id=1, name="Paris", country="FR")
    fields = {"start_date": event.start_date, "zone": event.zone, "organiser": event.organiser}
    many = Event(
        title="Evening in bulk", kind="concert", languages="az", country="FR", city="Paris", place=place, **fields
    )
    assert pages_with('data-city="Paris"', among=["/en/"]) == []

    moderation.add_all([many], status=Status.PUBLISHED)

    assert pages_with('data-city="Paris"', among=["/en/"]) == ["/en/"]


def test_an_event_that_ended_is_over_for_whoever_comes_in_the_next_hour(event, clock):
    moderation.publish(event, by=make_moderator("DE"))  # in Berlin from 19:00 on, so that it is over at 22:00
    pages = ["/en/countries/de/", "/en/events/"]
    clock.move_to(datetime(2026, 12, 27, 20, 50, tzinfo=UTC))
    assert pages_with("Already over", among=pages) == []

    clock.move_to(datetime(2026, 12, 27, 21, 5, tzinfo=UTC))
    assert pages_with("Already over", among=pages) == pages


def test_the_days_to_go_are_those_of_the_day_and_not_of_the_first_visitor(event, clock):
    for day, to_go in ((22, 39), (23, 38), (24, 37)):
        clock.move_to(datetime(2026, 11, day, 12, tzinfo=UTC))
        assert f'data-days-to="2026-12-31">{to_go}<' in Client().get("/en/").text


def test_after_an_update_of_the_site_no_piece_of_the_release_before_is_shown(monkeypatch):
    assert pieces.remember("sample", version=1, make=lambda: "before") == "before"
    assert pieces.remember("sample", version=1, make=lambda: "after") == "before"

    monkeypatch.setattr(pieces, "_release", lambda: "next")
    assert pieces.remember("sample", version=1, make=lambda: "after") == "after"


def test_a_release_is_known_by_its_templates_and_by_what_the_site_says_of_itself(settings, tmp_path):
    (tmp_path / "templates").mkdir()
    settings.BASE_DIR, template = tmp_path, tmp_path / "templates" / "page.html"
    found = set()
    for words, address in (("one", "https://a.example"), ("two", "https://a.example"), ("two", "https://b.example")):
        template.write_text(words)
        settings.SITE_URL = address
        found.add(pieces._release.__wrapped__())

    assert len(found) == 3


@pytest.mark.parametrize("verb", [moderation.return_, moderation.decline, moderation.spam])
def test_a_decision_that_no_visitor_sees_leaves_the_stored_pieces_in_use(event, verb):
    before = read_version()
    verb(event, by=make_moderator("DE"), reason="Sample reason")

    assert read_version() == before


def test_a_move_that_is_refused_changes_nothing_for_visitors(event):
    before = read_version()
    with pytest.raises(moderation.NotAllowed):
        moderation.cancel(event, by=None)

    assert read_version() == before


def test_each_language_has_its_own_pieces(event):
    for _visit in ("first", "from the store"):
        pages = {language: Client().get(f"/{language}/").text for language in ("az", "en", "ru", "tr")}
        for language, country in {"az": "Almaniya", "en": "Germany", "ru": "Германия", "tr": "Almanya"}.items():
            assert [name for name in pages if country in pages[name]] == [language]


def test_the_second_visitor_sees_what_the_first_saw(event):
    for address in PAGES:
        assert Client().get(address).content == Client().get(address).content, address


# What visitors ask for is no part of what is stored


def stored_addresses():
    return set(cache._cache)


@pytest.mark.parametrize("name", SearchForm.base_fields)
@pytest.mark.parametrize("blank", [" ", "\x1c", "\u3000"])
def test_blanks_in_the_address_ask_for_nothing_and_spoil_no_page_for_others(event, name, blank):
    moderation.publish(event, by=make_moderator("DE"))

    for page in (Client().get("/en/events/", {name: blank}).text, Client().get("/en/events/").text):
        assert "2 events found" in page
        assert "aria-invalid" not in page


def test_questions_of_visitors_do_not_fill_the_store(event):
    Client().get("/en/events/")
    before = stored_addresses()
    for year in range(1991, 2027):
        Client().get("/en/events/", {"edition": year, "country": "DE", "kind": "concert"})
    for words in ("one", "two", "a:b c"):
        Client().get("/en/events/", {"q": words, "city": words, "country": words, "region": words, words: words})
        Client().get("/en/", {"region": words})

    chosen = {"country": "DE", "kind": "concert"}
    new = [address for address in stored_addresses() - before if ":events/_filter.html:" in address]
    assert len(new) <= len(chosen) + len([name for name in SearchForm.base_fields if name not in chosen])


def test_what_nobody_asks_for_any_more_leaves_the_store(event, clock):
    Client().get("/en/")
    assert stored_addresses()
    clock.shift(pieces.KEPT_FOR + 1)

    assert not any(cache.has_key(key.split(":", 2)[2]) for key in stored_addresses())


class Away(DummyCache):
    """A store that cannot be reached."""

    def get(self, *arguments, **options):
        raise ConnectionError

    set = get


def test_pages_are_shown_while_the_store_cannot_be_reached(event, settings, monkeypatch, caplog):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Away"}}
    monkeypatch.setitem(pieces._pause, "until", 0.0)
    moderation.publish(event, by=make_moderator("DE"))

    assert pages_with("Evening of sentinels", among=PAGES[:3]) == PAGES[:3]
    assert len(caplog.records) == 1  # and said once, not for each piece


# What pages ask of the database, with few events and with many

MOST_QUERIES = {"home": 6, "country": 5, "listing": 5, "event": 5}


def make_many(number):
    """Published events in a hundred cities of ten countries, quickly."""
    countries = ["DE", "FR", "TR", "US", "GB", "RU", "UA", "IT", "ES", "PL"]
    places = [make_city(id=index, name=f"City {index}", country=countries[index % 10]) for index in range(100)]
    pattern = make_event(status=Status.PENDING)
    fields = {field.name: getattr(pattern, field.name) for field in Event._meta.concrete_fields if field.name != "id"}
    events = [
        Event(**{**fields, "title": f"Evening {n}", "place": place, "city": place.name, "country": place.country})
        for n in range(number)
        for place in [places[n % 100]]
    ]
    return moderation.add_all(events, status=Status.PUBLISHED)


def queries_of(address):
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(address).status_code == 200
    return len(queries)


@pytest.fixture(params=[100, 10_000])
def queries(request):
    """How often each kind of page asks the database: on the first visit after a change, and on the next."""
    event = make_many(request.param)[0]
    addresses = {"home": "/en/", "country": "/en/countries/de/", "listing": "/en/events/"}
    addresses["event"] = event.get_absolute_url()
    return {kind: (queries_of(address), queries_of(address)) for kind, address in addresses.items()}


def test_no_page_asks_the_database_more_often_than_it_may(queries):
    assert {kind: max(counts) for kind, counts in queries.items() if max(counts) > MOST_QUERIES[kind]} == {}
    assert all(next_visit <= first for first, next_visit in queries.values())
