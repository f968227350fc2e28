"""What else is near an event."""

import re
from datetime import UTC, date, datetime

import pytest

from events import moderation
from events.models import Status
from tests.factories import BERLIN, PARIS, make_city, make_event, make_moderator
from tests.reading import page_of

pytestmark = pytest.mark.django_db

POTSDAM = {"id": 2852458, "name": "Potsdam", "country": "DE", "latitude": 52.4, "longitude": 13.07}
HAMBURG = {"id": 2911298, "name": "Hamburg", "country": "DE", "latitude": 53.55, "longitude": 9.99}


def nearby_of(page):
    """Titles and distances under the event, in their order."""
    return re.findall(
        r"<li>\s*<article.*?<h3><a [^>]*>([^<]*)</a>.*?</article>\s*(?:<p>([^<]*)</p>)?</li>", page, re.DOTALL
    )


def test_other_events_are_shown_the_nearest_first_with_their_distance():
    berlin, potsdam, hamburg, paris = (make_city(**city) for city in (BERLIN, POTSDAM, HAMBURG, PARIS))
    event = make_event(place=berlin)
    farther = make_city(id=2759794, name="Amsterdam", country="NL", latitude=52.37, longitude=4.89)
    make_event(title="As far north but far", place=farther, country="NL", city="Amsterdam")
    make_event(title="Far", place=paris, country="FR", city="Paris")
    make_event(title="Third", place=hamburg, city="Hamburg")
    make_event(title="Second", place=potsdam, city="Potsdam", start_date=date(2026, 12, 30))
    make_event(title="First", place=berlin)

    assert nearby_of(page_of(event)) == [
        ("First", ""),
        ("Second", "27 km"),
        ("Third", "256 km"),
    ]


def test_no_distance_tells_where_a_hidden_address_is():
    potsdam = make_city(**POTSDAM)
    event = make_event(place=make_city(), address_visibility="city_only", latitude=52.9, longitude=13.9)
    make_event(place=potsdam, city="Potsdam", address_visibility="on_request", latitude=52.1, longitude=12.5)

    assert [distance for _title, distance in nearby_of(page_of(event))] == ["27 km"]


def test_only_what_is_published_and_to_come_is_near(clock):
    event = make_event(place=make_city())
    make_event(title="Waiting", place=make_city(), status=Status.PENDING)
    make_event(title="Cancelled", place=make_city(), condition="cancelled")
    make_event(title="Of another year", place=make_city(), start_date=date(2025, 12, 27))
    make_event(title="Over", place=make_city(), start_date=date(2026, 12, 20))
    make_event(title="To come", place=make_city(), start_date=date(2026, 12, 28))
    clock.move_to(datetime(2026, 12, 21, tzinfo=UTC))

    assert [title for title, _distance in nearby_of(page_of(event))] == ["To come"]


def test_what_is_published_is_near_at_once():
    event = make_event(place=make_city())
    waiting = make_event(title="New", place=make_city(**POTSDAM), city="Potsdam", status=Status.PENDING)
    assert nearby_of(page_of(event)) == []

    moderation.publish(waiting, by=make_moderator("DE"))

    assert nearby_of(page_of(event)) == [("New", "27 km")]


def test_what_is_withdrawn_is_near_no_more():
    event, other = make_event(place=make_city()), make_event(place=make_city())
    assert len(nearby_of(page_of(event))) == 1

    moderation.withdraw(other, by=None)

    assert nearby_of(page_of(event)) == []


def test_near_an_online_event_is_what_comes_first_in_its_country():
    event = make_event(format="online", city="", online_url="https://example.org/live")
    make_event(title="Second", start_date=date(2026, 12, 30))
    make_event(title="First", start_date=date(2026, 12, 20))
    make_event(title="Abroad", country="FR", city="Paris")

    page = page_of(event)
    assert "In the same country" in page
    assert nearby_of(page) == [("First", ""), ("Second", "")]


def test_no_more_than_four_events_are_near():
    for _number in range(8):
        event = make_event(place=make_city())

    assert len(nearby_of(page_of(event))) == 4


def test_near_the_line_where_the_date_changes_the_other_side_is_near():
    suva = make_city(id=1, name="Taveuni", country="FJ", latitude=-16.9, longitude=179.9)
    other = make_city(id=2, name="Matei", country="FJ", latitude=-16.9, longitude=-179.9)
    event = make_event(place=suva, country="FJ", city="Taveuni")
    make_event(place=other, country="FJ", city="Matei")

    assert [distance for _title, distance in nearby_of(page_of(event))] == ["21 km"]
