"""The listing: what one may ask, how the answer is ordered and paged, and ways on from an empty one."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event
from tests.factories import make_city, make_event

pytestmark = pytest.mark.django_db

NEW_YEARS_EVE = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)


@pytest.fixture
def visitor():
    return Client()


def found_on(page):
    """The numbers of the events on a page, in their order."""
    return [int(number) for number in re.findall(r'data-event="(\d+)"', page)]


def make_many(number, **fields):
    """As many events as that, in one query."""
    pattern = make_event(**fields)
    copies = [
        Event(
            **{name: getattr(pattern, name) for name in ("title", "kind", "languages", "organiser", "country", "city")}
        )
        for _number in range(number - 1)
    ]
    for copy in copies:
        copy.start_date, copy.zone, copy.status = pattern.start_date, pattern.zone, pattern.status
        copy.start_time = pattern.start_time
        copy.derive()
    Event.objects.bulk_create(copies)


# Order


def test_events_come_by_their_start_around_the_world(visitor):
    evening = {"start_date": date(2026, 12, 31), "start_time": time(20, 0)}
    america = make_event(country="US", city="Boston", zone="America/New_York", **evening)
    fiji = make_event(country="FJ", city="Suva", zone="Pacific/Fiji", **evening)
    berlin = make_event(**evening)

    assert found_on(visitor.get("/en/events/").text) == [fiji.pk, berlin.pk, america.pk]


def test_what_is_over_comes_last_and_is_said(visitor, clock):
    early, late = (make_event(start_date=date(2026, 12, day), end_time=time(22, 0)) for day in (5, 27))
    going_on = make_event(start_date=date(2026, 12, 31), start_time=time(22, 0))
    to_come = make_event(start_date=date(2027, 1, 2))
    clock.move_to(NEW_YEARS_EVE)

    page = visitor.get("/en/events/").text

    assert found_on(page) == [going_on.pk, to_come.pk, late.pk, early.pk]
    assert page.index(f'data-event="{to_come.pk}"') < page.index('id="over"') < page.index(f'data-event="{late.pk}"')
    assert "4 events found" in page
    assert "2 of them are over and come last." in page


def test_pages_cross_from_what_is_to_come_to_what_is_over_without_a_gap(visitor, clock):
    for day in range(1, 31):
        make_event(start_date=date(2026, 12, day))
    for _number in range(30):
        make_event(start_date=date(2027, 1, 1))
    clock.move_to(NEW_YEARS_EVE)

    pages = [visitor.get("/en/events/", {"page": number}).text for number in (1, 2, 3)]
    shown = [found_on(page) for page in pages]

    assert [len(events) for events in shown] == [24, 24, 12]
    assert len({event for events in shown for event in events}) == 60
    assert ["Already over" in page for page in pages] == [False, True, True]
    assert 'href="?page=2#over"' in pages[0]


def test_of_an_earlier_edition_nothing_is_called_over(visitor):
    make_event(start_date=date(2024, 12, 27))

    page = visitor.get("/en/events/?edition=2024").text

    assert len(found_on(page)) == 1
    assert "over" not in re.sub(r"<[^>]*>", "", page[page.index("<main") : page.index("</main")])


# Pages


@pytest.mark.parametrize(
    ("number", "address", "shown"),
    [
        (0, "", 0),
        (1, "", 1),
        (24, "", 24),
        (25, "", 24),
        (25, "?page=2", 1),
        (25, "?page=99", 1),
        (25, "?page=zzz", 24),
        (25, "?page=-1", 1),
        (25, "?page=", 24),
    ],
)
def test_a_page_holds_24_events_and_a_page_that_is_none_is_the_nearest(visitor, number, address, shown):
    if number:
        make_many(number)

    answer = visitor.get(f"/en/events/{address}")

    assert (answer.status_code, len(found_on(answer.text))) == (200, shown)
    assert ('class="pages"' in answer.text) == (number > 24)


def test_pages_are_numbered_and_the_current_one_is_marked(visitor):
    make_many(24 * 10)

    page = visitor.get("/en/events/?country=DE&page=5").text
    pages = page[page.index('class="pages"') : page.index("</nav>", page.index('class="pages"'))]

    assert re.findall(r">\s*(\d+|…|Previous|Next)\s*<", pages) == [
        *("Previous", "1", "…", "4", "5", "6", "…", "10", "Next")
    ]
    assert '<span aria-current="page">5</span>' in pages
    assert 'href="?country=DE&amp;page=10"' in pages


@pytest.mark.parametrize("number", [1, 60])
def test_the_listing_asks_the_database_five_questions_however_many_events(visitor, clock, number):
    for index in range(number):
        place = make_city(id=index + 1, name=f"City {index}")
        make_event(city=place.name, place=place, start_date=date(2026, 12, 1) + timedelta(days=index % 40))
    clock.move_to(NEW_YEARS_EVE)

    for address in ("/en/events/", "/en/events/?country=DE&q=sample", "/en/events/?city=nowhere&kind=film"):
        with CaptureQueriesContext(connection) as queries:
            visitor.get(address)
        assert len(queries) <= 5, [query["sql"] for query in queries]


# Asking


def test_every_filter_keeps_what_was_asked(visitor):
    make_event()
    asked = {
        "q": "Sample", "country": "DE", "city": "Berlin", "kind": "concert", "format": "in_person", "language": "az",
        "date_from": "2026-12-20", "date_to": "2026-12-30",
    }  # fmt: skip

    page = visitor.get("/en/events/", asked).text

    assert len(found_on(page)) == 1
    for name in ("country", "kind", "format", "language"):
        assert f'<option value="{asked[name]}" selected>' in page, name
    for name in ("q", "city", "date_from", "date_to"):
        assert re.search(rf'name="{name}" value="{asked[name]}"', page), name


def test_a_filter_that_is_wrong_leaves_the_others_as_they_were(visitor):
    page = visitor.get("/en/events/?city=Berlin&kind=film&date_from=2026-13-40").text

    assert "Enter a valid date." in page
    assert '<input type="text" name="date_from" value="2026-13-40"' in page  # a date field would show nothing
    assert 'value="Berlin"' in page
    assert '<option value="film" selected>' in page
    assert "Some of the filters could not be understood" in page


def test_countries_with_events_come_before_all_others(visitor):
    make_event(country="FR", city="Paris", zone="Europe/Paris")
    make_event(country="AT", city="Wien", start_date=date(2024, 12, 27))

    page = visitor.get("/en/events/").text
    with_events = re.search(r'<optgroup label="With events">(.*?)</optgroup>', page)[1]

    assert re.findall(r'value="(\w\w)"', with_events) == ["FR"]
    assert len(re.findall(r'<option value="[A-Z]{2}"', page)) >= 240


def test_years_reach_back_to_the_first_of_which_an_event_is_known(visitor):
    make_event(start_date=date(2023, 12, 27))

    page = visitor.get("/en/events/?edition=2024").text
    years = re.search(r'<select[^>]*name="edition".*?</select>', page)[0]

    assert re.findall(r"<option value=\"(\d*)\"( selected)?>(\d+)", years) == [
        *(("", "", "2026"), ("2025", "", "2025"), ("2024", " selected", "2024"), ("2023", "", "2023"))
    ]


def test_the_day_itself_is_one_click_away_and_keeps_the_other_filters(visitor):
    on_the_day = make_event(start_date=date(2026, 12, 31))
    make_event()

    page = visitor.get("/en/events/?country=DE").text
    address = re.search(r'<a href="([^"]*)">On 31 December</a>', page)[1].replace("&amp;", "&")

    assert address == "?country=DE&date_from=2026-12-31&date_to=2026-12-31"
    answer = visitor.get(f"/en/events/{address}").text
    assert found_on(answer) == [on_the_day.pk]
    assert 'aria-current="true">On 31 December' in answer
    assert "Day: Thursday, 31 December 2026" in answer


def test_each_filter_in_use_can_be_taken_back_alone(visitor):
    make_event()

    page = visitor.get("/en/events/?country=de&kind=concert&edition=2025&page=3").text
    chips = dict(re.findall(r'<li><a href="([^"]*)" aria-label="Remove: ([^"]*)">', page))

    assert chips == {
        "?kind=concert&amp;edition=2025": "Country: Germany",
        "?country=de&amp;edition=2025": "Kind: Concert",
        "?country=de&amp;kind=concert": "Year: 2025",
    }


def test_a_day_is_one_filter_and_is_taken_back_as_one(visitor):
    page = visitor.get("/en/events/?country=DE&date_from=2026-12-31&date_to=2026-12-31").text
    chips = dict(re.findall(r'<li><a href="([^"]*)" aria-label="Remove: ([^"]*)">', page))

    assert chips["?country=DE"] == "Day: Thursday, 31 December 2026"
    assert len(chips) == 2


def test_what_was_typed_is_shown_in_chips_as_text(visitor):
    page = visitor.get("/en/events/", {"q": '"><b>x', "city": "<i>"}).text

    assert "<b>x" not in page
    assert "<i>" not in page


def test_a_search_is_not_for_search_engines_and_all_events_are(visitor):
    noindex = '<meta name="robots" content="noindex">'

    assert noindex in visitor.get("/en/events/?country=DE").text
    assert noindex not in visitor.get("/en/events/").text
    assert noindex not in visitor.get("/en/events/?q=&country=").text


def test_filters_stay_folded_above_what_was_found_unless_one_has_to_be_mended(visitor):
    assert "<details open>" not in visitor.get("/en/events/?country=DE").text
    assert "<details open>" in visitor.get("/en/events/?date_from=nonsense").text


# Nothing found


def test_an_empty_answer_tells_which_filter_hides_most(visitor):
    for _number in range(3):
        make_event(city="Berlin", kind="concert")
    make_event(city="Köln", kind="film")

    page = visitor.get("/en/events/?country=DE&city=Berlin&kind=film").text
    ways = re.findall(r'<li><a href="\?([^"]*)">([^<]*)</a> <b>(\d+) event', page)

    assert ways == [
        ("country=DE&amp;city=Berlin", "Kind: Film screening", "3"),
        ("country=DE&amp;kind=film", "City: Berlin", "1"),
    ]
    assert "The page of this country: Germany" in page
    assert "/en/submit/?country=DE" in page


def test_where_leaving_one_out_does_not_help_it_tells_what_each_finds_alone(visitor):
    make_event(country="FR", city="Paris", zone="Europe/Paris")

    page = visitor.get("/en/events/?country=FR&kind=film&format=online").text

    assert "Events are found when you ask for this alone:" in page
    assert '<a href="?country=FR">Country: France</a> <b>1 event</b>' in page


def test_an_empty_directory_asks_for_the_first_event(visitor):
    page = visitor.get("/en/events/").text

    assert "No event is published yet." in page
    assert "Nothing fits" not in page
