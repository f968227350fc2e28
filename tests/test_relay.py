"""Around the clock: whose midnight comes, and what is on then."""

import re
from datetime import UTC, date, datetime, time

import pytest
from django.core.cache import cache

from events import day
from events.models import Status
from tests.factories import make_event

ADDRESS = "/en/around-the-clock/"
DAY = date(2026, 12, 31)


def part_of(page, offset):
    """The HTML of one stop."""
    text = page.content.decode()
    return re.search(rf'<li id="{re.escape(offset)}".*?(?=<li id="utc|</ol>)', text, re.DOTALL)[0]


@pytest.mark.django_db
def test_page_has_a_stop_for_each_midnight_with_its_instant_and_baku_time(client):
    page = client.get(ADDRESS).content.decode()

    times = re.findall(r'<h2><time datetime="([^"]+)">([^<]+)</time>', page)
    assert [datetime.fromisoformat(iso) for iso, _ in times] == [stop.instant for stop in day.relay(2026)]
    assert times[0] == ("2026-12-31T14:00:00+04:00", "14:00")
    assert times[18] == ("2027-01-01T00:00:00+04:00", "00:00")


@pytest.mark.django_db
def test_each_stop_can_be_reached_from_the_arc(client):
    page = client.get(ADDRESS).content.decode()

    stops = re.findall(r'<li id="(utc[^"]*)"', page)
    assert len(set(stops)) == 37
    assert [*dict.fromkeys(re.findall(r'href="#(utc[^"]*)"', page))] == stops


@pytest.mark.django_db
def test_country_with_several_midnights_stands_at_each_with_its_cities(client):
    page = client.get(ADDRESS)

    assert "Russia</a>: Vladivostok" in part_of(page, "utc+10")
    assert "Russia</a>: Moscow" in part_of(page, "utc+3")
    assert "United States</a>: New York" in part_of(page, "utc-5")
    assert "Germany</a>:" not in part_of(page, "utc+1")


@pytest.mark.django_db
def test_countries_stand_in_the_readers_language_and_alphabet(client):
    part = part_of(client.get("/az/around-the-clock/"), "utc+4")

    names = re.findall(r'/az/countries/../">([^<]+)</a>', part)
    assert names == ["Azərbaycan", "Birləşmiş Ərəb Əmirlikləri", "Ermənistan", "Gürcüstan", *names[4:]]
    assert "Rusiya</a>: Samara" in part


@pytest.mark.django_db
def test_country_shows_the_number_of_its_events_at_their_own_midnight(client):
    make_event(start_date=date(2026, 12, 5))
    make_event()
    make_event(country="RU", zone="Asia/Vladivostok", city="Vladivostok")
    make_event(start_date=date(2025, 12, 31))
    make_event(status=Status.PENDING)

    page = client.get(ADDRESS)

    assert "Germany</a> <b>2</b>" in part_of(page, "utc+1")
    assert re.search(r"Russia</a>: Vladivostok[^<]* <b>1</b>", part_of(page, "utc+10"))
    assert not re.search(r"Russia</a>[^<]*<b>", part_of(page, "utc+3"))


@pytest.mark.django_db
def test_event_is_on_from_its_start_until_its_end(client):
    make_event(title="An evening", start_date=DAY, start_time=time(22), end_date=date(2027, 1, 1), end_time=time(1))

    page = client.get(ADDRESS)

    on = [
        stop
        for stop in re.findall(r'<li id="(utc[^"]*)"', page.content.decode())
        if "An evening" in part_of(page, stop)
    ]
    assert on == ["utc+3", "utc+2", "utc+1"]  # 21, 22 and 23 hours UTC; it ends at midnight UTC


@pytest.mark.django_db
def test_event_without_an_end_is_on_for_three_hours(client):
    make_event(title="An evening", start_date=DAY, start_time=time(21))

    page = client.get(ADDRESS)

    assert "An evening" in part_of(page, "utc+3:30")
    assert "An evening" in part_of(page, "utc+2")
    assert "An evening" not in part_of(page, "utc+1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"status": Status.PENDING}, {"status": Status.WITHDRAWN}, {"condition": "cancelled"}]
)
def test_what_is_not_public_or_does_not_take_place_is_on_at_no_moment(client, change):
    make_event(title="An evening", start_date=DAY, start_time=time(22), **change)

    assert "An evening" not in client.get(ADDRESS).content.decode()


@pytest.mark.django_db
def test_those_who_see_their_own_midnight_come_first(client):
    for minute in range(5):
        make_event(country="TR", zone="Europe/Istanbul", city="Ankara", start_date=DAY, start_time=time(23, minute))
    make_event(title="At home", start_date=DAY, start_time=time(20), end_date=date(2027, 1, 1), end_time=time(2))

    shown = re.findall(r"<article.*?</article>", part_of(client.get(ADDRESS), "utc+1"), re.DOTALL)

    assert "At home" in shown[0]


@pytest.mark.django_db
def test_at_each_moment_a_few_events_are_shown_and_the_others_counted(client):
    for _ in range(10):
        make_event(start_date=DAY, start_time=time(22))

    part = part_of(client.get(ADDRESS), "utc+1")

    assert "10 events are on at that moment" in part
    assert part.count("<article") == 3
    assert 'date_from=2026-12-31&amp;date_to=2026-12-31">7 more</a>' in part


@pytest.mark.django_db
def test_whoever_was_not_shown_at_a_midnight_before_is_shown_at_the_next(client):
    for number in range(4):
        make_event(title=f"Evening {number}", start_date=DAY, start_time=time(20, 0))

    page = client.get(ADDRESS)
    shown = {title for stop in ("utc+5", "utc+4:30") for title in re.findall(r"Evening \d", part_of(page, stop))}

    assert len(shown) == 4


@pytest.mark.django_db
def test_queries_and_length_do_not_grow_with_the_number_of_events(client, django_assert_max_num_queries):
    for hour in range(24):
        make_event(start_date=DAY, start_time=time(hour), end_date=date(2027, 1, 2))
    few = len(client.get(ADDRESS).content)
    for hour in range(24):
        for _ in range(5):
            make_event(start_date=DAY, start_time=time(hour), end_date=date(2027, 1, 2))

    cache.clear()  # where the page's pieces are

    with django_assert_max_num_queries(5):
        many = len(client.get(ADDRESS).content)

    assert many < few + 10_000


@pytest.mark.django_db
def test_in_january_the_relay_is_still_that_of_the_edition(client, clock):
    clock.move_to(datetime(2027, 1, 20, tzinfo=UTC))
    assert '<time datetime="2026-12-31T14:00:00+04:00">' in client.get(ADDRESS).content.decode()

    clock.move_to(datetime(2027, 2, 2, tzinfo=UTC))
    assert '<time datetime="2027-12-31T14:00:00+04:00">' in client.get(ADDRESS).content.decode()
