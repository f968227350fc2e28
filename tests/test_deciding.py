"""The page on which an event is decided: what it shows, what its buttons do, and what it says to whoever comes late."""

import re
from copy import copy
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from events import amendments, images, merging, moderation, queue, reports, trust
from events.forms.comparison import mark_words
from events.models import Claim, Event, Report, Status, Step, Trust
from events.models.reason import Reason, Wording
from tests import pictures
from tests.factories import make_city, make_event, make_moderator, submission
from tests.reading import text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"


def page_of(event):
    return f"{LIST}{event.pk}/change/"


def preview_of(event):
    return f"{LIST}{event.pk}/preview/"


@pytest.fixture
def moderator():
    return make_moderator("DE")


@pytest.fixture
def desk(moderator):
    return sign_in(Client(), moderator)


@pytest.fixture
def waiting():
    return make_event(title="Waiting evening", status=Status.PENDING)


def seen_on(page):
    """What the page would send along with a button."""
    form = re.search(r'<form id="decision".*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'<input type="hidden" name="(version|proposal|report|step)" value="(\d+)">', form))


def press(desk, event, button, **fields):
    """Opens the page and presses a button on it."""
    return desk.post(page_of(event), {**seen_on(desk.get(page_of(event)).text), button: "x", **fields}, follow=True)


def part_of(page, name):
    """What a person reads in the section of this class."""
    return text_of(re.search(rf'<section class="{name}".*?</section>', page, re.DOTALL)[0])


def propose(event, **fields):
    proposed = copy(event)
    for name, value in fields.items():
        setattr(proposed, name, value)
    amendments.propose(event, proposed, version=event.version, proposal=0)


def make_ready_reason(**texts):
    reason = Reason.objects.create()
    for language, text in texts.items():
        Wording.objects.create(reason=reason, language=language, name=f"Sample name {language}", text=text)
    return reason


# What it shows


def test_the_page_shows_the_private_contact_beside_the_event(desk):
    event = make_event(status=Status.PENDING, contact_name="Sample Contact", contact_language="az")

    private = part_of(desk.get(page_of(event)).text, "private")

    assert "Sample Contact" in private
    assert "private@example.org" in private
    assert "Language of letters: Azerbaijani" in private


@pytest.mark.parametrize(
    ("status", "words"),
    [(Status.PENDING, "The address is confirmed."), (Status.UNCONFIRMED, "Nobody has confirmed the address.")],
)
def test_it_says_whether_the_address_is_confirmed(desk, status, words):
    assert words in part_of(desk.get(page_of(make_event(status=status))).text, "private")


def test_an_imported_address_is_not_said_to_be_confirmed(desk):
    event = Event(**{field: value for field, value in vars(make_event()).items() if field not in {"id", "_state"}})
    moderation.add_all([event], status=Status.PENDING)

    assert "Nobody has confirmed the address." in part_of(desk.get(page_of(event)).text, "private")


def test_it_says_what_the_address_sent_before_in_the_moderators_countries_alone(desk, waiting):
    assert "The first event of this address." in desk.get(page_of(waiting)).text

    make_event(country="FR", city="Paris", zone="Europe/Paris")
    assert "The first event of this address." in desk.get(page_of(waiting)).text

    make_event(start_date=date(2024, 12, 30), contact_email="PRIVATE@example.org")
    make_event(status=Status.UNCONFIRMED, start_date=date(2023, 12, 30))
    assert "1 other event, the first in 2024; none declined" in desk.get(page_of(waiting)).text

    make_event(status=Status.DECLINED)
    assert "2 other events, the first in 2024; 1 declined" in desk.get(page_of(waiting)).text


def test_the_preview_is_the_page_that_visitors_will_see_once_it_is_published(desk, waiting):
    shown = re.search(r"<article.*</article>", desk.get(preview_of(waiting)).text, re.DOTALL)[0]

    press(desk, waiting, "_publish")
    public = Client().get(f"/en/events/{waiting.pk}/{waiting.slug}/").text

    assert shown in public


def test_the_preview_may_stand_in_our_own_pages_and_is_neither_kept_nor_found(desk, waiting):
    page, preview = desk.get(page_of(waiting)), desk.get(preview_of(waiting))

    assert '<iframe class="preview" src="../preview/"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in preview.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in preview.text


def test_the_preview_leaves_nothing_behind_that_visitors_get(desk, waiting):
    desk.get(preview_of(waiting))
    Event.objects.filter(pk=waiting.pk).update(title="Another name")
    moderation.publish(waiting, by=make_moderator("DE"))

    assert "Another name" in Client().get(f"/en/events/{waiting.pk}/{waiting.slug}/", follow=True).text


@pytest.mark.parametrize("address", [page_of, preview_of])
def test_a_foreign_event_looks_like_one_that_never_was(desk, address):
    foreign = make_event(title="Sentinel soirée", country="FR", status=Status.PENDING)

    for pk in (foreign.pk, foreign.pk + 1000, 10**30):
        foreign.pk = pk
        answer = desk.get(address(foreign))
        assert answer.status_code == 404
        assert "Sentinel" not in answer.text


@pytest.mark.parametrize("path", ["nothing", "1_2F", "٣", "1" * 5000, "-1"])
def test_an_address_that_is_no_number_is_not_found(desk, path):
    assert desk.get(f"{LIST}{path}/change/").status_code == 404


def test_what_looks_like_the_same_event_stands_beside_it(desk, waiting):
    other = make_event(title="Waiting evening", venue="Haus der Beispiele", start_time=time(18, 30))
    make_event(title="Waiting evening", country="FR", organiser="Sentinel", city="Berlin")

    doubles = part_of(page := desk.get(page_of(waiting)).text, "doubles")

    assert "Sun 27 December, 19:00" in doubles
    assert "Sun 27 December, 18:30 Haus der Beispiele, Berlin" in doubles
    assert f'href="../merge/{other.pk}/"' in page
    assert "Sentinel" not in page


def test_an_amendment_is_told_field_by_field_with_the_changed_words_marked(desk):
    event = make_event(title="Music of Qarabağ", description="Song.\n\nTea.", venue="to be announced")
    propose(event, title="Music from Qarabağ", start_time=time(18, 0), start_date=date(2026, 12, 28), venue="Hall")

    page = desk.get(page_of(event)).text

    assert "Music <del>of</del> Qarabağ" in page
    assert "Music <ins>from</ins> Qarabağ" in page
    assert '<del>27</del> December 2026</td><td data-label="proposed"><ins>28</ins> December 2026' in page
    assert "<del>19:00</del>" in page
    assert "<del>to be announced</del>" in page
    assert "What happens there" not in page
    assert "Nothing else changes." in page


def test_what_is_proposed_is_seen_as_a_whole_as_visitors_will_see_it(desk):
    event = make_event(title="First name")
    propose(event, title="Second name")

    assert 'href="../preview/?proposed=1"' in desk.get(page_of(event)).text
    assert "Second name" in desk.get(f"{preview_of(event)}?proposed=1").text
    assert "Second name" not in desk.get(preview_of(event)).text


def test_the_pictures_of_an_amendment_stand_beside_each_other_and_load_for_moderators_alone(desk):
    old, new = (images.store(images.clean(pictures.photo())) for _picture in range(2))
    size = {"image_width": 640, "image_height": 480}
    event = make_event(image=old, image_alt="A stage", **size)
    propose(event, image=new, image_alt="A hall", **size)

    found = re.findall(r'<img src="(/pictures/[^"]+)" alt="([^"]*)"', desk.get(page_of(event)).text)

    assert [alt for _address, alt in found] == ["A stage", "A hall"]
    for address, _alt in found:
        assert b"".join(desk.get(address).streaming_content)[:2] == b"\xff\xd8"  # a JPEG
    assert Client().get(found[1][0]).status_code == 404


def test_an_amendment_to_a_foreign_country_says_that_it_cannot_be_accepted_here(desk):
    event = make_event()
    propose(event, country="FR", city="Paris", zone="Europe/Paris")

    page = desk.get(page_of(event)).text

    assert "a country that is not yours" in page
    assert "a country that is not yours" in press(desk, event, "_accept").text
    event.refresh_from_db()
    assert event.country == "DE"


def test_reports_of_visitors_are_shown_as_text_and_lead_nowhere(desk):
    event = make_event()
    reports.add(event, subject="cancelled", text="<b>Look</b> at https://example.org/x\nIt is off.")

    page = desk.get(page_of(event)).text

    assert "It does not take place" in part_of(page, "reports")
    assert "&lt;b&gt;Look&lt;/b&gt; at https://example.org/x<br>It is off." in page
    assert 'href="https://example.org/x' not in page


def test_the_history_tells_who_did_what_when_and_what_it_changed(desk, moderator):
    event = make_event(title="First name", status=Status.PENDING)
    moderation.return_(event, by=moderator, reason="Which hall?")
    event.title = "Second name"
    moderation.edit(event, version=event.version, reason="The <b>large</b> one.")

    history = re.search(r'<section class="history".*?</section>', desk.get(page_of(event)).text, re.DOTALL)[0]

    assert f"22 November 2026, 12:00 UTC returned with a note , {moderator.username} Which hall?" in text_of(history)
    assert "changed , organiser The <b>large</b> one." in text_of(history)
    assert "<del>First name</del> <ins>Second name</ins>" in history


def test_each_change_in_the_history_is_told_against_what_was_before_it(desk):
    event = make_event(title="First name", status=Status.PENDING)
    for title in ("Second name", "Third name"):
        event.title = title
        moderation.edit(event, version=event.version)

    page = desk.get(page_of(event)).text

    told = re.findall(r"<del>(\w+) name</del> <ins>(\w+) name</ins>", page)
    assert told == [("Second", "Third"), ("First", "Second")]


def test_the_next_events_of_the_queue_stand_beside_it_from_this_one_on(desk):
    titles = ["First", "Second", "Third", "Fourth"]
    events = [
        make_event(title=f"{title} evening", status=Status.PENDING, start_date=date(2026, 12, 1 + number))
        for number, title in enumerate(titles)
    ]
    make_event(title="Sentinel soirée", country="FR", status=Status.PENDING)

    page = desk.get(page_of(events[2])).text
    beside = re.search(r'<nav class="beside".*?</nav>', page, re.DOTALL)[0]

    assert re.findall(r"(\w+) evening", beside) == ["Third", "Fourth", "First", "Second"]
    assert len(re.findall('aria-current="page"', beside)) == 1
    assert "in 10 d" in beside


def test_the_page_says_who_else_has_it_open_until_that_is_over(desk, waiting, clock):
    other = make_moderator("DE")
    sign_in(Client(), other).get(page_of(waiting))

    assert f"{other.username} has it open, until 12:05 UTC" in desk.get(page_of(waiting)).text

    clock.shift(timedelta(minutes=6))
    assert "opened by nobody else" in desk.get(page_of(waiting)).text


# What the buttons do


@pytest.mark.parametrize(
    ("button", "reason", "status", "letters"),
    [
        ("_publish", "", Status.PUBLISHED, 1),
        ("_return", "Which hall?", Status.RETURNED, 1),
        ("_decline", "Not about the day.", Status.DECLINED, 1),
        ("_spam", "", Status.DECLINED, 0),
    ],
)
def test_each_button_does_what_it_says(desk, waiting, button, reason, status, letters):
    press(desk, waiting, button, reason=reason)

    waiting.refresh_from_db()
    step = waiting.steps.get()
    assert (waiting.status, step.reason, Email.objects.count()) == (status, reason, letters)
    if reason:
        assert reason in Email.objects.get().message


def test_after_a_decision_the_next_event_is_open_and_the_last_can_be_undone(desk):
    first, second = (make_event(status=Status.PENDING, start_date=date(2026, 12, day)) for day in (10, 11))

    answer = press(desk, first, "_publish")

    assert answer.redirect_chain == [(f"{page_of(second)}?done={first.pk}", 302)]
    assert f"{first.title} : published" in text_of(answer.text)

    undo = re.search(r'<form class="done".*?</form>', answer.text, re.DOTALL)[0]
    version = re.search(r'name="version" value="(\d+)"', undo)[1]
    address, button = re.search(r'action="([^"]+)"', undo)[1], re.search(r'<button name="(\w+)"', undo)[1]
    answer = desk.post(address, {button: "x", "version": version}, follow=True)

    first.refresh_from_db()
    assert (first.status, button) == (Status.PENDING, "_reopen")
    assert answer.redirect_chain[-1][0].startswith(page_of(first))


def test_after_the_last_decision_the_empty_queue_tells_of_it(desk, waiting):
    answer = press(desk, waiting, "_publish")

    assert answer.redirect_chain == [(f"{LIST}?done={waiting.pk}", 302)]
    assert "Waiting evening : published" in text_of(answer.text)
    assert 'name="_reopen"' in answer.text


def test_what_somebody_else_did_is_not_told_as_ones_own_deed(desk, waiting):
    moderation.publish(waiting, by=make_moderator("DE"))
    foreign = make_event(title="Sentinel soirée", country="FR", status=Status.PENDING)
    moderation.publish(foreign, by=make_moderator("FR"))

    for number in (waiting.pk, foreign.pk, "x", "9" * 30, "²"):
        page = desk.get(f"{page_of(make_event())}?done={number}")
        assert page.status_code == 200
        assert 'class="done"' not in page.text


def test_a_change_that_was_accepted_is_not_undone_by_hiding_the_event(desk):
    event = make_event(title="First name")
    propose(event, title="Second name")

    page = press(desk, event, "_accept").text

    assert "Second name : change accepted" in text_of(page)
    assert "_reopen" not in re.search(r'<form class="done".*?</form>', page, re.DOTALL)[0]
    press(desk, event, "_revert", reason="It was right before.")
    event.refresh_from_db()
    assert (event.title, event.status) == ("First name", Status.PUBLISHED)


def test_reports_are_settled_and_that_is_said(desk):
    event = make_event(title="Reported evening", status=Status.PENDING)
    press(desk, event, "_publish")
    reports.add(event, subject="wrong", text="It is on Sunday.")

    page = press(desk, event, "_settle").text

    assert not Report.objects.open().exists()
    assert "Reported evening : reports settled" in text_of(page)


def test_an_organiser_is_trusted_and_not_trusted_from_the_page(desk, waiting):
    page = press(desk, waiting, "_trust").text
    assert "Waiting evening: the organiser is trusted" in text_of(page)
    assert "Trusted: changes pass at once." in part_of(page, "private")

    press(desk, waiting, "_distrust")
    assert not Trust.objects.exists()


def test_the_ready_made_reason_is_sent_in_the_organisers_language(desk):
    event = make_event(status=Status.PENDING, contact_language="az")
    reason = make_ready_reason(en="Sample in English.", az="Nümunə mətni.")
    page = desk.get(page_of(event)).text
    assert "Sample name en" in page
    assert 'data-text="Nümunə mətni."' in page

    press(desk, event, "_return", ready=reason.pk)

    assert event.steps.get().reason == "Nümunə mətni."
    assert "Nümunə mətni." in Email.objects.get().message


def test_what_was_typed_is_sent_and_not_the_ready_made_reason(desk, waiting):
    reason = make_ready_reason(en="Sample in English.")

    press(desk, waiting, "_decline", ready=reason.pk, reason="Typed.")

    assert waiting.steps.get().reason == "Typed."


@pytest.mark.parametrize("ready", ["999999", "x", "-1", "9" * 30])
def test_a_ready_made_reason_that_is_none_is_no_reason(desk, waiting, ready):
    assert "Write the organiser a reason." in press(desk, waiting, "_decline", ready=ready).text
    assert not Step.objects.exists()


def test_skipping_opens_the_next_one_and_leaves_this_one_to_others(desk):
    first, second = (make_event(status=Status.PENDING, start_date=date(2026, 12, day)) for day in (10, 11))
    desk.get(page_of(first))

    assert desk.post(page_of(first), {"_skip": "x"}).url == page_of(second)
    assert not Claim.objects.filter(event=first).exists()
    assert desk.post(page_of(second), {"_previous": "x"}).url == page_of(first)
    assert desk.post(page_of(second), {"_skip": "x"}).url == page_of(first)


def test_what_is_over_comes_after_all_others_and_then_the_first_again(desk):
    over, first, last = (
        make_event(status=Status.PENDING, start_date=day)
        for day in (date(2025, 12, 20), date(2026, 12, 10), date(2026, 12, 11))
    )

    for event, following in ((first, last), (last, over), (over, first)):
        assert desk.post(page_of(event), {"_skip": "x"}).url == page_of(following)
        assert desk.post(page_of(following), {"_previous": "x"}).url == page_of(event)


def test_skipping_the_only_one_leads_to_the_queue(desk, waiting):
    assert desk.post(page_of(waiting), {"_skip": "x"}).url == LIST


def test_the_next_event_is_one_that_nobody_else_has_open(desk):
    first, second, third = (make_event(status=Status.PENDING, start_date=date(2026, 12, day)) for day in (10, 11, 12))
    queue.claim(second, by=make_moderator("DE"), now=timezone.now())

    assert press(desk, first, "_publish").redirect_chain[0][0].startswith(page_of(third))


# Whoever comes late


def test_whoever_decides_late_is_told_who_did_what_and_loses_nothing_typed(desk, waiting):
    seen = seen_on(desk.get(page_of(waiting)).text)
    other = make_moderator("DE")
    moderation.return_(waiting, by=other, reason="Which hall?")

    answer = desk.post(page_of(waiting), {**seen, "_decline": "x", "reason": "Typed <b>words</b>."})

    news = part_of(answer.text, "news")
    assert answer.status_code == 200
    assert "Somebody else was first" in news
    assert f"returned with a note, {other.username}, 22 November 2026, 12:00 UTC: Which hall?" in news
    assert "Typed &lt;b&gt;words&lt;/b&gt;.</textarea>" in answer.text
    waiting.refresh_from_db()
    assert waiting.status == Status.RETURNED


def test_when_the_organiser_changed_the_event_meanwhile_the_decision_is_refused_with_what_changed(desk):
    event = make_event(title="Evening in Berlin", status=Status.PENDING)
    seen = seen_on(desk.get(page_of(event)).text)
    event.title, event.start_time = "Evening in Potsdam", time(18, 0)
    moderation.edit(event, version=1)

    page = desk.post(page_of(event), {**seen, "_publish": "x"}).text

    news = re.search(r'<section class="news".*?</section>', page, re.DOTALL)[0]
    assert "changed, organiser" in text_of(news)
    assert "Evening in <del>Berlin</del>" in news
    assert "Evening in <ins>Potsdam</ins>" in news
    assert "<del>19:00</del>" in news
    event.refresh_from_db()
    assert event.status == Status.PENDING
    assert desk.post(page_of(event), {**seen_on(page), "_publish": "x"}).status_code == 302


def test_when_another_change_was_proposed_meanwhile_nothing_is_accepted(desk):
    event = make_event(title="First name")
    propose(event, title="Second name")
    seen = seen_on(desk.get(page_of(event)).text)
    proposed = copy(event)
    proposed.title = "Third name"
    amendments.propose(event, proposed, version=1, proposal=int(seen["proposal"]))

    page = desk.post(page_of(event), {**seen, "_accept": "x"}).text

    assert "change proposed, organiser" in part_of(page, "news")
    assert "<ins>Third</ins> name" in page
    event.refresh_from_db()
    assert event.title == "First name"


def test_a_report_that_came_meanwhile_is_marked_and_not_settled_unread(desk):
    event = make_event()
    reports.add(event, subject="wrong", text="It is on Sunday.")
    seen = seen_on(desk.get(page_of(event)).text)
    reports.settle(event, by=make_moderator("DE"), last=int(seen["report"]), now=timezone.now())
    reports.add(event, subject="other", text="It has no door.")

    page = desk.post(page_of(event), {**seen, "_settle": "x"}).text

    assert "There are new reports, marked below." in part_of(page, "news")
    assert "new Something else" in part_of(page, "reports")
    assert Report.objects.open().get().text == "It has no door."


def test_an_event_that_moved_to_a_foreign_country_meanwhile_is_not_found(desk, waiting):
    seen = seen_on(desk.get(page_of(waiting)).text)
    Event.objects.filter(pk=waiting.pk).update(country="FR")

    answer = desk.post(page_of(waiting), {**seen, "_publish": "x"})

    assert answer.status_code == 404
    assert not Step.objects.exists()


def test_pressing_twice_makes_one_step_and_one_letter(desk, waiting):
    sent = {**seen_on(desk.get(page_of(waiting)).text), "_publish": "x"}

    assert desk.post(page_of(waiting), sent).status_code == 302
    answer = desk.post(page_of(waiting), sent)

    assert "Somebody else was first" in part_of(answer.text, "news")
    assert (waiting.steps.count(), Email.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Press one of the buttons."),
        ({"_approve": "x"}, "Press one of the buttons."),
        ({"_publish": "x"}, "did not say which version"),
        ({"_publish": "x", "version": "x"}, "did not say which version"),
        ({"_publish": "x", "version": "-1"}, "did not say which version"),
        ({"_publish": "x", "version": "9" * 40}, "did not say which version"),
        ({"_publish": "x", "version": "2"}, "Somebody else was first"),
        ({"_return": "x", "version": "1", "reason": " \n "}, "Write the organiser a reason."),
        ({"_return": "x", "version": "1", "reason": "x" * 2001}, "at most 2000 characters"),
        ({"_return": "x", "version": "1", "reason": "\x00bad"}, "cannot be shown"),
        ({"_accept": "x", "version": "1"}, "Somebody else was first"),
        ({"_settle": "x", "version": "1"}, "Somebody else was first"),
        ({"_revert": "x", "version": "1", "reason": "Why"}, "Somebody else was first"),
        ({"_split": "x", "version": "1"}, "Somebody else was first"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_and_changes_nothing(desk, waiting, sent, words):
    answer = desk.post(page_of(waiting), sent)

    assert answer.status_code == 200
    assert words in part_of(answer.text, "news")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.version) == (Status.PENDING, 1)


def test_fields_that_are_sent_along_are_not_stored(desk, waiting):
    press(desk, waiting, "_publish", **submission(title="Forged", country="FR", reason=""), status="declined")

    waiting.refresh_from_db()
    assert (waiting.title, waiting.country, waiting.status) == ("Waiting evening", "DE", Status.PUBLISHED)


# What it costs


@pytest.mark.parametrize("question", ["", "&country=DE", "&q=evening&flag=soon", "&flag=links", "&flag=double"])
def test_the_page_asks_the_database_at_most_fifteen_times_however_much_waits(desk, moderator, question):
    place = make_city()
    for number in range(20):
        make_event(status=Status.PENDING, place=place, start_date=date(2026, 12, 1 + number))
    event = make_event(place=place, start_date=date(2026, 12, 5))
    trust.grant(event, by=moderator)
    trust.end(event, by=moderator)
    propose(event, title="Second name")
    reports.add(event, subject="wrong", text="It is on Sunday.")
    done = make_event(status=Status.PENDING)
    moderation.publish(done, by=moderator)
    make_ready_reason(en="Sample.")

    for _time in range(2):  # at first it is claimed
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(f"{page_of(event)}?done={done.pk}{question}")
        assert 'class="done"' in page.text
        assert len(queries) <= 15, [query["sql"][:100] for query in queries]


def test_texts_that_were_made_to_be_slow_to_compare_are_compared_at_once():
    old, new = mark_words("a " * 2500, "b a " * 1250)

    assert "".join(part.words for part in old) == "a " * 2500
    assert "".join(part.words for part in new) == "b a " * 1250
    assert len(new) <= 3


@pytest.mark.parametrize(
    ("old", "new"),
    [("", "a b"), ("a b", ""), ("a b c", "a c"), ("18:00", "18:30"), (" a\n\nb", "a b "), ("ə, ı!", "ə ı")],
)
def test_the_parts_of_a_compared_text_are_the_whole_text(old, new):
    for text, parts in zip((old, new), mark_words(old, new), strict=True):
        assert "".join(part.words for part in parts) == text


# What is not lost, and what is not offered


def test_reports_that_wait_again_do_not_put_the_undoing_of_an_older_deed_under_the_same_key(desk, moderator):
    event = make_event(status=Status.PENDING)
    press(desk, event, "_publish")
    reports.add(event, subject="wrong", text="It is next door.")
    press(desk, event, "_settle")

    page = desk.post(page_of(event), {"version": Event.objects.get(pk=event.pk).version, "_unsettle": "x"}, follow=True)

    assert "reports opened again" in page.text
    assert not re.search(r'<form class="done"', page.text)


def test_nothing_is_decided_over_a_change_that_came_after_the_page_was_opened(desk, moderator):
    event = make_event(status=Status.PENDING)
    press(desk, event, "_publish")
    seen = seen_on(desk.get(page_of(event)).text)
    propose(Event.objects.get(pk=event.pk), title="Anew")

    page = desk.post(page_of(event), {**seen, "_reopen": "x"}, follow=True)

    assert "Somebody else was first" in page.text
    assert Event.objects.get(pk=event.pk).status == Status.PUBLISHED
    page = press(desk, event, "_reopen")  # having seen it
    assert Event.objects.get(pk=event.pk).status == Status.PENDING


def test_a_change_that_is_outdated_since_long_is_not_taken_for_one_that_came_just_now(desk):
    event = make_event()
    propose(event, title="Anew")
    press(desk, event, "_reopen")
    page = press(desk, event, "_publish").text
    undo = re.search(r'<form class="done".*?</form>', page, re.DOTALL)[0]
    sent = dict(re.findall(r'name="(version|proposal)" value="(\d+)"', undo))

    answer = desk.post(page_of(event), {**sent, "_reopen": "x"}, follow=True)

    assert "Somebody else was first" not in answer.text
    assert Event.objects.get(pk=event.pk).status == Status.PENDING


def test_who_trusts_an_organiser_from_an_old_page_has_not_seen_what_is_new_by_that(desk, waiting, moderator):
    seen = seen_on(desk.get(page_of(waiting)).text)
    moderation.return_(Event.objects.get(pk=waiting.pk), by=moderator, reason="When?")
    moderation.reopen(Event.objects.get(pk=waiting.pk), by=moderator)

    page = desk.post(page_of(waiting), {**seen, "_trust": "x", "reason": "Thank you."})

    assert Trust.objects.exists()
    assert seen_on(page.text) == seen
    assert "Somebody else was first" in desk.post(page_of(waiting), {**seen, "_publish": "x"}).text


def test_a_note_half_written_is_still_there_after_the_organiser_was_trusted(desk, waiting):
    page = press(desk, waiting, "_trust", reason="Please say when it")

    assert "Please say when it</textarea>" in page.text
    assert "the organiser is trusted" in page.text
    assert Trust.objects.exists()


@pytest.mark.parametrize("title", ["", "Anew"])
def test_what_cannot_be_accepted_is_not_offered(desk, moderator, title):
    event = make_event()
    propose(event, **({"title": title} if title else {"country": "FR", "city": "Paris"}))
    if title:
        moderation.cancel(event, by=moderator)  # since then the proposal is outdated

    page = desk.get(page_of(event)).text

    assert 'name="_accept"' not in page
    assert 'name="_refuse"' in page


def test_when_nothing_else_waits_the_page_says_so(desk, waiting):
    assert "Nothing else waits." in desk.get(page_of(waiting)).text

    make_event(status=Status.PENDING)
    assert "Nothing else waits." not in desk.get(page_of(waiting)).text


def test_what_is_over_comes_last_also_beside_the_event(desk):
    over = make_event(title="Over", status=Status.PENDING, start_date=date(2026, 11, 21))
    later = make_event(title="Later", status=Status.PENDING, start_date=date(2026, 12, 30))
    event = make_event(title="First", status=Status.PENDING, start_date=date(2026, 12, 29))

    beside = re.search(r'<nav class="beside".*?</nav>', desk.get(page_of(event)).text, re.DOTALL)[0]

    assert re.findall(r'href="../../(\d+)/change/"', beside) == [str(row.pk) for row in (event, later, over)]


# No page is a dead end


def test_a_page_for_others_leads_back_to_what_waits(desk):
    answer = desk.get("/admin/events/moderator/")

    assert answer.status_code == 403
    assert "Not allowed" in answer.text
    assert f'href="{LIST}"' in answer.text
    assert 'action="/admin/logout/"' in answer.text


@pytest.mark.parametrize("address", [f"{LIST}999999/change/", "/admin/nothing/"])
def test_a_page_that_is_not_there_leads_back_to_what_waits(desk, address):
    answer = desk.get(address)

    assert answer.status_code == 404
    assert "not in your countries" in answer.text
    assert f'href="{LIST}"' in answer.text


def test_whoever_has_no_country_is_told_so_and_nothing_else(client):
    page = sign_in(client, make_moderator()).get("/admin/").text

    assert "No country is yours yet" in page
    assert "permission" not in page


def test_before_anybody_is_trusted_the_list_says_how_that_is_done(desk):
    page = desk.get("/admin/events/trust/").text

    assert "Nobody is trusted yet." in page
    assert "Trust is given on the page of an event." in page


# What happened before


def test_what_was_reported_and_who_dealt_with_it_stays_in_the_history(desk, moderator):
    event = make_event()
    for text in ("It is next door.", "The hall is closed."):
        reports.add(event, subject="wrong", text=text)
    press(desk, event, "_settle")
    reports.add(event, subject="other", text="Still the old address.")

    history = part_of(desk.get(page_of(event)).text, "history")

    assert "reports settled" in history
    assert moderator.username in history
    assert history.index("It is next door.") < history.index("The hall is closed.")
    assert "Still the old address." not in history


def test_of_a_long_history_and_of_many_reports_the_newest_are_told(desk):
    event = make_event()
    for number in range(60):
        Step.objects.create(event=event, verb="propose", status=event.status, version=1, reason=f"Note {number}.")
        Report.objects.create(event=event, subject="wrong", text=f"Report {number}.")

    page = desk.get(page_of(event)).text

    assert text_of(page).count("10 more before that") == 2
    for words in ("Note", "Report"):
        assert f"{words} 59." in page
        assert f"{words} 10." in page
        assert f"{words} 9." not in page
    press(desk, event, "_settle")
    assert not Report.objects.open().exists()


def test_what_the_site_did_by_itself_is_told_of_nobody(desk, moderator):
    event, survivor = make_event(), make_event(contact_email="other@example.org")
    merging.merge(event, by=moderator, into=survivor)
    moderation.withdraw(survivor, by=None)

    assert "taken apart again , the site" in part_of(desk.get(page_of(event)).text, "history")
