"""Changes of a published event: proposed by its organiser, decided by a moderator, and seen by nobody before that."""

from copy import copy
from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from post_office.models import Email

from events import amendments, images, moderation, text
from events.forms.edit import EditForm
from events.models import AMENDABLE, Amendment, Event, Step, read_version
from events.moves import NotAllowed
from tests import pictures
from tests.factories import make_city, make_event, make_moderator, submission
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

PUBLIC = ("/en/", "/az/", "/en/events/", "/en/countries/de/", "/en/around-the-clock/", "/en/events/?q=sample")


def change(event, **fields):
    """The event as its organiser wants it, not stored."""
    wanted = copy(event)
    for name, value in fields.items():
        setattr(wanted, name, value)
    return wanted


def propose(event, *, proposal=0, **fields):
    amendments.propose(event, change(event, **fields), version=event.version, proposal=proposal)
    return Amendment.objects.get(event=event)


def reload(row):
    return type(row).objects.get(pk=row.pk)


def store_picture():
    name = images.store(images.clean(pictures.photo()))
    return {"image": name, "image_alt": "Sample", "image_width": 640, "image_height": 480}


def verbs_of(event):
    return [step.verb for step in event.steps.all()]


@pytest.fixture
def event():
    return make_event(title="First name", address="Sample Street 1", place=make_city())


@pytest.fixture
def moderator():
    return make_moderator("DE")


# What visitors see


def test_visitors_see_not_a_byte_of_what_is_proposed_refused_or_taken_back(event, moderator, clock):
    visitor, doors = Client(), (*PUBLIC, event.get_absolute_url(), f"/events/{event.pk}.ics")

    def look():
        return [read_version(), *((answer.content, answer.headers.get("ETag")) for answer in map(visitor.get, doors))]

    before = look()
    clock.shift(timedelta(minutes=5))

    wanted = {"title": "Second name", "city": "Hamburg", "place": make_city(id=1, name="Hamburg")}
    amendment = propose(event, **wanted, start_date=date(2026, 12, 30), supporters="Sentinel", format="hybrid")
    assert look() == before
    amendments.refuse(amendment, by=moderator, version=1, reason="Why?")
    assert look() == before
    amendments.take_back(reload(amendment))
    assert look() == before
    assert Event.objects.filter(search_text__contains="second").count() == 0


def test_an_accepted_change_is_seen_everywhere_at_once(event, moderator):
    visitor, old_address = Client(), event.get_absolute_url()
    hamburg = make_city(id=1, name="Hamburg", latitude=53.55, longitude=10.0)
    wanted = {"title": "Second name", "city": "Hamburg", "place": hamburg, "start_time": time(20, 30)}
    amendment = propose(event, **wanted, start_date=date(2026, 12, 30))

    amendments.accept(amendment, by=moderator, version=1)

    answer = visitor.get(old_address)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/en/events/{event.pk}/second-name/")
    page = visitor.get(answer.headers["Location"]).text
    assert "Second name" in page
    assert "First name" not in page
    assert "Second name" in visitor.get("/en/events/?q=second").text
    assert "Second name" not in visitor.get("/en/events/?q=first").text
    assert 'data-city="Hamburg"' in visitor.get("/en/countries/de/").text
    calendar = visitor.get(f"/events/{event.pk}.ics").text
    assert "SEQUENCE:2" in calendar
    assert "DTSTART;TZID=Europe/Berlin:20261230T203000" in calendar


def test_what_follows_from_a_change_follows(event):
    amendment = propose(event, title="Keçən il", start_date=date(2025, 12, 27), start_time=None)
    assert (amendment.proposed().slug, amendment.proposed().edition) == ("kecen-il", 2025)

    amendments.accept(amendment, by=User.objects.create_superuser("chief"), version=1)

    event.refresh_from_db()
    assert (event.slug, event.edition, event.start_time) == ("kecen-il", 2025, None)
    assert event.starts_at.isoformat() == "2025-12-26T23:00:00+00:00"
    assert "kecen" in event.search_text


# The organiser


def test_a_proposal_and_its_acceptance_are_steps_and_the_second_is_a_letter(event, moderator):
    amendment = propose(event, title="Second name")
    assert not Email.objects.exists()

    amendments.accept(amendment, by=moderator, version=1, reason="Fine.")

    assert not Amendment.objects.exists()
    assert [(step.verb, step.version, step.by) for step in event.steps.all()] == [
        ("propose", 1, None),
        ("accept", 2, moderator),
    ]
    assert "Second name" in Email.objects.get(to="private@example.org").message


def test_the_organiser_changes_the_proposal_and_there_is_one(event):
    propose(event, title="Second name")
    amendment = propose(event, title="Third name", venue="House", proposal=1)

    assert (amendment.version, amendment.proposed().title, amendment.changes.keys()) == (
        2,
        "Third name",
        {"title", "venue"},
    )
    assert verbs_of(event) == ["propose", "propose"]


@pytest.mark.parametrize("seen", [0, 2])
def test_a_proposal_from_a_stale_page_does_not_replace_another(event, seen):
    propose(event, title="Second name")

    with pytest.raises(NotAllowed, match="first"):
        propose(event, title="Third name", proposal=seen)

    assert Amendment.objects.get().changes == {"title": "Second name"}


def test_the_same_proposal_sent_twice_is_one(event):
    for _time in range(2):
        propose(event, title="Second name", start_date=date(2026, 12, 30), start_time=time(18, 0, 30))

    assert Amendment.objects.get().version == 1
    assert verbs_of(event) == ["propose"]


def test_proposing_nothing_is_said(event):
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        propose(event)
    propose(event, title="Second name")
    with pytest.raises(NotAllowed, match="take it back"):
        propose(event, proposal=1)

    assert Amendment.objects.get().changes == {"title": "Second name"}


def test_nothing_is_proposed_for_an_event_that_is_not_published():
    for status in ("unconfirmed", "pending", "returned", "declined", "withdrawn"):
        with pytest.raises(NotAllowed):
            propose(make_event(status=status), title="Second name")

    assert not Step.objects.exists()


def test_what_was_taken_back_cannot_be_accepted(event, moderator):
    amendment = propose(event, title="Second name")
    amendments.take_back(reload(amendment))

    with pytest.raises(NotAllowed, match="first"):
        amendments.accept(amendment, by=moderator, version=1)

    event.refresh_from_db()
    assert (event.title, event.version, verbs_of(event)) == ("First name", 1, ["propose", "take_back"])
    assert not Email.objects.exists()


def test_what_was_refused_stays_with_its_organiser_to_be_sent_anew(event, moderator):
    amendment = propose(event, title="Second name")
    amendments.refuse(amendment, by=moderator, version=1, reason="Which hall?")

    letter = Email.objects.get(to="private@example.org")
    assert "Which hall?" in letter.message
    assert "/my-events/enter/" in letter.message
    assert not Amendment.objects.for_moderator(moderator).exists()
    form = EditForm(event=reload(event), now=timezone.now())
    assert (form["title"].value(), form["proposal"].value()) == ("Second name", 2)

    propose(event, title="Second name", venue="House", proposal=2)
    assert Amendment.objects.for_moderator(moderator).get().version == 3


@pytest.mark.parametrize("reason", ["", " \n"])
def test_nothing_is_refused_without_a_reason(event, moderator, reason):
    with pytest.raises(NotAllowed, match="reason"):
        amendments.refuse(propose(event, title="Second name"), by=moderator, version=1, reason=reason)

    assert Amendment.objects.open().exists()


# When something else happens meanwhile


def test_a_moderator_accepts_no_other_proposal_than_the_one_on_the_screen(event, moderator):
    seen = propose(event, title="Second name")
    propose(event, title="Third name", proposal=1)

    for amendment in (seen, reload(seen)):
        with pytest.raises(NotAllowed, match="first"):
            amendments.accept(amendment, by=moderator, version=1)
        with pytest.raises(NotAllowed, match="first"):
            amendments.refuse(amendment, by=moderator, version=1, reason="No.")

    event.refresh_from_db()
    assert (event.title, event.version, Email.objects.count()) == ("First name", 1, 0)
    assert reload(seen).changes == {"title": "Third name"}


def reopen_and_publish(event, *, by):
    moderation.reopen(event, by=by)
    moderation.publish(event, by=by)


@pytest.mark.parametrize("happen", [moderation.cancel, moderation.postpone, reopen_and_publish])
def test_a_proposal_for_what_changed_meanwhile_is_not_accepted_until_it_is_sent_anew(event, moderator, happen):
    stale = propose(event, title="Second name")
    happen(reload(event), by=moderator)
    event.refresh_from_db()
    public = Client().get(event.get_absolute_url()).text
    letters = Email.objects.count()

    for amendment in (stale, reload(stale)):
        with pytest.raises(NotAllowed):
            amendments.accept(amendment, by=moderator, version=1)

    assert Client().get(event.get_absolute_url()).text == public
    assert (reload(event).title, Email.objects.count(), reload(stale).is_outdated) == ("First name", letters, True)
    sent_anew = propose(event, title="Second name", proposal=1)
    amendments.accept(sent_anew, by=moderator, version=2)
    assert (reload(event).title, reload(event).condition) == ("Second name", event.condition)


def test_an_outdated_proposal_can_be_refused(event, moderator):
    amendment = propose(event, title="Second name")
    moderation.cancel(reload(event), by=None)

    amendments.refuse(amendment, by=moderator, version=1, reason="It is cancelled.")

    assert reload(amendment).is_refused


def test_a_withdrawn_event_has_nothing_proposed(event):
    propose(event, title="Second name")

    moderation.withdraw(event, by=None)

    assert not Amendment.objects.exists()


def test_what_is_proposed_for_a_reopened_event_waits_for_nobody_and_goes_into_it_with_the_next_change(event, moderator):
    amendment = propose(event, title="Second name")
    moderation.reopen(reload(event), by=moderator)

    assert not Amendment.objects.for_moderator(moderator).exists()
    with pytest.raises(NotAllowed):
        amendments.accept(reload(amendment), by=moderator, version=1)
    with pytest.raises(NotAllowed):
        amendments.refuse(reload(amendment), by=moderator, version=1, reason="No.")
    form = EditForm(event=reload(event), now=timezone.now())
    assert form["title"].value() == "Second name"
    moderation.edit(form.instance, version=2)
    assert (reload(event).title, Amendment.objects.exists()) == ("Second name", False)


# Whose it is


def test_only_a_moderator_of_the_event_decides(event):
    amendment = propose(event, title="Second name")

    for user in (make_moderator("FR"), make_moderator(), make_moderator("DE", is_active=False)):
        assert not Amendment.objects.for_moderator(user).exists()
        with pytest.raises(NotAllowed):
            amendments.accept(amendment, by=user, version=1)
        with pytest.raises(NotAllowed):
            amendments.refuse(amendment, by=user, version=1, reason="No.")

    assert (reload(event).title, verbs_of(event)) == ("First name", ["propose"])


def test_an_event_moves_to_another_country_only_by_a_moderator_of_both(event, moderator):
    paris = make_city(id=2, name="Paris", country="FR", zone="Europe/Paris", latitude=48.85, longitude=2.35)
    amendment = propose(event, country="FR", city="Paris", place=paris, zone="Europe/Paris")

    for user in (moderator, make_moderator("FR")):
        with pytest.raises(NotAllowed):
            amendments.accept(amendment, by=user, version=1)
    assert reload(event).country == "DE"

    amendments.accept(amendment, by=make_moderator("DE", "FR"), version=1)
    assert (reload(event).country, reload(event).place) == ("FR", paris)


# What is kept of it


def test_a_new_city_brings_its_place_zone_and_position(event, moderator):
    lisbon = make_city(id=3, name="Vigo", country="ES", zone="Europe/Madrid", latitude=42.23, longitude=-8.72)
    data = QueryDict(mutable=True)
    for name, value in submission(country="ES", city="Vigo", zone="", venue="", image_alt="").items():
        data.setlist(name, value if isinstance(value, list) else [value])
    data |= {"version": "1", "proposal": "0"}
    form = EditForm(data, event=event, now=timezone.now())
    assert form.is_valid(), form.errors

    form.save()
    amendments.accept(Amendment.objects.get(), by=make_moderator("DE", "ES"), version=1)

    moved = reload(event)
    assert (moved.place, moved.zone, moved.latitude, moved.longitude) == (lisbon, "Europe/Madrid", 42.23, -8.72)


lines = st.text(max_size=60).map(text.clean_line)
clocks = st.none() | st.times()
wanted = st.fixed_dictionaries(
    {},
    optional={
        "title": lines,
        "description": st.text(max_size=5000).map(text.clean_text),
        "organiser": lines,
        "venue": lines,
        "contact_name": lines,
        "country": st.sampled_from(["DE", "FR", "AZ"]),
        "latitude": st.none() | st.floats(-90, 90),
        "longitude": st.none() | st.floats(-180, 180),
        "start_date": st.dates(date(2020, 12, 1), date(2040, 1, 31)),
        "start_time": clocks,
        "end_date": st.none() | st.dates(date(2041, 1, 1), date(2042, 1, 1)),
        "end_time": clocks,
        "zone": st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati"]),
        "image": st.sampled_from(["", "0" * 32]),
        "image_width": st.none() | st.integers(1, 1600),
        "place_id": st.none() | st.just(2950159),
    },
)


@given(wanted=wanted)
def test_whatever_is_proposed_is_kept_exactly(wanted):
    event = make_event(place=make_city(), latitude=52.5, longitude=13.4, end_time=time(23, 0))
    proposed = change(event, **wanted)
    if all(getattr(event, name) == value for name, value in wanted.items()):
        return

    amendments.propose(event, proposed, version=1, proposal=0)

    stored = Amendment.objects.get(event=event).proposed()
    for name in AMENDABLE:
        assert getattr(stored, name) == getattr(proposed, name), name


def test_the_new_picture_is_private_until_it_is_accepted_and_the_old_one_is_swept(event, moderator, clock):
    old, new = store_picture(), store_picture()
    Event.objects.filter(pk=event.pk).update(**old)
    event.refresh_from_db()
    visitor, colleague, stranger = Client(), Client(), Client()
    sign_in(colleague, moderator)
    sign_in(stranger, make_moderator("FR"))

    def statuses(picture):
        address = f"/pictures/{picture['image']}-480.avif"
        answers = [client.get(address) for client in (visitor, colleague, stranger)]
        for answer in answers:
            answer.getvalue()  # or its file stays open
        return [answer.status_code for answer in answers]

    amendment = propose(event, **new)
    assert (statuses(old), statuses(new)) == ([200, 200, 200], [404, 200, 404])

    amendments.accept(amendment, by=moderator, version=1)
    assert (statuses(old), statuses(new)) == ([404, 404, 404], [200, 200, 200])

    clock.shift(timedelta(days=9))  # for a week the change can be undone
    call_command("purge")
    assert not default_storage.exists(f"pictures/{old['image']}/480.avif")
    assert default_storage.exists(f"pictures/{new['image']}/480.avif")


def test_a_picture_that_is_only_proposed_or_refused_is_not_swept(event, moderator, clock):
    new = store_picture()
    amendments.refuse(propose(event, **new), by=moderator, version=1, reason="Smaller, please.")

    clock.shift(timedelta(days=3))
    call_command("purge")

    assert default_storage.exists(f"pictures/{new['image']}/480.avif")


def test_the_address_becomes_hidden_everywhere_only_by_acceptance(event, moderator):
    amendment = propose(event, address_visibility="on_request")
    assert "Sample Street 1" in Client().get(event.get_absolute_url()).text

    amendments.accept(amendment, by=moderator, version=1)

    for address in (event.get_absolute_url(), f"/events/{event.pk}.ics"):
        assert "Sample Street" not in Client().get(address).text
    assert "street" not in reload(event).search_text
