"""Links that take an event along: to calendars on the web, to whoever one tells of it."""

from datetime import date, time

import pytest

from tests.factories import make_event
from tests.reading import links_of, page_of, query_of

pytestmark = pytest.mark.django_db


def test_google_and_outlook_get_the_hours_of_the_venue():
    event = make_event(title="A & B", end_date=date(2026, 12, 28), end_time=time(1), description="Come *all*.")
    links = links_of(page_of(event))

    google, outlook = query_of(links["Google Calendar"]), query_of(links["Outlook"])
    assert (google["text"], google["dates"], google["ctz"]) == (
        "A & B",
        "20261227T190000/20261228T010000",
        "Europe/Berlin",
    )
    assert google["location"] == outlook["location"] == "Berlin, Germany"
    assert "Come all." in google["details"]
    assert (outlook["startdt"], outlook["enddt"]) == ("2026-12-27T19:00:00+01:00", "2026-12-28T01:00:00+01:00")


def test_whole_days_end_for_calendars_on_the_day_after():
    links = links_of(page_of(make_event(start_time=None, end_date=date(2026, 12, 29))))

    assert query_of(links["Google Calendar"])["dates"] == "20261227/20261230"
    outlook = query_of(links["Outlook"])
    assert (outlook["startdt"], outlook["enddt"], outlook["allday"]) == ("2026-12-27", "2026-12-30", "true")


def test_links_to_calendars_stay_short_however_long_the_text():
    event = make_event(title="Ж" * 120, description="Ж" * 5000, address="Ж" * 300)

    assert max(len(address) for address in links_of(page_of(event)).values()) < 8000


def test_an_event_is_shared_by_plain_links_to_its_page_in_the_readers_language(settings):
    event = make_event(title="A & B #1")
    links = links_of(page_of(event, "ru"))
    address = f"{settings.SITE_URL}/ru/events/{event.pk}/a-b-1/"

    assert query_of(links["WhatsApp"]) == {"text": f"A & B #1\n{address}"}
    assert query_of(links["Telegram"]) == {"url": address, "text": "A & B #1"}
    assert query_of(links["Facebook"]) == {"u": address}
    assert query_of(links["Эл. почта"]) == {"subject": "A & B #1", "body": f"A & B #1\r\n{address}"}
