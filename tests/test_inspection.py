"""What the desk finds out about an event by itself, and says to the moderator."""

from datetime import date, time

import pytest
from django.utils import timezone

from events import inspection
from tests.factories import PARIS, make_city, make_event

pytestmark = pytest.mark.django_db

GOOD = {"venue": "Sample House", "description": "An evening of mugham.", "admission": "free"}
ONLINE = {"format": "online", "city": "", "online_url": "https://example.org/live"}


def found(**fields):
    """The sentences of what is bad about an event like that, and the words of what is good."""
    event = make_event(**{"place": make_city(), **GOOD, **fields})
    findings = inspection.inspect(event, now=timezone.now())
    return [finding.words for finding in findings if not finding.is_good], [
        finding.words for finding in findings if finding.is_good
    ]


def test_an_event_without_fault_is_told_so_in_few_words():
    bad, good = found(website="https://example.org")

    assert bad == []
    assert good == ["city in its country", "date in the window", "no link shorteners"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"place": None}, "The city is not in our data: is there one of that name in the country?"),
        ({"latitude": 48.1, "longitude": 11.6}, "The spot on the map is far from the city."),
        ({"zone": "Asia/Tokyo"}, "The time zone is not one of the country."),
        ({"venue": ""}, "Neither venue nor address is given."),
        ({"address_visibility": "on_request"}, "The place is told on request, but there is nobody to ask."),
        ({"start_date": date(2026, 11, 28)}, "The date is not in December or January."),
        ({"start_date": date(2027, 12, 28)}, "It belongs to a later edition: 2027."),
        ({"start_date": date(2025, 12, 28)}, "It is over already."),
        ({"start_time": None}, "No hour is given."),
        ({"description": "See https://bit.ly/abc."}, "A link hides where it leads: bit.ly."),
        ({"website": "https://www.TinyURL.com/abc"}, "A link hides where it leads: tinyurl.com."),
        ({"description": "www.a.de www.b.de www.c.de https://d.de"}, "4 links in the text."),
        (
            {**ONLINE, "online_url": "", "format": "in_person", "city": "Berlin", "admission": "ticket"},
            "not said where.",
        ),
        ({"title": "SOLIDARITY EVENING"}, "The name is all in capitals."),
        ({"description": ""}, "There is no description."),
        (
            {"description": "Write to Private@Example.org"},
            "The private e-mail address stands in what visitors will see.",
        ),
        ({"description": "Call +49 170 1234567."}, "A telephone number stands in what visitors will see"),
        ({"image": "a" * 32, "image_alt": "..."}, "The picture is not described in words."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(fields, sentence):
    bad, _good = found(**fields)

    assert any(sentence in words for words in bad), bad


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 52.6, "longitude": 13.5},  # in Berlin
        {"title": "ADA"},
        {"title": "2026-12-31 19:00"},
        {"kind": "exhibition", "start_time": None},
        {"start_date": date(2026, 12, 28), "start_time": None, "end_date": date(2026, 12, 30)},
        {"address_visibility": "on_request", "public_contact": "@sample"},
        {"address_visibility": "city_only", "venue": ""},
        {"admission": "ticket", "registration_url": "https://example.org/tickets"},
        {"public_contact": "private@example.org", "description": "Write to private@example.org."},
        {"description": "On 31.12.2026 at 19:00, 1989/1990, ISBN 978-3-16-148410-0."},
        {"website": "https://maps.app.goo.gl/abc"},
        {"website": "https://forms.gle/abc"},
        {"source_url": "https://example.org/report", "start_date": date(2025, 12, 28), "start_time": None},
    ],
)
def test_what_is_right_is_not_complained_of(fields):
    assert found(**fields)[0] == []


def test_a_city_of_another_country_is_noticed():
    assert "The city that was found is not in the country." in found(place=make_city(**PARIS))[0]


def test_an_online_event_is_asked_for_no_venue():
    bad, good = found(**ONLINE, place=None, venue="")

    assert bad == []
    assert "link to take part" in good


def test_a_link_that_is_broken_is_no_error():
    assert found(description="https://[broken and http:// too")[0] == []


def test_what_is_bad_stands_first():
    event = make_event(place=make_city(), start_time=time(19))

    findings = inspection.inspect(event, now=timezone.now())

    assert [finding.is_good for finding in findings] == sorted(finding.is_good for finding in findings)
    assert not findings[0].is_good
