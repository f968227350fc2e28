"""The page of an event and its card: what, when, where, how to go."""

import re
from datetime import UTC, date, datetime, time
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import moderation
from events.geo import countries
from tests.factories import make_city, make_event
from tests.reading import links_of, page_of, query_of, text_of

pytestmark = pytest.mark.django_db


def title_of(page):
    return unescape(re.search("<title>(.*?)</title>", page, re.DOTALL)[1])


def box_of(page, heading):
    """What stands in the box under a heading."""
    return next(box for box in page.split('<section class="box')[1:] if heading in box).split("</section>")[0]


# When


def test_an_event_tells_local_time_with_zone_and_the_time_in_baku():
    page = page_of(make_event(start_time=time(19, 0), end_date=date(2026, 12, 28), end_time=time(1, 30)))

    assert 'datetime="2026-12-27T19:00:00+01:00"' in page
    assert 'datetime="2026-12-28T01:30:00+01:00"' in page
    assert 'datetime="2026-12-27T22:00:00+04:00"' in page
    assert "Sunday, 27 December 2026" in page
    assert "Berlin (UTC+1)" in page


def test_an_event_past_midnight_names_the_day_on_which_it_ends():
    night = make_event(start_date=date(2026, 12, 31), start_time=time(22), end_date=date(2027, 1, 1), end_time=time(2))
    evening = make_event(start_date=date(2026, 12, 31), end_date=date(2026, 12, 31), end_time=time(22))

    assert "Thursday, 31 December 2026 22:00 – 02:00, Fri 1 January" in text_of(page_of(night))
    assert "Thursday, 31 December 2026 19:00 – 22:00 Local time" in text_of(page_of(evening))


def test_baku_time_names_the_day_where_it_is_another():
    page = page_of(make_event(start_time=time(22, 30)))

    assert "Baku time 01:30, Mon 28 December" in text_of(page)


def test_an_event_in_baku_tells_the_time_once():
    page = page_of(make_event(country="AZ", city="Bakı", zone="Asia/Baku"))

    assert "Baku time" not in page
    assert "Baku (UTC+4)" in page


def test_an_event_of_whole_days_tells_dates_and_no_clock():
    event = make_event(start_time=None, end_date=date(2026, 12, 29))

    box = text_of(box_of(page_of(event), "When"))
    assert "Sunday, 27 December 2026 – Tuesday, 29 December 2026 All day" in box
    assert "Baku time" not in box
    assert "Your time" not in box


def test_a_reported_event_says_that_the_hour_is_not_known():
    event = make_event(start_date=date(2024, 12, 27), start_time=None, source_url="https://example.org/report")

    page = page_of(event)
    assert "The date is that of the report; the hour is not known." in page
    assert "data-starts" not in page
    assert "Add to calendar" not in page


def test_the_page_and_the_card_tell_instants_so_that_no_stored_page_is_wrong():
    known = make_event(end_date=date(2026, 12, 27), end_time=time(21))
    unknown = make_event()

    for page in (page_of(known), Client().get("/en/events/").text):
        assert 'data-starts="2026-12-27T19:00:00+01:00" data-over="2026-12-27T21:00:00+01:00"' in page
    for page in (page_of(unknown), Client().get("/en/events/").text):
        assert 'data-starts="2026-12-27T19:00:00+01:00" data-over="2026-12-27T22:00:00+01:00"' in page


def test_the_page_is_the_same_at_every_minute(clock):
    event = make_event()
    earlier = page_of(event)
    clock.move_to(datetime(2026, 12, 27, 18, 30, tzinfo=UTC))
    cache.clear()

    assert page_of(event) == earlier


def test_dates_are_in_each_languages_own_form():
    event = make_event()

    assert "27 dekabr 2026, bazar" in page_of(event, "az")
    assert "27 декабря 2026, воскресенье" in page_of(event, "ru")
    assert "27 Aralık 2026, Pazar" in page_of(event, "tr")


# What does not take place


def test_a_cancelled_event_is_marked_wherever_it_is_shown():
    event = make_event()
    moderation.cancel(event, by=None)

    for address in (event.get_absolute_url(), "/en/events/", "/en/countries/de/", "/en/"):
        assert "Cancelled" in Client().get(address).text, address


@pytest.mark.parametrize(("verb", "word"), [("cancel", "Cancelled"), ("postpone", "Postponed")])
def test_what_does_not_take_place_says_so_first_and_offers_no_calendar(verb, word):
    event = make_event(title="Shown evening")
    getattr(moderation, verb)(event, by=None)
    page = page_of(event)

    assert title_of(page).startswith(f"{word}: Shown evening · ")
    assert page.index(f"<strong>{word}.</strong>") < page.index("<h1>")
    assert '<article class="event off"' in page
    assert "Add to calendar" not in page
    assert "data-starts" not in page


# What and where


def test_the_title_of_the_page_is_event_city_and_site():
    assert title_of(page_of(make_event(title="Gecə"))) == "Gecə · Berlin · Solidarity Day of World Azerbaijanis"


def test_the_page_describes_itself_in_one_sentence():
    page = page_of(make_event(organiser='Sample "House" & Co'))

    described = unescape(re.search('<meta name="description" content="([^"]*)"', page)[1])
    assert described == 'Concert: Sunday, 27 December 2026, 19:00, Berlin, Germany. Held by: Sample "House" & Co'


def test_a_public_address_leads_to_its_point_on_the_map():
    exact = {"latitude": 52.51631, "longitude": 13.37777}
    page = page_of(make_event(place=make_city(), venue="Sample House", address="Sample Street 12", **exact))

    assert "Sample House" in page
    address = links_of(page)["Show on OpenStreetMap"]
    assert address == "https://www.openstreetmap.org/?mlat=52.51631&mlon=13.37777#map=17/52.51631/13.37777"


@pytest.mark.parametrize("is_known", [True, False])
def test_a_public_address_without_a_point_is_searched_on_the_map(is_known):
    place, middle = (make_city(), (52.52, 13.41)) if is_known else (None, countries.point("DE"))
    found = dict(zip(("latitude", "longitude"), middle, strict=True))
    page = page_of(make_event(place=place, address="Sample Street 12", **found))

    assert query_of(links_of(page)["Show on OpenStreetMap"]) == {"query": "Sample Street 12, Berlin, Germany"}


@pytest.mark.parametrize("visibility", ["city_only", "on_request"])
def test_a_hidden_address_leads_to_the_city_alone(visibility):
    hidden = {"venue": "Sentinel", "address": "Sentinel", "latitude": 52.424242, "longitude": 13.434343}
    page = page_of(make_event(place=make_city(), address_visibility=visibility, **hidden))

    assert links_of(page)["Show on OpenStreetMap"] == "https://www.openstreetmap.org/#map=12/52.5200/13.4100"
    assert ("Ask the organiser for the place." in page) == (visibility == "on_request")
    assert "Sentinel" not in page


def test_an_online_event_has_a_link_and_no_map():
    page = page_of(make_event(format="online", city="", online_url="https://example.org/live"))

    assert links_of(page)["Take part online"] == "https://example.org/live"
    assert "openstreetmap" not in page


def test_an_event_both_online_and_in_a_hall_has_both():
    page = page_of(make_event(format="hybrid", online_url="https://example.org/live", venue="Sample House"))

    assert {"Take part online", "Show on OpenStreetMap"} <= links_of(page).keys()
    assert "In person and online" in page


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("https://example.org/ask", "https://example.org/ask"),
        ("ask@example.org", "mailto:ask@example.org"),
        ("+49 (30) 123-45 67", "tel:+49301234567"),
        ("Ask at the door", None),
        ("javascript:alert(1)", None),
        ("ask@example.org, +49 30 1234567", None),
        ("ask@example.org?bcc=x@example.org", None),
    ],
)
def test_a_public_contact_is_a_link_where_it_can_be_one(contact, address):
    page = page_of(make_event(public_contact=contact))

    assert contact in unescape(page)
    assert links_of(page).get(contact) == address


def test_what_was_typed_is_shown_as_text_and_not_run():
    event = make_event(title="<b>Bold</b>", description="<script>alert(1)</script> [x](javascript:alert(2))")

    page = page_of(event)

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "&lt;b&gt;Bold" in page


def test_a_sample_event_says_so():
    event = make_event(is_sample=True)

    page = page_of(event)
    assert "invented sample event" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Sample</span>" in Client().get("/en/events/").text


def test_an_event_without_its_name_in_the_address_leads_to_the_full_address():
    event = make_event(title="Həmrəylik gecəsi")

    answer = Client().get(f"/az/events/{event.pk}/")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/az/events/{event.pk}/hemreylik-gecesi/")


def test_a_card_without_a_picture_has_an_ornament_and_no_picture():
    make_event()

    card = Client().get("/en/events/").text.split("<article")[1]
    assert '<span class="ornament" data-kind="concert">' in card
    assert "<picture" not in card


# What it asks the database


@pytest.mark.parametrize("is_stored", [False, True])
def test_the_page_asks_the_database_no_more_for_many_events_than_for_few(is_stored):
    for number in range(30):
        event = make_event(place=make_city(id=number + 100, name=f"City {number}"))
    if is_stored:
        page_of(event)

    with CaptureQueriesContext(connection) as queries:
        page_of(event)

    assert len(queries) <= (2 if is_stored else 5), [query["sql"] for query in queries]
