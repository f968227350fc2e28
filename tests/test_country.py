"""What visitors see of one country: its outline with lights, its events by city, organisers, and earlier years."""

import re
from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.geo import countries
from events.models import Status
from tests.factories import make_city, make_event
from tests.reading import cities_on_map

pytestmark = pytest.mark.django_db

KOELN = {"id": 2886242, "name": "Köln", "search": "|koln|cologne|", "latitude": 50.93, "longitude": 6.95}


@pytest.fixture
def visitor():
    return Client()


def headings_of(page):
    return [re.sub(r"<[^>]*>", "", heading).strip() for heading in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]


# Events


def test_a_country_lists_its_events_by_city_in_order_of_time(visitor):
    make_event(title="Third", start_date=date(2026, 12, 30))
    make_event(title="Second", city="Köln", start_date=date(2026, 12, 21))
    make_event(title="First", start_date=date(2026, 12, 20))
    make_event(title="Elsewhere", country="FR", city="Paris")

    page = visitor.get("/en/countries/de/").text

    assert page.index("First") < page.index("Third") < page.index("Second")
    assert "Elsewhere" not in page
    assert 'id="country"' in page
    assert headings_of(page)[:3] == ["2 cities", "Berlin", "Köln"]


def test_spellings_of_one_city_share_a_heading_and_a_light(visitor):
    koeln = make_city(**KOELN)
    make_event(city="Köln", place=koeln)
    make_event(city="Cologne", place=koeln)

    page = visitor.get("/en/countries/de/").text

    assert cities_on_map(page) == ["Köln"]
    assert headings_of(page)[:2] == ["1 city", "Köln"]


def test_a_light_leads_to_the_section_of_its_city(visitor):
    make_event(city="Köln", place=make_city(**KOELN))

    page = visitor.get("/en/countries/de/").text

    assert '<a href="#city-koln" tabindex="-1" aria-label="Köln, 1 event">' in page
    assert '<section id="city-koln">' in page


def test_two_cities_of_one_name_have_a_section_each(visitor):
    for number, latitude in enumerate((39.8, 42.1)):
        place = make_city(id=number + 1, name="Springfield", country="US", latitude=latitude, longitude=-89.6)
        make_event(country="US", city="Springfield", place=place, zone="America/Chicago")

    page = visitor.get("/en/countries/us/").text

    assert re.findall(r'<section id="([^"]*)">', page) == ["city-springfield", "city-springfield-2"]
    assert re.findall(r'<li><a href="(#[^"]*)">Springfield', page) == ["#city-springfield", "#city-springfield-2"]


def test_events_online_without_a_city_stand_under_online(visitor):
    make_event(title="Livestream", format="online", city="", online_url="https://example.org/live")

    page = visitor.get("/en/countries/de/").text

    assert headings_of(page)[0] == "Online"
    assert "Livestream" in page
    assert cities_on_map(page) == []


def test_what_is_over_stands_below_what_is_to_come(visitor, clock):
    make_event(title="Done", end_time=time(22, 0))
    make_event(title="Going on", start_date=date(2026, 12, 31), start_time=time(22, 0), end_time=time(23, 30))
    make_event(title="To come", start_date=date(2027, 1, 2))
    clock.move_to(datetime(2026, 12, 31, 22, 0, tzinfo=UTC))

    page = visitor.get("/en/countries/de/").text

    assert page.index("Going on") < page.index("To come") < page.index("Already over") < page.index("Done")


def test_a_city_where_all_is_over_leads_to_the_listing(visitor, clock):
    make_event(title="Done")
    clock.move_to(datetime(2027, 1, 20, tzinfo=UTC))

    page = visitor.get("/en/countries/de/").text

    assert cities_on_map(page) == ["Berlin"]
    assert '<a href="/en/events/?country=DE&amp;city=Berlin"' in page
    assert "Done" in page[page.index("Already over") :]


def test_a_country_with_many_events_shows_the_first_of_each_city_and_leads_to_all(visitor):
    berlin, koeln = make_city(), make_city(**KOELN)
    for _number in range(70):
        make_event(place=berlin)
    make_event(title="Later", city="Köln", place=koeln, start_date=date(2026, 12, 31))

    page = visitor.get("/en/countries/de/").text

    assert page.count("data-event=") == 5
    assert "Later" in page
    assert '<a href="/en/events/?country=DE&amp;city=Berlin">All 70 events: Berlin</a>' in page
    assert '<a href="/en/events/?country=DE">All 71 events: Germany</a>' in page


def test_a_country_with_a_great_many_cities_names_them_all_and_shows_some(visitor):
    for number in range(100):
        make_event(city=f"City {number}", place=make_city(id=number + 1, name=f"City {number}"))

    page = visitor.get("/en/countries/de/").text

    assert page.count("data-event=") == 60
    assert len(cities_on_map(page)) == len(re.findall(r"<li><a [^>]*>City \d+</a> <b>1</b></li>", page)) == 100


@pytest.mark.parametrize("number", [1, 70])
def test_a_country_asks_the_database_five_questions_however_many_events(visitor, number):
    for index in range(number):
        make_event(city=f"City {index}", place=make_city(id=index + 1, name=f"City {index}"))
        make_event(start_date=date(2010 + index % 10, 12, 27))

    with CaptureQueriesContext(connection) as queries:
        visitor.get("/en/countries/de/")

    assert len(queries) <= 5, [query["sql"] for query in queries]


# Who held them, and what was before


def test_organisers_are_named_once_by_the_alphabet_of_the_language(visitor):
    make_event(organiser="Zəfər Evi; Çinar Dərnəyi")
    make_event(organiser="ÇİNAR DƏRNƏYİ", start_date=date(2024, 12, 27))
    make_event(organiser="Cəmiyyət Klubu", start_date=date(2024, 12, 27))
    make_event(organiser="Sentinel", status=Status.PENDING)

    page = visitor.get("/az/countries/de/").text
    names = re.findall(r"<li>([^<]*)</li>", page[page.index('class="names"') :])

    assert names == ["Cəmiyyət Klubu", "Çinar Dərnəyi", "Zəfər Evi"]


def test_earlier_years_are_counted_and_lead_to_the_edition_and_the_listing(visitor):
    for number in range(7):
        make_event(title=f"Reported {number}", start_date=date(2024, 12, 20 + number))
    make_event(title="Long ago", start_date=date(2011, 12, 31))
    make_event(title="Elsewhere", country="FR", start_date=date(2024, 12, 20))

    page = visitor.get("/en/countries/de/").text

    assert page.index("/en/editions/2024/") < page.index("/en/editions/2011/")
    assert '<a href="/en/events/?country=DE&amp;edition=2024">7 events</a>' in page
    assert "Fri 20 December" in page
    assert ("Reported 4" in page, "Reported 5" in page, "Elsewhere" in page) == (True, False, False)


# No event


def test_a_country_without_events_invites_to_be_the_first(visitor):
    page = visitor.get("/en/countries/fr/").text

    assert "Be the first" in page
    assert "/en/submit/?country=FR" in page
    assert '<option value="FR" selected>' in visitor.get("/en/submit/?country=FR").text


def test_a_country_without_events_names_its_neighbours_that_have_some(visitor):
    make_event(country="ES", city="Madrid", zone="Europe/Madrid")
    make_event(country="LU", city="Luxembourg")
    make_event(country="LU", city="Luxembourg")
    make_event(country="US", city="Boston", zone="America/New_York")

    page = visitor.get("/en/countries/fr/").text
    nearby = re.findall(r'<a href="/en/countries/(\w\w)/">[^<]*</a> <b>(\d+)</b>', page)

    assert sorted(nearby) == [("es", "1"), ("lu", "2")]
    assert 'href="/en/?region=europe"' in page


def test_a_country_without_events_may_have_a_past(visitor):
    make_event(title="Long ago", start_date=date(2011, 12, 31))

    page = visitor.get("/en/countries/de/").text

    assert "Be the first" in page
    assert "Long ago" in page
    assert cities_on_map(page, "ember") == ["Berlin"]


# Addresses


def test_every_country_has_a_page_with_its_name_and_region(visitor):
    for code, name in countries.names("en").items():
        answer = visitor.get(f"/en/countries/{code.lower()}/")
        assert answer.status_code == 200, code
        assert f"?region={countries.region_of(code)}" in answer.text, code
        assert name.partition("’")[0].partition("&")[0] in answer.text, code


@pytest.mark.parametrize("code", ["xx", "deu", "d", "%00", "ş"])
def test_what_is_no_country_is_not_found(visitor, code):
    assert visitor.get(f"/en/countries/{code}/").status_code == 404
