"""Pages are joined from stored pieces: what a visitor sees is never older than the last decision."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import moderation
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
    assert pages_with('data-city="City 1"', among=["/en/"]) == []
    make_many(2)

    assert pages_with('data-city="City 1"', among=["/en/"]) == ["/en/"]


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


def test_a_page_is_compressed_for_browsers_that_ask_for_it():
    plain = Client().get("/en/")
    packed = Client().get("/en/", headers={"accept-encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert "Accept-Encoding" in packed.headers["Vary"]


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
