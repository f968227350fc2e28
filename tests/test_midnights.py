"""When 31 December ends where, by the rules of each year."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from events import day
from events.geo import clocks, countries


def stop_of(zone, year):
    """The stop of the relay at which this zone is, or None."""
    found = [stop for stop in day.relay(year) if zone in [clock.zone for clock in stop.clocks]]
    assert len(found) <= 1
    return found[0] if found else None


def offset_of(zone, year):
    stop = stop_of(zone, year)
    return stop and stop.offset


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_relay_of_these_years_has_37_midnights_in_25_hours_from_kiritimati_to_pago_pago(year):
    stops = day.relay(year)

    assert len(stops) == 37
    assert stops[-1].instant - stops[0].instant == timedelta(hours=25)
    assert (stops[0].clocks[0].zone, stops[0].offset) == ("Pacific/Kiritimati", "UTC+14")
    assert (stops[-1].clocks[0].zone, stops[-1].offset) == ("Pacific/Pago_Pago", "UTC−11")


@pytest.mark.parametrize("year", [1991, 1994, 1995, 2011, 2026, 2100])
def test_every_clock_of_a_stop_turns_from_31_december_to_1_january_at_its_instant(year):
    stops = day.relay(year)

    assert [stop.instant for stop in stops] == sorted({stop.instant for stop in stops})
    for stop in stops:
        for clock in stop.clocks:
            after = stop.instant.astimezone(ZoneInfo(clock.zone))
            before = (stop.instant - timedelta(seconds=1)).astimezone(ZoneInfo(clock.zone))
            assert (before.date(), after.date()) == (date(year, 12, 31), date(year + 1, 1, 1)), clock


def test_every_inhabited_country_has_its_midnight():
    there = {clock.country for stop in day.relay(2026) for clock in stop.clocks}

    assert countries.names("en").keys() - there == {"AQ", "BV", "GS", "HM", "TF", "UM"}
    assert sum(len(stop.clocks) for stop in day.relay(2026)) == len(clocks.read())


def test_no_station_and_no_artificial_zone_makes_a_midnight():
    assert not [clock for clock in clocks.read() if clock.zone.startswith(("Antarctica/", "Etc/"))]


def test_no_country_lives_by_the_clock_of_its_neighbour():
    assert Counter(clock.zone for clock in clocks.read()).most_common(1)[0][1] == 1
    assert [clock.zone for clock in clocks.read() if clock.country == "IN"] == ["Asia/Kolkata"]


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("Australia/Sydney", "UTC+11"),
        ("Australia/Brisbane", "UTC+10"),
        ("Australia/Eucla", "UTC+8:45"),
        ("Pacific/Auckland", "UTC+13"),
        ("Pacific/Chatham", "UTC+13:45"),
        ("America/Santiago", "UTC−3"),
        ("America/Asuncion", "UTC−3"),
        ("America/St_Johns", "UTC−3:30"),
        ("Europe/London", "UTC"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("Asia/Baku", "UTC+4"),
        ("Pacific/Marquesas", "UTC−9:30"),
    ],
)
def test_southern_countries_are_in_summer_time_and_northern_ones_in_winter_time(zone, offset):
    assert offset_of(zone, 2026) == offset


@pytest.mark.parametrize(
    ("zone", "year", "offset"),
    [
        ("Pacific/Apia", 2010, "UTC−10"),
        ("Pacific/Apia", 2011, "UTC+14"),  # 30 December was left out, in summer time
        ("Pacific/Apia", 2026, "UTC+13"),
        ("Pacific/Kiritimati", 1993, "UTC−10"),
        ("Pacific/Kiritimati", 1995, "UTC+14"),
        ("Asia/Baku", 1991, "UTC+3"),
        ("Europe/Moscow", 2011, "UTC+4"),
        ("Europe/Istanbul", 2011, "UTC+2"),
        ("America/Asuncion", 2011, "UTC−3"),
    ],
)
def test_each_year_has_its_own_rules(zone, year, offset):
    assert offset_of(zone, year) == offset


def test_islands_that_left_31_december_out_have_no_midnight_in_that_year():
    assert stop_of("Pacific/Kiritimati", 1994) is None
    assert stop_of("Pacific/Kanton", 1994) is None
    assert offset_of("Pacific/Tarawa", 1994) == "UTC+12"
    assert day.relay(1994)[0].clocks[0].zone == "Pacific/Chatham"
