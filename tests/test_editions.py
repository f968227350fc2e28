"""Earlier editions: which years hold something, and what was reported then."""

import re
from datetime import UTC, date, datetime, time

import pytest

from events.models import Status
from tests.factories import PARIS, make_city, make_event
from tests.reading import text_of

pytestmark = pytest.mark.django_db


def make_report(year, **fields):
    """A published event of an earlier edition, of which only the day of the report is known."""
    values = {"start_date": date(year, 12, 30), "start_time": None, "source_url": "https://www.example.org/news/1"}
    return make_event(**values | fields)


# The list of years


def test_years_that_hold_something_are_listed_the_newest_first(client):
    for year in (2012, 2025, 2018):
        make_report(year)
    make_event()

    page = client.get("/en/editions/").content.decode()

    assert re.findall(r'href="/en/editions/(\d+)/"', page) == ["2025", "2018", "2012"]


def test_each_year_says_how_many_events_countries_and_cities_it_holds(client):
    berlin = make_city()
    make_report(2025, place=berlin)
    make_report(2025, place=berlin, city="Berlin-Wedding")
    make_report(2025, country="FR", city="Paris", place=make_city(**PARIS))
    make_report(2018, format="online", city="")

    text = text_of(client.get("/en/editions/").text)

    assert "2025 3 events 2 countries 2 cities" in text
    assert "2018 1 event 1 country 0 cities" in text


@pytest.mark.parametrize("status", [Status.PENDING, Status.DECLINED, Status.WITHDRAWN])
def test_year_of_which_nothing_is_public_is_not_there(client, status):
    make_report(2018, status=status)

    assert "2018" not in client.get("/en/editions/").content.decode()
    assert client.get("/en/editions/2018/").status_code == 404


def test_january_belongs_to_the_year_before(client):
    make_report(2026, title="Of January", start_date=date(2026, 1, 5))

    assert "Of January" in client.get("/en/editions/2025/").content.decode()


def test_site_without_earlier_events_says_so(client):
    assert "No earlier edition is known here yet." in text_of(client.get("/en/editions/").text)


def test_an_edition_becomes_an_earlier_one_in_february(client, clock):
    make_event()
    clock.move_to(datetime(2027, 1, 31, 12, tzinfo=UTC))
    assert "/en/editions/2026/" not in client.get("/en/editions/").content.decode()

    clock.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert "/en/editions/2026/" in client.get("/en/editions/").content.decode()


# One year


def test_reported_event_names_its_source(client):
    make_report(2025, title="A concert", city="Berlin")

    page = client.get("/en/editions/2025/")

    text = text_of(page.text)
    assert "Tuesday, 30 December 2025 A concert Berlin, Germany Sample Association Reported here: example.org" in text
    assert '<a href="https://www.example.org/news/1" rel="nofollow ugc noopener">' in page.content.decode()


def test_event_that_nobody_reported_names_no_source_but_its_hour(client):
    make_event(start_date=date(2025, 12, 30), start_time=time(19))

    text = text_of(client.get("/en/editions/2025/").text)

    assert "Reported here" not in text
    assert "19:00" in text


def test_events_stand_under_their_dates_in_order(client):
    make_report(2025, title="Second", start_date=date(2025, 12, 31))
    make_report(2025, title="First", start_date=date(2025, 12, 28))
    make_report(2025, title="Third", start_date=date(2025, 12, 31))

    text = text_of(client.get("/en/editions/2025/").text)

    places = [text.index(words) for words in ("28 December", "First", "31 December", "Second", "Third")]
    assert places == sorted(places)
    assert text.count("Wednesday, 31 December 2025") == 1


def test_countries_of_a_year_lead_to_its_listing(client):
    make_report(2025)
    make_report(2025, country="FR", city="Paris")

    page = client.get("/en/editions/2025/").content.decode()

    assert '<a href="/en/events/?edition=2025&amp;country=FR">France</a> <b>1</b>' in page
    assert page.index(">France<") < page.index(">Germany<")


def test_neighbouring_years_are_a_step_away(client):
    for year in (2012, 2018, 2025):
        make_report(year)

    page = client.get("/en/editions/2018/").content.decode()

    assert 'rel="prev" href="/en/editions/2012/"' in page
    assert 'rel="next" href="/en/editions/2025/"' in page


def test_another_year_s_events_are_not_shown(client):
    make_report(2018, title="Of another year")
    make_report(2025)

    assert "Of another year" not in client.get("/en/editions/2025/").content.decode()


def test_contact_and_hidden_address_are_on_no_page_of_an_edition(client):
    make_report(2025, address="Hidden Street 1", venue="Hidden House", address_visibility="on_request")

    for address in ("/en/editions/", "/en/editions/2025/"):
        page = client.get(address).content.decode()
        assert "private@example.org" not in page
        assert "Hidden" not in page


def test_the_coming_edition_is_the_listing(client):
    response = client.get("/en/editions/2026/")

    assert (response.status_code, response["Location"]) == (302, "/en/events/")


@pytest.mark.parametrize("year", [0, 1990, 1999, 2027, 2101, 99999])
def test_year_without_anything_is_not_found(client, year):
    make_report(2025)

    assert client.get(f"/en/editions/{year}/").status_code == 404


def test_large_edition_comes_in_pages_with_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    for number in range(30):
        make_report(2025, title=f"Evening {number:02}")

    with django_assert_max_num_queries(5):
        first = client.get("/en/editions/2025/").content.decode()
    second = client.get("/en/editions/2025/?page=2").content.decode()

    assert (first.count("<article"), second.count("<article")) == (24, 6)
    assert "30 events" in first
    assert "Evening 29" in second


def test_list_of_years_asks_once_for_all(client, django_assert_max_num_queries):
    for year in range(2000, 2026):
        make_report(year)

    with django_assert_max_num_queries(2):
        client.get("/en/editions/")


@pytest.mark.parametrize("address", ["/en/around-the-clock/", "/en/editions/", "/en/editions/2025/"])
def test_pages_of_the_day_set_no_cookie_and_may_be_cached(client, address):
    make_report(2025)

    response = client.get(address)

    assert not response.cookies
    assert "public" in response["Cache-Control"]
