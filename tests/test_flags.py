"""What stands beside an event in the queue: what a moderator should know of it before reading it."""

from datetime import date

import pytest
from django.utils import timezone

from events import amendments, moderation, reports, trust
from events.admin.flags import find_doubles, find_facts, say_flags
from events.admin.lines import read
from events.models import Event, Report, Status, apply_changes
from tests.factories import make_city, make_event, make_moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_moderator("DE", "AT")


def find_flags(events, user):
    rows = read(Event.objects.for_moderator(user), [event.pk for event in events])
    return say_flags(rows, user, facts=find_facts(rows, user))


def labels(event, user):
    return [flag.label for flag in find_flags([event], user)[event.pk]]


def make_pending(**fields):
    return make_event(status=Status.PENDING, **{"contact_email": "new@example.org", "organiser": "Others", **fields})


def publish_one_of(address, *, by, **fields):
    """An event of this organiser that was published as events are."""
    event = make_event(status=Status.PENDING, contact_email=address, start_date=date(2026, 12, 5), **fields)
    moderation.publish(event, by=by)
    return event


# First-time organisers


def test_whoever_never_had_an_event_published_is_marked_as_new(anna):
    assert labels(make_pending(), anna) == ["first time"]


def test_whoever_had_an_event_published_is_not_new_however_the_address_is_written(anna):
    publish_one_of("New@example.org", by=anna)

    assert labels(make_pending(), anna) == []


def test_whoever_had_events_declined_only_is_new(anna):
    moderation.decline(make_pending(start_date=date(2026, 12, 5)), by=anna, reason="No.")

    assert labels(make_pending(), anna) == ["first time"]


def test_what_was_published_in_a_foreign_country_is_not_known(anna):
    publish_one_of("new@example.org", by=make_moderator("FR"), country="FR", city="Paris")

    assert labels(make_pending(), anna) == ["first time"]


def test_an_imported_event_without_an_address_is_of_no_organiser_who_could_be_new(anna):
    assert labels(make_pending(contact_email=""), anna) == []


# What is asked about published events


def test_a_proposed_change_marks_the_event_until_it_is_decided(anna):
    event = publish_one_of("new@example.org", by=anna)
    amendments.propose(event, apply_changes(event, {"title": "Another title"}), version=event.version, proposal=0)

    assert labels(event, anna) == ["amended"]

    event.refresh_from_db()
    amendments.refuse(event.amendment, by=anna, version=event.amendment.version, reason="No.")
    assert labels(event, anna) == []


def test_reports_are_counted_until_they_are_settled(anna):
    event = publish_one_of("new@example.org", by=anna)
    for text in ("It is next door.", "It is at eight."):
        reports.add(event, subject=Report.Subject.WRONG, text=text)

    assert labels(event, anna) == ["2 reports"]

    reports.settle(event, by=anna, last=Report.objects.last().pk, now=timezone.now())
    assert labels(event, anna) == []


def test_a_cancelled_event_says_so(anna):
    event = publish_one_of("new@example.org", by=anna)
    moderation.cancel(event, by=anna)

    assert labels(event, anna) == ["Cancelled"]


def test_a_trusted_organiser_is_marked_in_the_country_of_the_trust_alone(anna):
    event = publish_one_of("new@example.org", by=anna)
    trust.grant(event, by=anna)

    assert labels(make_pending(), anna) == ["trusted"]
    assert labels(make_pending(country="AT", city="Wien"), anna) == []


def test_what_was_sent_back_before_says_so_when_it_comes_again(anna):
    event = make_pending()
    moderation.return_(event, by=anna, reason="At what time?")
    moderation.edit(event, version=event.version)

    assert "sent back before" in labels(event, anna)


def test_links_are_counted_in_all_that_was_typed_freely(anna):
    event = make_pending(description="See https://example.org and www.example.net", supporters="http://example.com")

    assert labels(event, anna)[0] == "3 links"


# Doubles


@pytest.fixture
def known():
    return make_event(title="Həmrəylik gecəsi", organiser="Sample Association")


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.PENDING])
def test_an_event_that_may_be_there_already_is_marked_and_shown(anna, status):
    known = make_event(title="Həmrəylik gecəsi", status=status)
    event = make_pending(title="HEMREYLIK Gecesi")

    assert labels(event, anna)[0] == "double?"
    assert find_doubles(event, anna) == [known]


@pytest.mark.parametrize("status", [Status.UNCONFIRMED, Status.RETURNED, Status.DECLINED, Status.WITHDRAWN])
def test_what_will_not_be_shown_is_nobodys_double(anna, status):
    make_event(title="Həmrəylik gecəsi", status=status)
    event = make_pending(title="Həmrəylik gecəsi")

    assert "double?" not in labels(event, anna)
    assert find_doubles(event, anna) == []


@pytest.mark.parametrize(
    "fields", [{"title": "Another"}, {"start_date": date(2026, 12, 28)}, {"city": "Köln"}, {"country": "AT"}]
)
def test_an_event_of_another_name_day_or_place_is_no_double(anna, known, fields):
    event = make_pending(**{"title": "Həmrəylik gecəsi", **fields})

    assert "double?" not in labels(event, anna)
    assert find_doubles(event, anna) == []


def test_two_events_in_the_same_city_of_the_data_are_compared_however_it_was_written(anna):
    place = make_city()
    known = make_event(title="Həmrəylik gecəsi", city="Berlin", place=place)
    event = make_pending(title="Həmrəylik gecəsi", city="Berlin-Mitte", place=place)

    assert labels(event, anna)[0] == "double?"
    assert find_doubles(event, anna) == [known]


def test_two_online_events_of_one_country_are_compared(anna):
    online = {"format": "online", "city": "", "online_url": "https://example.org/live"}
    make_event(title="Həmrəylik gecəsi", **online)

    assert labels(make_pending(title="Həmrəylik gecəsi", **online), anna)[0] == "double?"


def test_a_double_in_a_foreign_country_is_not_told_of(known):
    paul = make_moderator("FR")
    event = make_pending(title="Həmrəylik gecəsi", country="FR", city="Berlin")

    assert "double?" not in labels(event, paul)
    assert find_doubles(event, paul) == []


def test_flags_of_many_events_take_no_more_questions_than_of_one(anna, django_assert_num_queries):
    for number in range(10):
        make_pending(title=f"Evening {number}", contact_email=f"{number}@example.org")
        publish_one_of(f"p{number}@example.org", by=anna)
    events = [*Event.objects.for_moderator(anna)]

    with django_assert_num_queries(6):
        assert len(find_flags(events, anna)) == 20
