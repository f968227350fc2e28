"""One event as a calendar file, read again as calendars read it."""

from datetime import UTC, date, datetime, time

import icalendar
import pytest
from django.test import Client

from events import moderation
from events.models import Status
from tests.factories import make_city, make_event, make_moderator

pytestmark = pytest.mark.django_db


def file_of(event, query=""):
    return Client().get(f"/events/{event.pk}.ics{query}")


def entry_of(event, query=""):
    """The calendar's only entry."""
    (entry,) = icalendar.Calendar.from_ical(file_of(event, query).content).events
    return entry


def test_a_calendar_gets_the_hours_of_the_venue_with_its_zone(settings):
    event = make_event(title="Gecə; mahnı, çay", end_date=date(2026, 12, 28), end_time=time(1, 30))

    response = file_of(event)
    calendar = icalendar.Calendar.from_ical(response.content)
    entry = calendar.events[0]

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="{event.slug}.ics"' in response.headers["Content-Disposition"]
    assert (entry["uid"], entry["summary"]) == (f"{event.pk}@{settings.SITE_HOST}", "Gecə; mahnı, çay")
    assert b"DTSTART;TZID=Europe/Berlin:20261227T190000\r\n" in response.content
    assert b"DTEND;TZID=Europe/Berlin:20261228T013000\r\n" in response.content
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Berlin"]
    assert entry["url"] == settings.SITE_URL + event.get_absolute_url()
    assert entry["status"] == "CONFIRMED"


@pytest.mark.parametrize("zone", ["Asia/Baku", "America/St_Johns", "Pacific/Kiritimati", "Africa/Casablanca", "UTC"])
def test_every_zone_comes_back_as_the_same_instant(zone):
    event = make_event(zone=zone, start_date=date(2026, 12, 31), start_time=time(23, 45))

    assert entry_of(event).start.astimezone(UTC) == event.starts_at


def test_whole_days_are_dates_and_end_on_the_day_after():
    one, several = make_event(start_time=None), make_event(start_time=None, end_date=date(2026, 12, 29))

    assert (entry_of(one)["dtstart"].dt, entry_of(one)["dtend"].dt) == (date(2026, 12, 27), date(2026, 12, 28))
    assert entry_of(several)["dtend"].dt == date(2026, 12, 30)
    assert b"DTSTART;VALUE=DATE:20261227\r\n" in file_of(one).content
    assert b"VTIMEZONE" not in file_of(one).content


def test_an_end_that_nobody_told_is_in_no_calendar():
    entry = entry_of(make_event())

    assert "dtend" not in entry
    assert "duration" not in entry


@pytest.mark.parametrize(
    ("verb", "status", "summary"),
    [("cancel", "CANCELLED", "Cancelled: Evening"), ("postpone", "TENTATIVE", "Postponed: Evening")],
)
def test_what_does_not_take_place_stays_in_the_calendar_and_says_so(verb, status, summary):
    event = make_event(title="Evening")
    before = entry_of(event)
    getattr(moderation, verb)(event, by=None)
    after = entry_of(event)

    assert (after["status"], after["summary"], after["transp"]) == (status, summary, "TRANSPARENT")
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_the_same_event_is_the_same_file_until_it_changes(clock):
    event = make_event(status=Status.PENDING)
    moderation.publish(event, by=make_moderator("DE"))
    before = file_of(event).content
    clock.move_to(datetime(2026, 12, 1, 8, 30, tzinfo=UTC))
    assert file_of(event).content == before

    moderation.cancel(event, by=None)

    entry = entry_of(event)
    assert entry["dtstamp"].dt == entry["last-modified"].dt == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def test_the_file_is_in_the_language_asked_for():
    event = make_event()

    assert f"/az/events/{event.pk}/" in entry_of(event, "?lang=az")["url"]
    assert f"/en/events/{event.pk}/" in entry_of(event)["url"]
    assert file_of(event, "?lang=ru").headers["Content-Language"] == "ru"
    assert entry_of(event, "?lang=ru")["location"] == "Berlin, Германия"


@pytest.mark.parametrize("language", ["de", "", "AZ", "%00", "az%0d%0aX:1"])
def test_a_language_that_the_site_has_not_is_refused(language):
    assert file_of(make_event(), f"?lang={language}").status_code == 400


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
def test_an_event_that_is_not_published_is_in_no_calendar(status):
    event = make_event(title="Sentinel", status=status)

    response = file_of(event)
    assert (response.status_code, b"Sentinel" in response.content) == (404, False)


def test_a_withdrawn_event_that_was_public_is_gone_from_calendars():
    event = make_event(title="Sentinel", status=Status.PENDING)
    moderation.publish(event, by=make_moderator("DE"))
    moderation.withdraw(event, by=None)

    response = file_of(event)
    assert (response.status_code, b"Sentinel" in response.content) == (410, False)


@pytest.mark.parametrize("visibility", ["city_only", "on_request"])
def test_a_hidden_address_is_in_no_calendar(visibility):
    hidden = {"venue": "Sentinel", "address": "Sentinel", "latitude": 52.4242, "longitude": 13.4343}
    event = make_event(place=make_city(), address_visibility=visibility, **hidden)

    entry = entry_of(event)
    assert entry["location"] == "Berlin, Germany"
    assert "geo" not in entry
    assert b"Sentinel" not in file_of(event).content


def test_a_public_address_is_where_to_go():
    exact = {"latitude": 52.51631, "longitude": 13.37777}
    entry = entry_of(make_event(venue="Sample House", address="Sample Street 12", **exact))

    assert entry["location"] == "Sample House, Sample Street 12, Berlin, Germany"
    assert entry["geo"].to_ical() == "52.51631;13.37777"


def test_an_online_event_is_online_and_tells_its_link():
    entry = entry_of(make_event(format="online", city="", online_url="https://example.org/live"))

    assert entry["location"] == "Online"
    assert "https://example.org/live" in entry["description"]


def test_the_private_contact_is_in_no_calendar():
    event = make_event(contact_email="sentinel@example.org", contact_name="Sentinel")

    assert b"entinel" not in file_of(event).content
    assert "organizer" not in entry_of(event)


def test_the_description_is_readable_without_html():
    entry = entry_of(make_event(description="An *evening*.\n\n- tar\n- [map](https://example.org/)"))

    assert entry["description"].startswith("An evening.\n\n– tar\n– map (https://example.org/)\n\nHeld by: Sample")


def test_lines_are_folded_at_75_octets_and_no_control_breaks_the_file():
    event = make_event(
        title="Gecə\x0b\x01 \u202e" + "ə" * 100,  # no NUL: PostgreSQL keeps none
        description="ş\u2028" * 2000,
        organiser="A\r\nATTENDEE:x",
        city="B\x0c\x85",
    )
    content = file_of(event).content

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert not set(content) & set(range(32)) - set(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert not {"\u202e", "\u2028", "\x85"} & set(content.decode())
    assert b"\r\nATTENDEE" not in content
    assert entry_of(event)["summary"] == "Gecə " + "ə" * 100


def test_what_is_no_event_has_no_calendar():
    for number in ("0", "99999999999999999999999"):
        assert Client().get(f"/events/{number}.ics").status_code == 404
    assert Client().post("/events/1.ics").status_code == 405
