"""Many events decided at once at the desk: what is said before, what is done, and what is not."""

import re
from copy import copy
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from events import amendments, moderation, queue
from events.models import Event, Reason, Status, Step, Wording, apply_changes
from tests.factories import make_event, make_moderator
from tests.staff import sign_in
from tests.test_race import at_once

pytestmark = pytest.mark.django_db

BULK, LIST = "/admin/events/event/bulk/", "/admin/events/event/"


@pytest.fixture
def anna():
    return make_moderator("DE")


@pytest.fixture
def desk(anna):
    return sign_in(Client(), anna)


def make_pending(**fields):
    return make_event(status=Status.PENDING, **fields)


def value(event):
    return f"{event.pk}:{event.version}"


def look(desk, verb, *events, **more):
    """The page that says what will happen."""
    return desk.get(BULK, {verb: "1", "event": [value(event) for event in events], **more})


def decide(desk, verb, *events, **more):
    """The page that says what was done."""
    return desk.post(BULK, {verb: "1", "event": [value(event) for event in events], **more}, follow=True)


def status_of(event):
    return Event.objects.get(pk=event.pk).status


def boxes(page):
    """Value and whether it is checked, of each box."""
    found = re.findall(r'<input type="checkbox" name="event" value="([^"]*)"[^>]*?( checked)?>', page.text)
    return {value: bool(checked) for value, checked in found}


def buttons(page):
    """What each of the buttons takes that undo a single event."""
    return re.findall(r'<button name="event" value="([^"]*)"', page.text)


def main_of(page):
    """Its middle, without what is new at each look."""
    return re.sub('value="[A-Za-z0-9]{64}"', "", page.text.partition("<main")[2].partition("</main>")[0])


def text_of(page):
    return unescape(" ".join(re.sub("<[^>]*>", " ", main_of(page)).split()))


def make_reason(**texts):
    reason = Reason.objects.create(position=1)
    for language, text in texts.items():
        Wording.objects.create(reason=reason, language=language, name=f"Name {language}", text=text)
    return reason


# Before


def test_looking_says_what_will_happen_and_changes_nothing(desk):
    events = [make_pending(title="One"), make_pending(title="Two", contact_email="x@example.org", city="Bonn")]

    page = look(desk, "_publish", *events)

    assert boxes(page) == {value(event): True for event in events}
    assert "Visitors will see these events at once, and each organiser gets a letter." in text_of(page)
    assert "first time" in text_of(page)
    assert {status_of(event) for event in events} == {Status.PENDING}
    assert not Step.objects.exists()


def test_what_cannot_be_done_says_why_and_cannot_be_chosen(desk):
    waiting, published = make_pending(), make_event()

    page = look(desk, "_publish", waiting, published)

    assert "1 event chosen. Visitors will see these events at once" in text_of(page)
    assert "1 event below stays as it is; why stands beside it." in text_of(page)
    assert "Not possible with its status: Published." in text_of(page)
    assert [*boxes(page)] == [value(waiting)]


def test_what_can_be_done_with_none_of_them_asks_for_nothing(desk):
    page = look(desk, "_decline", make_event(), make_event())

    assert "This can be done with none of these events; why stands beside each." in text_of(page)
    assert text_of(page).count("Not possible with its status: Published.") == 2
    assert "events chosen" not in text_of(page)
    assert 'name="reason"' not in page.text
    assert not boxes(page)


def test_what_was_changed_since_the_list_is_left_out_unless_one_insists(desk):
    event = make_pending()
    seen = value(event)
    moderation.edit(event, version=event.version)

    page = desk.get(BULK, {"_publish": "1", "event": seen})

    assert "It was changed after you saw it in the list." in text_of(page)
    assert boxes(page) == {value(event): False}


def test_what_another_moderator_has_open_is_left_out_unless_one_insists(desk):
    event, other = make_pending(), make_moderator("DE")
    queue.claim(event, by=other, now=timezone.now())

    page = look(desk, "_spam", event)

    assert f"{other.username} has it open just now." in text_of(page)
    assert boxes(page) == {value(event): False}


def test_all_that_the_list_finds_can_be_taken_at_once(desk):
    wanted = [make_pending(title=f"Buy now {number}", start_date=date(2026, 12, 1)) for number in range(30)]
    make_pending(title="Another")

    page = desk.get(BULK, {"_spam": "1", "found": "all", "question": "q=buy"})

    assert boxes(page) == {value(event): True for event in wanted}
    assert "All 30, on all pages" in desk.get(LIST, {"q": "buy"}).text


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"_publish": "1"}, "Choose at least one event"),
        ({"event": "1:1"}, "Choose at least one event"),
        ({"_publish": "1", "event": "x"}, "Choose at least one event"),
        ({"_delete": "1", "event": "1:1"}, "Choose at least one event"),
        ({"_publish": "1", "event": [f"{number}:1" for number in range(1, 202)]}, "At most 200 events"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_choice_one_is_led_back_to_the_list_as_it_was_asked(desk, method, data, complaint):
    page = getattr(desk, method)(BULK, {"question": "kind=film", **data}, follow=True)

    assert page.redirect_chain == [(f"{LIST}?kind=film", 302)]
    assert complaint in text_of(page)


def test_the_way_back_leads_nowhere_but_to_the_list(desk):
    page = look(desk, "_spam", make_pending(), question='"><script>&next=//evil.example&q=a&x=1')

    assert f'href="{LIST}?q=a"' in main_of(page)
    assert "evil" not in main_of(page)


# Doing it


@pytest.mark.parametrize(
    ("verb", "status", "letters"),
    [("_publish", Status.PUBLISHED, 2), ("_decline", Status.DECLINED, 2), ("_spam", Status.DECLINED, 0)],
)
def test_all_chosen_events_are_decided_each_with_its_step_and_its_letter(desk, anna, verb, status, letters):
    events = [make_pending(title="One"), make_pending(title="Two")]

    page = decide(desk, verb, *events, reason="It is not about the day.")

    assert {status_of(event) for event in events} == {status}
    assert Step.objects.filter(by=anna, status=status).count() == 2
    assert Email.objects.count() == letters
    assert "2 events done" in text_of(page)


def test_declining_needs_a_reason_and_keeps_what_was_chosen(desk):
    chosen, doubted = make_pending(), make_pending()
    queue.claim(doubted, by=make_moderator("DE"), now=timezone.now())

    page = decide(desk, "_decline", chosen, doubted)

    assert "Choose a reason, or write one." in text_of(page)
    assert boxes(page) == {value(chosen): True, value(doubted): True}
    assert status_of(chosen) == Status.PENDING


def test_each_organiser_reads_a_ready_made_reason_in_their_own_language(desk):
    reason = make_reason(az="Vaxt aydın deyil.", en="The time is unclear.", ru="Время неясно.")
    events = {code: make_pending(contact_language=code) for code in ("az", "ru", "tr")}

    page = look(desk, "_decline", *events.values())
    decide(desk, "_decline", *events.values(), ready=str(reason.pk), reason="Həmrəylik")

    assert "Name en" in text_of(page)
    reasons = {code: event.steps.last().reason for code, event in events.items()}
    assert reasons == {
        "az": "Vaxt aydın deyil.\n\nHəmrəylik",
        "ru": "Время неясно.\n\nHəmrəylik",
        "tr": "The time is unclear.\n\nHəmrəylik",
    }


def test_an_event_that_changed_meanwhile_is_left_as_it_is_and_stops_none_of_the_others(desk):
    first, stale, last = (make_pending(title=title) for title in ("One", "Stale", "Last"))
    stale_value = value(stale)
    moderation.edit(stale, version=stale.version)

    page = desk.post(BULK, {"_publish": "1", "event": [value(first), stale_value, value(last)]}, follow=True)

    assert [status_of(event) for event in (first, stale, last)] == ["published", "pending", "published"]
    assert "1 event is as it was Stale : Somebody else was first" in text_of(page)


def test_pressing_twice_decides_once(desk):
    event = make_pending()
    seen = value(event)

    decide(desk, "_publish", event)
    page = desk.post(BULK, {"_publish": "1", "event": seen}, follow=True)

    assert "1 event done" in text_of(page)
    assert Step.objects.count() == Email.objects.count() == 1


def forget_last(desk):
    """What a request finds in the session that came before the one before it had written there."""
    session = desk.session
    del session["done-together"]
    session.save()


def test_the_second_of_two_presses_at_once_tells_the_same_as_the_first_and_all_can_be_undone(desk):
    events = [make_pending(title="One"), make_pending(title="Two")]
    pressed = {"_publish": "1", "event": [value(event) for event in events]}
    desk.post(BULK, pressed)
    forget_last(desk)

    page = desk.post(BULK, pressed, follow=True)

    assert "2 events done" in text_of(page)
    assert "as it was" not in text_of(page)
    assert "as they were" not in text_of(page)
    assert buttons(page) == [f"{event.pk}:2" for event in events]
    assert Step.objects.count() == Email.objects.count() == 2


def test_what_another_moderator_did_a_moment_before_is_not_told_as_done_by_oneself(desk):
    event = make_pending(title="One")
    seen = value(event)
    moderation.publish(event, by=make_moderator("DE"))

    page = desk.post(BULK, {"_publish": "1", "event": seen}, follow=True)

    assert "1 event is as it was One : Somebody else was first" in text_of(page)
    assert "0 events done" in text_of(page)
    assert buttons(page) == []


@pytest.mark.django_db(transaction=True)
def test_a_double_click_does_all_once_and_whichever_request_ends_last_tells_the_truth():
    desk = sign_in(Client(), make_moderator("DE"))
    for _round in range(5):
        events = [make_pending() for _number in range(6)]
        pressed = {"_publish": "1", "event": [value(event) for event in events]}
        browsers = [Client(), Client()]
        for browser in browsers:
            browser.cookies = copy(desk.cookies)

        answers = at_once(
            *(lambda browser=browser, pressed=pressed: browser.post(BULK, pressed) for browser in browsers)
        )

        assert [answer.status_code for answer in answers] == [302, 302]
        page = desk.get(answers[0].url)
        assert "6 events done" in text_of(page)
        assert "as they were" not in text_of(page)
        assert Step.objects.filter(event__in=events).count() == 6
        together = re.findall(r'<input type="hidden" name="event" value="([^"]*)"', page.text)
        assert "6 events wait again" in text_of(desk.post(BULK, {"_reopen": "1", "event": together}, follow=True))


def test_what_was_done_can_be_undone_one_by_one_or_all_together(desk):
    events = [make_pending(title=f"Event {number}") for number in range(3)]
    page = decide(desk, "_spam", *events)
    single = buttons(page)
    together = re.findall(r'<input type="hidden" name="event" value="([^"]*)"', page.text)
    assert len(single) == 3

    page = desk.post(BULK, {"_reopen": "1", "event": single[0]}, follow=True)
    assert "1 event waits again. 2 events done" in text_of(page)
    assert [status_of(event) for event in events] == ["pending", "declined", "declined"]

    page = desk.post(BULK, {"_reopen": "1", "event": together}, follow=True)
    assert {status_of(event) for event in events} == {Status.PENDING}
    assert "3 events wait again." in text_of(page)
    assert "events done" not in text_of(page)

    page = desk.post(BULK, {"_reopen": "1", "event": together}, follow=True)
    assert "3 events wait again." in text_of(page)


def test_what_cannot_be_undone_is_named_with_the_reason_and_offered_no_more(desk):
    done, changed = make_pending(title="One"), make_pending(title="Two")
    page = decide(desk, "_publish", done, changed)
    together = re.findall(r'<input type="hidden" name="event" value="([^"]*)"', page.text)
    moderation.cancel(Event.objects.get(pk=changed.pk), by=None)

    page = desk.post(BULK, {"_reopen": "1", "event": together}, follow=True)

    assert (status_of(done), status_of(changed)) == ("pending", "published")
    assert "1 event is as it was Two : Somebody else was first" in text_of(page)
    assert "1 event waits again. 1 event done Two : published. Since then: Cancelled" in text_of(page)
    assert buttons(page) == []


def test_undoing_says_that_each_organiser_is_told_and_tells_them(desk):
    page = decide(desk, "_decline", make_pending(), make_pending(), reason="Not about the day.")
    assert "Each organiser is told, but not of spam." in text_of(page)
    together = re.findall(r'<input type="hidden" name="event" value="([^"]*)"', page.text)

    desk.post(BULK, {"_reopen": "1", "event": together})

    assert Email.objects.filter(subject__icontains="looks at your event again").count() == 2


def test_a_publication_is_not_undone_over_a_change_that_was_proposed_since(desk):
    event = make_pending(title="One")
    [chosen] = buttons(decide(desk, "_publish", event))
    event.refresh_from_db()
    amendments.propose(event, apply_changes(event, {"title": "Other"}), version=event.version, proposal=0)

    page = desk.post(BULK, {"_reopen": "1", "event": chosen}, follow=True)

    assert "A change was proposed since. Decide on it first." in text_of(page)
    assert status_of(event) == Status.PUBLISHED


def done_last(desk):
    """The page of what was done last, loaded anew."""
    return desk.get(f"{BULK}?done={[*desk.session['done-together']][-1]}")


def test_what_is_undone_elsewhere_or_at_once_with_another_is_told_as_undone(desk, anna):
    events = [make_pending(title="One"), make_pending(title="Two")]
    decide(desk, "_publish", *events)
    moderation.reopen(Event.objects.get(pk=events[0].pk), by=anna)

    page = done_last(desk)

    assert "1 event waits again. 1 event done Two : published" in text_of(page)
    assert buttons(page) == [f"{events[1].pk}:2"]


def test_what_is_undone_of_an_older_page_is_told_there(desk):
    first, second = make_pending(title="One"), make_pending(title="Two")
    [older] = buttons(decide(desk, "_publish", first))
    decide(desk, "_spam", second)

    page = desk.post(BULK, {"_reopen": "1", "event": older}, follow=True)

    assert status_of(first) == Status.PENDING
    assert "Publish 1 event waits again." in text_of(page)
    assert "1 event done Two : refused as spam" in text_of(done_last(desk))


def test_what_was_deleted_after_it_was_done_is_counted_as_missing(desk):
    events = [make_pending(title="One"), make_pending(title="Two")]
    decide(desk, "_spam", *events)
    events[0].delete()

    page = done_last(desk)

    assert "1 of the chosen events is not there. 1 event done Two" in text_of(page)


def test_what_was_done_is_still_there_when_the_page_is_loaded_anew(desk):
    event = make_pending(title="One")
    decide(desk, "_publish", event)

    assert "1 event done" in text_of(done_last(desk))
    assert "One : published" in text_of(done_last(desk))


def test_each_tab_tells_what_was_done_in_it(desk):
    events = [make_pending(title="One"), make_pending(title="Two")]
    pages = [
        desk.post(BULK, {"_publish": "1", "event": value(event), "question": f"q={event.title}"}, follow=True)
        for event in events
    ]
    addresses = [page.redirect_chain[-1][0] for page in pages]

    for address, event in zip(addresses, events, strict=True):
        page = desk.get(address)
        assert f"1 event done {event.title} : published" in text_of(page)
        assert f'href="{LIST}?q={event.title}">Back to the list' in page.text
    undone = desk.post(BULK, {"_reopen": "1", "event": buttons(pages[0])}, follow=True)
    assert undone.redirect_chain[-1][0] == addresses[0]
    assert "1 event waits again" in text_of(undone)
    assert "Two : published" in text_of(desk.get(addresses[1]))


@pytest.mark.parametrize("name", ["", "nonsense", "%00", "1"])
def test_what_was_never_done_leads_to_the_list(desk, name):
    decide(desk, "_publish", make_pending())

    assert desk.get(f"{BULK}?done={name}").url == LIST


def test_what_somebody_else_did_since_is_not_undone_from_there(desk):
    event = make_pending()
    [chosen] = buttons(decide(desk, "_publish", event))
    moderation.reopen(Event.objects.get(pk=event.pk), by=make_moderator("DE"))
    moderation.publish(Event.objects.get(pk=event.pk), by=make_moderator("DE"))
    page = done_last(desk)
    assert buttons(page) == []
    assert "Since then: Published" in text_of(page)

    page = desk.post(BULK, {"_reopen": "1", "event": chosen}, follow=True)

    assert "Somebody else was first" in text_of(page)
    assert status_of(event) == Status.PUBLISHED


def test_whoever_has_decided_an_event_has_it_open_no_longer(desk, anna):
    event = make_pending()
    queue.claim(event, by=anna, now=timezone.now())

    decide(desk, "_publish", event)

    assert not hasattr(Event.objects.get(pk=event.pk), "claim")


# Whose


@pytest.mark.parametrize("verb", ["_publish", "_decline", "_spam", "_reopen"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_event_is_as_missing_as_one_that_never_was(desk, verb, method):
    foreign = make_event(
        title="Sentineltitle", country="FR", contact_email="sentinel@example.org", status=Status.PENDING
    )
    never = f"{foreign.pk + 1000}:1"

    pages = [
        getattr(desk, method)(BULK, {verb: "1", "event": chosen, "reason": "No."}, follow=True)
        for chosen in (value(foreign), never)
    ]

    assert main_of(pages[0]) == main_of(pages[1])
    assert "1 of the chosen events is not there." in text_of(pages[0])
    assert "entinel" not in pages[0].text
    assert status_of(foreign) == Status.PENDING
    assert not Step.objects.exists()


def test_taking_all_takes_no_foreign_event(desk):
    make_event(country="FR", status=Status.PENDING)

    assert desk.get(BULK, {"_spam": "1", "found": "all", "question": "state=all"}).status_code == 302


@pytest.mark.parametrize(
    "chosen", ["1", "1:1:1", "-1:1", "1:", ":1", "1:1\x00", "٣:1", f"{9**30}:1", f"1:{9**30}", "[]"]
)
def test_what_no_page_sent_chooses_nothing(desk, chosen):
    assert desk.post(BULK, {"_publish": "1", "event": chosen}).status_code == 302


def test_posting_fields_of_an_event_changes_none_of_them(desk):
    event = make_pending()

    decide(desk, "_publish", event, country="FR", status="withdrawn", version="7", title="Forged")

    event.refresh_from_db()
    assert (event.country, event.status, event.version, event.title) == ("DE", "published", 2, event.title)
    assert event.title != "Forged"


def test_without_a_country_nothing_is_decided():
    event = make_pending()
    desk = sign_in(Client(), make_moderator())

    assert decide(desk, "_publish", event).status_code == 403
    assert status_of(event) == Status.PENDING


# What it costs


def test_looking_at_many_asks_the_database_few_questions(desk, django_assert_num_queries):
    events = [make_pending(contact_email=f"{number}@example.org") for number in range(20)]

    with django_assert_num_queries(11):
        look(desk, "_publish", *events)
