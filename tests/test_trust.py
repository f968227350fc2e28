"""Trusted organisers: what they change in their published events passes at once, in one country, until trust ends."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from post_office.models import Email

from events import amendments, erasure, merging, moderation, trust
from events.models import Amendment, Event, Moderator, Status, Step, Trust
from events.moves import NotAllowed
from tests.factories import make_city, make_event, make_moderator
from tests.organisers import change, changes_of, make_own_event, organiser, page_of, propose, take, words_of
from tests.reading import text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

HOME = "/admin/events/trust/"


def make_trusted(**fields):
    """A published event in Germany whose organiser is trusted there."""
    event = make_own_event(title="Old name", **fields)
    trust.grant(event, by=make_moderator("DE"))
    return event


def now(event):
    return Event.objects.get(pk=event.pk)


def verbs_of(event):
    return [*Step.objects.filter(event=event).order_by("id").values_list("verb", flat=True)]


# What passes


def test_a_change_of_a_trusted_organiser_is_public_at_once_and_the_steps_and_a_letter_say_so():
    event = make_trusted()

    change(organiser(), event, title="New name")

    assert (now(event).title, now(event).version, now(event).status) == ("New name", 2, Status.PUBLISHED)
    assert "New name" in Client().get(f"/en/events/{event.pk}/new-name/").text
    assert verbs_of(event) == ["propose", "accept"]
    assert Step.objects.get(verb="accept").by is None
    assert Step.objects.get(verb="accept").before == {"title": "Old name"}
    assert not Amendment.objects.exists()
    assert Email.objects.get().subject.endswith("your change is published")
    assert "New name" in words_of(organiser(), now(event))


def test_before_and_after_it_the_organiser_reads_that_the_change_is_public_at_once():
    event = make_trusted()

    form = text_of(page_of(organiser(), event, "my-event-edit").text)
    assert "Your change is published at once. A moderator may undo it." in form
    assert "Publish the change" in form
    assert "until a moderator has accepted" not in form
    answer = text_of(change(organiser(), event, title="New name").text)
    assert "Your change is published." in answer
    assert "sent to a moderator" not in answer


def test_a_form_that_is_sent_twice_is_answered_alike():
    event, inside = make_trusted(), organiser()
    sent = changes_of(event, title="New name")

    answers = [inside.post(f"/en/my-events/{event.pk}/edit/", sent, follow=True).text for _press in range(2)]

    assert all("Your change is published." in answer for answer in answers)


def test_nobody_is_said_to_have_accepted_what_passed_at_once():
    event = make_trusted()
    change(organiser(), event, title="New name")

    mine = words_of(organiser(), event)
    desk = text_of(sign_in(Client(), make_moderator("DE")).get(f"/admin/events/event/{event.pk}/change/").text)

    assert "change published at once · you" in mine
    assert "change published at once , organiser" in desk
    assert "change accepted" not in mine + desk


def test_what_a_moderator_accepted_is_told_as_that():
    event = make_own_event(title="Old name")
    amendments.accept(propose(event, title="New name"), by=make_moderator("DE"), version=1)

    assert "change accepted · a moderator" in words_of(organiser(), event)


def test_a_moderator_can_undo_what_passed_at_once():
    event = make_trusted()
    change(organiser(), event, title="New name")

    amendments.revert(now(event), by=make_moderator("DE"), version=2, reason="It is called otherwise.")

    assert now(event).title == "Old name"


def test_two_changes_after_each_other_pass_both():
    event = make_trusted()

    change(organiser(), event, title="New name")
    change(organiser(), now(event), title="Newest name")

    assert (now(event).title, now(event).version) == ("Newest name", 3)


def test_what_waited_when_trust_began_waits_on_until_it_is_sent_anew():
    event = make_own_event(title="Old name")
    change(organiser(), event, title="New name")

    trust.grant(event, by=make_moderator("DE"))
    assert now(event).title == "Old name"

    change(organiser(), event, title="Newest name")
    assert now(event).title == "Newest name"
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("status", [Status.PENDING, Status.RETURNED])
def test_what_is_not_published_waits_for_a_moderator_also_of_the_trusted(status):
    event = make_trusted()
    other = make_own_event(title="Another", status=status)

    form = text_of(page_of(organiser(), other, "my-event-edit").text)
    answer = change(organiser(), other, title="New name")

    assert now(other).status == Status.PENDING
    assert "A moderator looks at the event once more" in form
    assert "sent to a moderator" in answer.text
    assert now(event).status == Status.PUBLISHED


# What waits as ever


def test_a_move_to_another_country_waits_for_a_moderator():
    event = make_trusted()
    paris = make_city(id=2988507, name="Paris", country="FR", zone="Europe/Paris", latitude=48.85, longitude=2.35)

    moved = {"country": "FR", "city": "Paris", "place": paris.pk, "zone": "Europe/Paris", "address": "", "venue": ""}
    answer = change(organiser(), event, **moved)

    assert "sent to a moderator" in answer.text
    assert str(now(event).country) == "DE"
    assert Amendment.objects.get().changes["country"] == "FR"


def test_an_event_of_theirs_in_another_country_is_not_trusted():
    make_trusted()
    vienna = make_city(id=2761369, name="Vienna", country="AT", zone="Europe/Vienna", latitude=48.21, longitude=16.37)
    event = make_event(
        title="Old name", country="AT", city="Vienna", zone="Europe/Vienna", place=vienna, admission="free"
    )

    change(organiser(), event, title="New name")

    assert now(event).title == "Old name"
    assert Amendment.objects.filter(event=event).exists()


@pytest.mark.parametrize("address", ["other@example.org", "private+more@example.org", "private@example.com"])
def test_another_address_is_not_trusted(address):
    make_trusted()
    event = make_own_event(title="Old name", contact_email=address)

    change(organiser(address), event, title="New name")

    assert now(event).title == "Old name"


def test_the_same_address_in_other_letters_is_trusted():
    event = make_trusted(contact_email="Private@example.org")

    change(organiser("private@example.org"), event, title="New name")

    assert now(event).title == "New name"


def test_after_trust_has_ended_changes_wait_again():
    event = make_trusted()

    trust.end(event, by=make_moderator("DE"))
    form = text_of(page_of(organiser(), event, "my-event-edit").text)
    assert "until a moderator has accepted your change" in form
    change(organiser(), event, title="New name")

    assert now(event).title == "Old name"
    assert Amendment.objects.exists()


@pytest.mark.parametrize("forged", [{"contact_email": "other@example.org"}, {"country": "AT"}, {"status": "published"}])
def test_nobody_forges_trust_by_what_a_form_sends(forged):
    make_trusted(contact_email="other@example.org")
    event = make_own_event(title="Old name")

    organiser().post(f"/en/my-events/{event.pk}/edit/", changes_of(event, title="New name") | forged)

    assert now(event).title == "Old name"


def test_an_old_form_of_a_trusted_organiser_does_not_undo_what_happened_since():
    event = make_trusted()
    old = changes_of(event, title="From an old form")
    change(organiser(), event, title="New name")

    organiser().post(f"/en/my-events/{event.pk}/edit/", old)

    assert now(event).title == "New name"


def test_a_cancelled_event_of_a_trusted_organiser_stays_cancelled_when_it_is_changed():
    event = make_trusted()
    take(organiser(), event, "cancel")

    change(organiser(), now(event), title="New name")

    assert (now(event).title, now(event).condition) == ("New name", "cancelled")


def test_whoever_has_all_of_theirs_deleted_is_trusted_no_longer():
    event = make_trusted()

    erasure.forget(event.contact_email)

    assert not Trust.objects.exists()


# Who grants and ends it


def test_nobody_grants_or_ends_trust_in_a_country_that_is_not_theirs():
    event, stranger = make_trusted(), make_moderator("FR")
    other = make_own_event(contact_email="other@example.org")

    with pytest.raises(NotAllowed):
        trust.grant(other, by=stranger)
    with pytest.raises(NotAllowed):
        trust.end(event, by=stranger)

    assert [row.address for row in Trust.objects.all()] == ["private@example.org"]


def test_an_address_that_nobody_has_confirmed_is_not_trusted():
    event = make_own_event(status=Status.UNCONFIRMED)

    with pytest.raises(NotAllowed):
        trust.grant(event, by=make_moderator("DE"))


def test_trust_granted_twice_is_one_and_the_second_moderator_is_not_told_of_an_error():
    event = make_trusted()

    trust.grant(event, by=make_moderator("DE"))

    assert Trust.objects.count() == 1


# Whose address is proven


@pytest.fixture
def imported():
    event = make_own_event()
    Event.objects.filter(pk=event.pk).delete()
    event.pk = None
    return moderation.add_all([event], status=Status.PUBLISHED)[0]


def grants(event):
    """Whether a moderator may trust its organiser, and reads that the address is proven, which is the same."""
    page = sign_in(Client(), make_moderator("DE")).get(f"/admin/events/event/{event.pk}/change/").text
    try:
        trust.grant(now(event), by=make_moderator("DE"))
    except NotAllowed:
        is_granted = False
    else:
        is_granted = True
    assert ('name="_trust"' in page, "The address is confirmed." in page) == (is_granted, is_granted)
    return is_granted


def test_the_address_of_an_imported_event_is_not_proven_by_what_moderators_do(imported):
    moderator = make_moderator("DE")
    moderation.cancel(imported, by=moderator)
    moderation.reopen(imported, by=moderator)

    assert not grants(imported)


def test_an_organiser_who_got_in_by_a_link_has_proven_the_address_of_an_imported_event(imported):
    change(organiser(), imported, title="New name")

    assert grants(imported)


def test_what_follows_by_itself_proves_no_address(imported):
    remains = make_own_event(contact_email="other@example.org")
    merging.merge(imported, by=make_moderator("DE"), into=remains)
    moderation.withdraw(remains, by=None)
    assert verbs_of(imported) == ["import", "merge", "split"]

    assert not grants(imported)


# In the admin


@pytest.fixture
def both():
    """Trust in an organiser in Germany and in one in France, whom nobody in Germany may know."""
    make_trusted()
    foreign = make_event(country="FR", city="Paris", zone="Europe/Paris", contact_email="sentinel@example.org")
    trust.grant(foreign, by=make_moderator("FR", last_name="Sentinelname"))
    return Trust.objects.get(country="DE"), Trust.objects.get(country="FR")


def choose(*rows, **fields):
    return {"action": "delete_selected", "_selected_action": [row.pk for row in rows], **fields}


def test_a_moderator_sees_who_is_trusted_in_their_countries_since_when_and_by_whom(both, clock):
    page = text_of(sign_in(Client(), make_moderator("DE")).get(HOME).text)

    assert "private@example.org Germany" in page
    assert both[0].by.username in page
    assert "22 November 2026, 12:00 UTC" in page


@pytest.mark.parametrize(
    "question", ["", "?q=sentinel", "?o=1", "?all=1", "?country=FR", "?address=sentinel@example.org"]
)
def test_a_moderator_never_sees_trust_in_other_countries(both, question):
    answer = sign_in(Client(), make_moderator("DE")).get(HOME + question)

    assert "entinel" not in answer.text.replace(question.partition("=")[2], "")


def test_foreign_trust_looks_like_trust_that_never_was(both):
    browser = sign_in(Client(), make_moderator("DE"))

    for number in (both[1].pk, 999_999):
        for page in ("change", "delete", "history"):
            assert browser.get(f"{HOME}{number}/{page}/").status_code == 404
        assert browser.post(f"{HOME}{number}/delete/", {"post": "yes"}).status_code == 404
    browser.post(HOME, choose(*both, post="yes", select_across="1"))
    assert [*Trust.objects.all()] == [both[1]]


@pytest.mark.parametrize("one_by_one", [True, False])
def test_a_moderator_ends_trust_in_their_country(both, one_by_one):
    browser, event = sign_in(Client(), make_moderator("DE")), Event.objects.get(country="DE")

    if one_by_one:
        browser.post(f"{HOME}{both[0].pk}/delete/", {"post": "yes"})
    else:
        browser.post(HOME, choose(both[0], post="yes"))

    assert [*Trust.objects.all()] == [both[1]]
    change(organiser(), event, title="New name")
    assert now(event).title == "Old name"


def test_without_a_country_nobody_sees_or_ends_any_trust(both):
    browser = sign_in(Client(), make_moderator())

    assert browser.get(HOME).status_code == 403
    assert browser.get(f"{HOME}{both[0].pk}/change/").status_code in {403, 404}
    browser.post(HOME, choose(*both, post="yes"))
    assert Trust.objects.count() == 2


def test_trust_is_neither_added_nor_changed_there(both):
    browser = sign_in(Client(), User.objects.create_superuser("chief", password="sample"))
    forged = {"address": "forged@example.org", "country": "DE", "by": both[0].by_id}

    assert browser.get(f"{HOME}add/").status_code == 403
    assert browser.post(f"{HOME}add/", forged).status_code == 403
    assert browser.post(f"{HOME}{both[0].pk}/change/", forged).status_code == 403
    assert not Trust.objects.filter(address="forged@example.org").exists()


def test_recent_actions_tell_nothing_of_it_to_whoever_lost_the_country(both):
    user = make_moderator("DE")
    browser = sign_in(Client(), user)
    browser.post(HOME, choose(both[0], post="yes"))
    browser.get("/admin/")  # where it is said once that it was done

    Moderator.objects.filter(user=user).update(countries=["AT"])

    assert "private@example.org" not in browser.get("/admin/").text
    assert not LogEntry.objects.filter(object_repr__contains="@").exists()
