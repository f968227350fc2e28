"""What visitors see: the map, a country, the listing, an event."""

import re
from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import lights, moderation
from events.geo import countries
from tests.factories import PARIS, make_city, make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client()


def country_on_map(page, code):
    """The number of events that the map shows for a country, and its accessible name."""
    link = re.search(rf'<a [^>]*data-country="{code}"[^>]*>', page)[0]
    return int(re.search(r'data-events="(\d+)"', link)[1]), re.search(r'aria-label="([^"]*)"', link)[1]


def cities_on_map(page, kind="city"):
    return re.findall(rf'data-{kind}="([^"]*)"', page)


# The map


def test_the_map_shows_every_country_as_a_link_with_its_number_of_events(visitor):
    for _number in range(2):
        make_event()

    page = visitor.get("/en/").text

    assert country_on_map(page, "DE") == (2, "Germany, 2 events")
    assert country_on_map(page, "FR") == (0, "France, 0 events")
    assert len(re.findall("data-country=", page)) >= 240
    assert 'id="world"' in page


def test_spellings_of_one_city_are_one_light(visitor):
    city = make_city(name="Köln", id=2, search="|koln|cologne|")
    make_event(city="Köln", place=city)
    make_event(city="Cologne", place=city)

    assert cities_on_map(visitor.get("/en/").text) == ["Köln"]


def test_a_city_that_is_not_in_the_data_shines_all_the_same(visitor):
    make_event(city="Kleindorf")

    assert cities_on_map(visitor.get("/en/").text) == ["Kleindorf"]


def test_an_online_event_counts_for_its_country_and_is_no_light(visitor):
    make_event(format="online", city="", online_url="https://example.org/live")

    page = visitor.get("/en/").text

    assert country_on_map(page, "DE")[0] == 1
    assert cities_on_map(page) == []


def test_a_city_of_earlier_years_alone_is_an_ember(visitor):
    make_event(start_date=date(2024, 12, 27))
    paris = make_city(**PARIS)
    make_event(start_date=date(2024, 12, 27), country="FR", city="Paris", place=paris)
    make_event(country="FR", city="Paris", place=paris)

    page = visitor.get("/en/").text

    assert cities_on_map(page, "ember") == ["Berlin"]
    assert cities_on_map(page) == ["Paris"]


def test_a_home_page_without_any_event_invites_the_first(visitor):
    page = visitor.get("/en/").text

    assert "No event is published yet." in page
    assert country_on_map(page, "AZ")[0] == 0


def test_what_is_over_does_not_come_up_first(visitor, clock):
    make_event(title="Over", end_time=time(22, 0), end_date=date(2026, 12, 27))
    make_event(title="To come", start_date=date(2026, 12, 29))
    clock.move_to(datetime(2026, 12, 28, tzinfo=UTC))

    page = visitor.get("/en/").text

    assert "To come" in page
    assert "Over" not in page


def test_countries_are_ordered_by_the_alphabet_of_the_language():
    by_name = [country.name for country in lights.count(2026).countries("az")]

    assert by_name.index("Cənubi Koreya") < by_name.index("Çexiya") < by_name.index("Danimarka")
    assert by_name.index("Haiti") < by_name.index("Xorvatiya") < by_name.index("İndoneziya")


# A country


def test_a_country_lists_its_events_by_city_in_order_of_time(visitor):
    make_event(title="Second", start_date=date(2026, 12, 30))
    make_event(title="First", start_date=date(2026, 12, 20))
    make_event(title="Elsewhere", country="FR", city="Paris")

    page = visitor.get("/en/countries/de/").text

    assert page.index("First") < page.index("Second")
    assert "Elsewhere" not in page
    assert 'id="country"' in page
    assert cities_on_map(page) == ["Berlin"]


def test_a_country_without_events_invites_to_be_the_first(visitor):
    page = visitor.get("/en/countries/fr/").text

    assert "Be the first" in page
    assert "/en/submit/?country=FR" in page
    assert '<option value="FR" selected>' in visitor.get("/en/submit/?country=FR").text


def test_every_country_has_a_page(visitor):
    for code in countries.names("en"):
        assert visitor.get(f"/en/countries/{code.lower()}/").status_code == 200, code


@pytest.mark.parametrize("code", ["xx", "deu", "d", "%00", "ş"])
def test_what_is_no_country_is_not_found(visitor, code):
    assert visitor.get(f"/en/countries/{code}/").status_code == 404


# An event


def test_an_event_tells_local_time_with_zone_and_the_time_in_baku(visitor):
    event = make_event(start_time=time(19, 0), end_date=date(2026, 12, 28), end_time=time(1, 30))

    page = visitor.get(event.get_absolute_url()).text

    assert 'datetime="2026-12-27T19:00:00+01:00"' in page
    assert 'datetime="2026-12-28T01:30:00+01:00"' in page
    assert 'datetime="2026-12-27T22:00:00+04:00"' in page
    assert "Sunday, 27 December 2026" in page
    assert "Berlin (UTC+1)" in page


def test_dates_are_in_each_languages_own_form(visitor):
    event = make_event()

    pages = {language: visitor.get(f"/{language}/events/{event.pk}/{event.slug}/").text for language in ("az", "ru")}

    assert "27 dekabr 2026, bazar" in pages["az"]
    assert "27 декабря 2026, воскресенье" in pages["ru"]


def test_a_cancelled_event_is_marked_wherever_it_is_shown(visitor):
    event = make_event()
    moderation.cancel(event, by=None)

    for address in (event.get_absolute_url(), "/en/events/", "/en/countries/de/", "/en/"):
        assert "Cancelled" in visitor.get(address).text, address


def test_an_event_without_its_name_in_the_address_leads_to_the_full_address(visitor):
    event = make_event(title="Həmrəylik gecəsi")

    answer = visitor.get(f"/az/events/{event.pk}/")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/az/events/{event.pk}/hemreylik-gecesi/")


def test_what_was_typed_is_shown_as_text_and_not_run(visitor):
    event = make_event(title="<b>Bold</b>", description="<script>alert(1)</script> [x](javascript:alert(2))")

    page = visitor.get(event.get_absolute_url()).text

    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "&lt;b&gt;Bold" in page


def test_a_sample_event_says_so(visitor):
    event = make_event(is_sample=True)

    assert "invented sample event" in visitor.get(event.get_absolute_url()).text
    assert "Sample</span>" in visitor.get("/en/events/").text


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


@pytest.mark.parametrize(("address", "most"), [("/en/", 4), ("/en/countries/de/", 4), ("/en/events/", 3)])
def test_a_page_asks_the_database_no_more_for_many_events_than_for_few(visitor, address, most):
    for number in range(30):
        make_event(city=f"City {number}", place=make_city(id=number + 100, name=f"City {number}"))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert visitor.get(address).status_code == 200

    assert len(queries) <= most, [query["sql"] for query in queries]
