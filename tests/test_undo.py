"""Taking a decision back, so that all is as it was before."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from post_office.models import Email

from events import amendments, erasure, images, merging, moderation, reports, trust
from events.models import Amendment, Condition, Event, Report, Status, apply_changes
from events.moves import NotAllowed
from tests import pictures
from tests.factories import make_event, make_moderator
from tests.organisers import organiser, words_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_moderator("DE")


def store_picture(color):
    name = images.store(images.clean(pictures.photo(640, 480 + color)))
    return {"image": name, "image_alt": "Sample", "image_width": 640, "image_height": 480 + color}


def change(event, *, by, **changes):
    """Propose and accept; the event as it is then."""
    amendments.propose(event, apply_changes(event, changes), version=event.version, proposal=0)
    amendment = Amendment.objects.select_related("event").get(event=event)
    amendments.accept(amendment, by=by, version=amendment.version)
    return Event.objects.get(pk=event.pk)


def test_an_accepted_change_is_undone_to_the_last_word_and_the_organiser_reads_why(moderator):
    event = make_event(title="First name", venue="A hall")
    changed = change(event, by=moderator, title="Second name", venue="", start_time="18:00:00")

    amendments.revert(changed, by=moderator, reason="The hall says seven.")

    after = Event.objects.get(pk=event.pk)
    assert (after.title, after.venue, after.start_time) == ("First name", "A hall", event.start_time)
    letter = Email.objects.latest("id")
    assert "The hall says seven." in letter.message
    assert letter.subject.endswith("your change was undone")
    assert "/my-events/enter/" in letter.message  # to answer by


def test_only_the_last_that_happened_is_undone(moderator):
    changed = change(make_event(title="First name"), by=moderator, title="Second name")
    moderation.cancel(changed, by=moderator)

    with pytest.raises(NotAllowed):
        amendments.revert(changed, by=moderator, reason="No.")


def test_undoing_does_not_move_an_event_to_a_country_of_others(moderator):
    chief = make_moderator("DE", "FR")
    event = make_event(country="FR", city="Paris", zone="Europe/Paris")
    changed = change(event, by=chief, country="DE", city="Berlin", zone="Europe/Berlin")

    with pytest.raises(NotAllowed, match="not yours"):
        amendments.revert(changed, by=moderator, reason="No.")
    assert Event.objects.get(pk=event.pk).country == "DE"


def test_a_postponed_event_is_postponed_again_when_its_new_date_is_undone(moderator):
    event = make_event()
    moderation.postpone(event, by=moderator)
    changed = change(event, by=moderator, start_date="2026-12-29")
    assert changed.condition == Condition.PLANNED

    amendments.revert(changed, by=moderator, reason="Not settled yet.")

    after = Event.objects.get(pk=event.pk)
    assert (after.condition, after.start_date) == (Condition.POSTPONED, date(2026, 12, 27))


def test_the_picture_from_before_waits_a_week_for_being_undone(moderator, clock):
    first, second = store_picture(0), store_picture(1)
    changed = change(make_event(**first), by=moderator, **second)
    clock.shift(timedelta(days=6))
    call_command("purge")

    amendments.revert(changed, by=moderator, reason="Not your picture.")

    assert Event.objects.get(pk=changed.pk).image == first["image"]
    assert images.exists(first["image"], 640)


def test_after_a_week_a_deleted_picture_is_said_and_nothing_changes(moderator, clock):
    changed = change(make_event(**store_picture(0)), by=moderator, **store_picture(1))
    clock.shift(timedelta(days=9))
    call_command("purge")

    with pytest.raises(NotAllowed, match="deleted already"):
        amendments.revert(changed, by=moderator, reason="Not your picture.")


def test_pictures_of_undoable_changes_go_with_all_data_of_their_organiser(moderator):
    first = store_picture(0)
    change(make_event(**first), by=moderator, **store_picture(1))

    erasure.forget("private@example.org")

    assert not images.exists(first["image"], 640)


def test_what_was_proposed_is_still_there_when_a_merging_is_undone(moderator):
    event, other = make_event(title="First name"), make_event()
    amendments.propose(event, apply_changes(event, {"title": "Second name"}), version=1, proposal=0)
    merging.merge(event, by=moderator, into=other)

    merging.split(event, by=moderator)

    assert Amendment.objects.get(event=event).changes == {"title": "Second name"}


def test_a_trusted_organiser_who_presses_twice_changes_the_event_once(moderator):
    event = make_event(title="First name")
    trust.grant(event, by=moderator)
    for _press in range(2):
        amendments.propose(event, apply_changes(event, {"title": "Second name"}), version=1, proposal=0)

    after = Event.objects.get(pk=event.pk)
    assert (after.title, after.version, after.steps.count()) == ("Second name", 2, 2)


def test_the_address_of_an_imported_event_is_not_trusted(moderator):
    [event] = moderation.add_all([_imported()], status=Status.PUBLISHED)

    with pytest.raises(NotAllowed):
        trust.grant(event, by=moderator)


def _imported():
    event = make_event()
    Event.objects.filter(pk=event.pk).delete()
    event.pk = None
    return event


@pytest.mark.parametrize(
    ("verb", "stands"),
    [
        (moderation.publish, {"status": Status.PENDING}),
        (moderation.return_, {"status": Status.PENDING}),
        (moderation.decline, {"status": Status.PENDING}),
        (moderation.reopen, {"status": Status.PUBLISHED}),
        (moderation.reopen, {"status": Status.DECLINED}),
        (moderation.restore, {"condition": Condition.CANCELLED}),
    ],
)
def test_whatever_a_moderator_writes_is_in_the_letter_and_in_my_events(moderator, verb, stands):
    event = make_event(**stands)

    verb(event, by=moderator, reason="Bring chairs.")

    assert "Bring chairs." in Email.objects.latest("id").message
    assert "Bring chairs." in words_of(organiser(), event)


def test_why_a_change_was_undone_is_said_first_until_something_else_happens(moderator):
    changed = change(make_event(title="First name"), by=moderator, title="Second name")
    amendments.revert(changed, by=moderator, reason="The hall says seven.")

    page = words_of(organiser(), changed)
    assert "A moderator wrote: The hall says seven." in page
    assert page.count("The hall says seven.") == 2  # as the note, and in the history

    moderation.postpone(Event.objects.get(pk=changed.pk), by=None)
    page = words_of(organiser(), changed)
    assert "A moderator wrote" not in page
    assert "The hall says seven." in page


@pytest.mark.parametrize("address", ["/en/submit/", "/en/events/{pk}/report/", "/admin/login/", "/admin/logout/"])
@pytest.mark.parametrize("field", ["work", "stamp", "next", "username"])
def test_a_form_in_another_encoding_is_refused_in_words(address, field):
    event = make_event()
    body = f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\na:b:+2AA-\r\n--x--\r\n'
    content_type = "multipart/form-data; boundary=x; charset=utf-7"

    answer = Client().post(address.format(pk=event.pk), body, content_type=content_type)

    assert answer.status_code == 400


def test_a_refusal_is_taken_back_and_the_change_waits_again(moderator):
    event = make_event(title="First name")
    amendments.propose(event, apply_changes(event, {"title": "Second name"}), version=1, proposal=0)
    amendment = Amendment.objects.select_related("event").get()
    amendments.refuse(amendment, by=moderator, version=amendment.version, reason="No.")
    desk = sign_in(Client(), moderator)

    page = desk.get(f"/admin/events/event/?done={event.pk}").text
    assert 'name="_reconsider"' in page
    seen = Amendment.objects.get().version
    assert f'name="proposal" value="{seen}"' in page
    told = {"_reconsider": "x", "version": 1, "proposal": seen, "reason": "I read it wrongly."}
    desk.post(f"/admin/events/event/{event.pk}/change/", told)

    letter = Email.objects.order_by("-id")[0]
    assert "a moderator looks at your change again" in letter.subject
    assert "I read it wrongly." in letter.message
    again = Amendment.objects.select_related("event").get()
    assert not again.is_refused
    amendments.accept(again, by=moderator, version=again.version)
    assert Event.objects.get().title == "Second name"


def test_settled_reports_wait_again_when_that_is_undone(moderator):
    event = make_event(status=Status.PENDING)
    moderation.publish(event, by=moderator)
    reports.add(event, subject="wrong", text="It is on Sunday.")
    last = Report.objects.get().pk
    desk = sign_in(Client(), moderator)
    sent = {"_settle": "x", "version": 2, "report": last}
    page = desk.post(f"/admin/events/event/{event.pk}/change/", sent, follow=True).text
    assert 'name="_unsettle"' in page

    desk.post(f"/admin/events/event/{event.pk}/change/", {"_unsettle": "x", "version": 2})

    assert Report.objects.open().count() == 1
