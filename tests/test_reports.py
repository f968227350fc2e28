"""Reports of visitors: what somebody meets who has found a mistake, and what becomes of it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import limits, moderation, queue, reports
from events.forms.stamp import SOONEST, make_stamp
from events.limits import Limit
from events.models import Bucket, Condition, Directory, Event, Report, Status
from tests import pictures
from tests.factories import make_event, make_moderator
from tests.organisers import read_tables
from tests.reading import head_links_of, links_of, meta_of, page_of, text_of
from tests.test_race import at_once
from tests.test_stamp import find_number, stamp_on

pytestmark = pytest.mark.django_db

THRICE = (Limit("thrice", 3, timedelta(hours=1)),)
UNPUBLISHED = [status for status in Status if status != Status.PUBLISHED]
NOWHERE = 4711  # the number of no event


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def event() -> Event:
    return make_event(title="Sample & evening")


def address_of(number, name="report"):
    return reverse(name, args=[number])


def filled_in(**fields):
    """What a browser sends with the form a while after it was shown; None takes a field out."""
    stamp = make_stamp(now=timezone.now() - timedelta(minutes=1))
    data = {"subject": "wrong", "text": "It begins at eight.", "stamp": stamp, **fields}
    return {name: value for name, value in data.items() if value is not None}


def send(visitor, event, *, network="192.0.2.1", **fields):
    return visitor.post(address_of(event.pk), filled_in(**fields), REMOTE_ADDR=network)


def errors_at(answer, field):
    assert (answer.status_code, Report.objects.exists()) == (200, False)
    return " ".join(answer.context["form"].errors.get(field, []))


# The page


def test_an_event_leads_to_the_form_which_says_which_event_is_meant(visitor):
    event = make_event(title="Sample & evening", address="Hidden Street 1", address_visibility="on_request")
    address = links_of(page_of(event))["Report a mistake"]

    page = visitor.get(address)
    words = text_of(page.text)
    assert address == f"/en/events/{event.pk}/report/"
    assert "Sample & evening Sunday, 27 December 2026, 19:00 · Berlin, Germany" in words
    assert "We do not ask who you are" in words
    assert "Hidden Street" not in words
    assert not re.findall(r'<input[^>]* type="(?:email|tel)"', page.text)
    assert links_of(page.text)["Sample & evening"] == event.get_absolute_url()


def test_an_event_that_does_not_take_place_says_so_before_it_is_reported(visitor):
    event = make_event(condition=Condition.CANCELLED)

    assert "Cancelled" in text_of(visitor.get(address_of(event.pk)).text.partition("<form")[0])


def test_no_search_engine_keeps_the_form_and_no_cache_shares_it(visitor, event):
    page = visitor.get(f"/ru/events/{event.pk}/report/?next=//example.org&subject=wrong")

    assert meta_of(page.text, "robots") == ["noindex"]
    assert head_links_of(page.text, "canonical") == {"": f"http://localhost/ru/events/{event.pk}/report/"}
    assert head_links_of(page.text, "alternate").keys() == {"az", "en", "ru", "tr", "x-default"}
    assert {"private", "no-cache"} == {*page.headers["Cache-Control"].split(", ")}
    assert "//example.org" not in page.text.replace("%2F", "/").partition("<main")[2]


def test_an_event_whose_name_is_that_of_a_page_has_a_page_of_its_own(visitor):
    event = make_event(title="Report")

    assert "Report a mistake" in links_of(visitor.get(event.get_absolute_url()).text)
    assert visitor.get(f"/en/events/{event.pk}/", follow=True).redirect_chain == [(event.get_absolute_url(), 301)]


# Sending


def test_a_report_waits_for_the_moderators_of_the_country_and_the_visitor_is_thanked(visitor, event):
    answer = send(visitor, event, subject="cancelled", text="See https://example.org/closed\r\n\r\nand ask there.")

    assert (answer.status_code, answer.headers["Location"]) == (302, address_of(event.pk, "report-sent"))
    report = Report.objects.get()
    assert (report.event, report.subject, report.settled_at) == (event, "cancelled", None)
    assert report.text == "See https://example.org/closed\n\nand ask there."
    waiting = {where: [*queue.waiting(Event.objects.for_moderator(make_moderator(where)))] for where in ("DE", "FR")}
    assert waiting == {"DE": [event], "FR": []}
    thanks = visitor.get(answer.headers["Location"])
    assert "Thank you for the report" in thanks.text
    assert visitor.get(links_of(thanks.text)["Back to the event"], follow=True).status_code == 200
    assert (thanks.headers["Cache-Control"], bool(thanks.cookies)) == ("public, max-age=60", False)


def test_what_was_reported_is_on_no_public_page(visitor, event):
    send(visitor, event, text="Sentinel words")

    own = (event.get_absolute_url(), address_of(event.pk), address_of(event.pk, "report-sent"), "/en/events/")
    assert not any("Sentinel" in visitor.get(address).text for address in own)


def test_nothing_is_kept_of_who_reported(visitor, event):
    send(visitor, event, network="203.0.113.77")

    assert "203.0.113" not in read_tables()
    assert {field.name for field in Report._meta.fields} == {
        *("id", "event", "subject", "text", "at", "settled_at", "settled_by")
    }


def test_pressing_twice_makes_one_report_and_counts_once(visitor, event):
    for _press in range(2):
        assert send(visitor, event).status_code == 302
    counted = {*Bucket.objects.values_list("count", flat=True)}

    assert (Report.objects.count(), counted) == (1, {1, 2})  # two forms, one report
    send(visitor, event, text="It begins at nine.")
    send(visitor, event, subject="other")
    send(visitor, make_event())
    assert Report.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_same_from_five_at_once_is_one_report():
    event = make_event()

    at_once(*[lambda: reports.add(event, subject="wrong", text="It begins at eight.")] * 5)

    assert Report.objects.count() == 1


def test_what_is_wrong_again_after_it_was_settled_is_another_report(visitor, event):
    send(visitor, event)
    reports.settle(event, by=make_moderator("DE"), last=Report.objects.get().pk, now=timezone.now())

    assert send(visitor, event).status_code == 302
    assert Report.objects.open().count() == 1


def test_a_robot_that_fills_in_everything_is_thanked_and_forgotten(visitor, event):
    answer = send(visitor, event, nickname="Robot")

    assert (answer.headers["Location"], Report.objects.exists()) == (address_of(event.pk, "report-sent"), False)


# Mistakes in the report itself


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"subject": None}, "subject", "Choose what it is about."),
        ({"subject": "spam"}, "subject", "Choose what it is about."),
        ({"subject": "\x00\ufffe<b>"}, "subject", "Choose what it is about."),
        ({"text": None}, "text", "Write in a few words what is wrong."),
        ({"text": " \r\n\u200b "}, "text", "Write in a few words what is wrong."),
        ({"text": "x" * 1001}, "text", "at most 1000 characters"),
        ({"text": "x" * 1_000_000}, "text", "at most 1000 characters"),
        ({"text": "a\x00b"}, "text", "cannot be shown"),
        ({"text": "a\ufffeb\x1c"}, "text", "cannot be shown"),
    ],
)
def test_a_bad_report_gets_a_word_at_its_field_and_what_was_typed_is_still_there(
    visitor, event, fields, field, message
):
    page = send(visitor, event, **{"text": "Sentinel", "subject": "double", **fields})

    assert message in errors_at(page, field)
    assert page.text.count(message) == 2  # in the summary, and at the field
    assert "<b>" not in page.text.partition("<form")[2].partition("</form>")[0]
    assert ("Sentinel" in page.text) == ("text" not in fields)
    assert bool(re.search(r'value="double"[^>]* checked', page.text)) == ("subject" not in fields)


def test_a_thousand_characters_are_taken_however_the_browser_ends_its_lines(visitor, event):
    assert send(visitor, event, text="\r\n".join(["x" * 9] * 100)).status_code == 302
    assert len(Report.objects.get().text) == 999


@pytest.mark.parametrize("body", [b"", b"subject", b"subject=wrong&text=\xff\xfe\xed\xa0\x80", b"text=" + b"%00" * 999])
def test_nonsense_is_answered_in_words(visitor, event, body):
    page = visitor.post(address_of(event.pk), body, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 200
    assert "This needs another look" in page.text
    assert not Report.objects.exists()


def test_a_file_that_nobody_asked_for_is_not_looked_at(visitor, event):
    photo = SimpleUploadedFile("photo.jpg", pictures.photo(), "image/jpeg")

    assert send(visitor, event, image=photo).status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_other_method_is_answered(event, method):
    for name in ("report", "report-sent"):
        assert getattr(Client(), method)(address_of(event.pk, name)).status_code == 405
    assert Client().post(address_of(event.pk, "report-sent")).status_code == 405


def test_looking_changes_nothing(visitor, event):
    before = read_tables()

    for look in (visitor.get, visitor.head):
        assert look(address_of(event.pk), filled_in()).status_code == 200
    assert read_tables() == before


# Robots and floods


def test_a_stamp_that_comes_too_soon_or_not_at_all_is_asked_for_again(visitor, event):
    for stamp, message in ((make_stamp(now=timezone.now() - SOONEST / 2), "very quick"), (None, "lost on the way")):
        page = send(visitor, event, stamp=stamp, text="Sentinel words")
        assert (message in page.text, "Sentinel words" in page.text) == (True, True)
    assert send(visitor, event, stamp=stamp_on(page)).status_code == 302


def test_while_robots_flood_the_site_a_report_takes_a_sum_and_each_page_is_good_for_one(visitor, event):
    Directory.objects.update_or_create(pk=1, defaults={"version": "sample", "asks_for_work": True})
    page = visitor.get(address_of(event.pk))
    assert ("data-work=" in page.text, "needs JavaScript" in page.text) == (True, True)
    stamp = filled_in()["stamp"]
    done = {"stamp": stamp, "work": find_number(stamp)}

    assert "had not finished its sum" in send(visitor, event, stamp=stamp).text
    assert send(visitor, event, **done).status_code == 302
    assert send(visitor, event, **done).status_code == 302  # pressed twice
    page = send(visitor, event, **done, text="Something else")
    assert (page.status_code, "sent from this page already" in page.text) == (200, True)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("REPORTS", "Too many forms came"),
        ("REPORTS_OF_EVENT", "Many people have reported this event"),
        ("REPORTS_OF_ALL", "Very many reports come in"),
    ],
)
def test_who_meets_a_limit_is_told_how_long_to_wait_and_keeps_their_words(
    visitor, event, monkeypatch, clock, name, message
):
    monkeypatch.setattr(limits, name, THRICE)
    monkeypatch.setattr(limits, "SAID", [(getattr(limits, name), message)])
    for number in range(3):
        send(visitor, event, text=f"Mistake {number}")

    page = send(visitor, event, text="Sentinel words")

    assert (page.status_code, Report.objects.count()) == (429, 3)
    assert 0 <= 3600 - int(page.headers["Retry-After"]) < 60
    assert message in page.text
    assert "Try again in 60 minutes" in page.text or "Try again in 1 hour" in page.text
    assert "Sentinel words" in page.text
    clock.shift(3601)
    assert send(visitor, event, text="Sentinel words").status_code == 302


def test_each_limit_says_what_there_is_too_much_of():
    said = [str(limits.TooMany(limit[0], wait=60)) for limit in (limits.REPORTS_OF_EVENT, limits.REPORTS_OF_ALL)]

    assert said == [
        "Many people have reported this event, and a moderator will look at it. Try again in 1 minute.",
        "Very many reports come in just now. Try again in 1 minute.",
    ]


def test_strangers_from_everywhere_cannot_bury_a_moderator_under_one_event_and_others_are_still_reported(
    visitor, event
):
    answers = [send(visitor, event, network=f"192.0.2.{number}", text=f"Mistake {number}") for number in range(12)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2
    assert send(visitor, make_event(), network="192.0.2.11").status_code == 302


def test_one_network_cannot_report_all_events_and_what_it_is_refused_leaves_the_event_to_others(visitor, event):
    answers = [send(visitor, make_event()) for _number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    for _try in range(15):
        assert send(visitor, event).status_code == 429

    assert send(visitor, event, network="198.51.100.7").status_code == 302


def test_bad_reports_are_limited_too(visitor, event, monkeypatch):
    monkeypatch.setattr(limits, "TRIES", THRICE)
    for _try in range(3):
        assert send(visitor, event, subject=None).status_code == 200

    page = send(visitor, event, text="Sentinel words", image=SimpleUploadedFile("x.jpg", b"x"))

    assert (page.status_code, "Sentinel words" in page.text, Report.objects.exists()) == (429, True, False)


# Events that are not published


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_an_event_that_is_not_published_looks_like_one_that_never_was(visitor, status):
    event = make_event(title="Sentinel evening", status=status)

    for ask in (visitor.get, lambda address: visitor.post(address, filled_in(text="What I typed"))):
        answer, nothing = ask(address_of(event.pk)), ask(address_of(NOWHERE))
        assert answer.status_code == nothing.status_code == 404
        assert answer.text == nothing.text.replace(f"/{NOWHERE}/", f"/{event.pk}/")
        assert {name for name, _value in {*answer.headers.items()} ^ {*nothing.headers.items()}} <= {"Content-Length"}
    assert "What I typed" in answer.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "9" * 400])
def test_a_nonsense_number_is_no_event(visitor, number):
    assert visitor.get(f"/en/events/{number}/report/").status_code == 404
    assert visitor.post(f"/en/events/{number}/report/", filled_in()).status_code == 404


def withdraw(event):
    moderation.reopen(event, by=make_moderator("DE"))
    moderation.publish(event, by=make_moderator("DE"))
    moderation.withdraw(event, by=None)


def test_a_withdrawn_event_is_gone_and_what_was_written_about_it_is_given_back(visitor):
    event = make_event(title="Sentinel evening")
    withdraw(event)

    page, answer = visitor.get(address_of(event.pk)), send(visitor, event, text="What I typed\n<b>")

    assert (page.status_code, answer.status_code) == (410, 410)
    assert "Your report was not taken" in answer.text
    assert "What I typed" in answer.text
    assert "<b>" not in answer.text.partition("What I typed")[2]
    assert "Sentinel" not in page.text + answer.text
    assert not Report.objects.exists()


def test_an_event_that_goes_away_at_that_very_moment_is_answered_in_words_and_nothing_is_counted(
    visitor, event, monkeypatch
):
    is_waiting, before = reports.is_waiting, []

    def ask_and_withdraw(event, **facts):
        if not before:
            withdraw(Event.objects.get(pk=event.pk))
            before.append(Bucket.objects.count())
        return is_waiting(event, **facts)

    monkeypatch.setattr(reports, "is_waiting", ask_and_withdraw)

    answer = send(visitor, event, text="What I typed")

    assert (answer.status_code, "What I typed" in answer.text) == (410, True)
    assert [Bucket.objects.count()] == before


def test_the_report_of_a_merged_event_leads_to_the_one_in_its_place(visitor, event):
    other = make_event(title="The other evening")
    withdraw(other)
    Event.objects.filter(pk=other.pk).update(merged_into=event)

    page = visitor.get(address_of(other.pk))
    assert (page.status_code, page.headers["Location"]) == (302, address_of(event.pk))

    answer = send(visitor, other, text="What I typed")
    assert (answer.status_code, Report.objects.exists()) == (200, False)
    assert "was put together with this entry meanwhile" in answer.text
    assert "What I typed" in answer.text
    assert "The other evening" not in answer.text
    assert f'action="{address_of(event.pk)}"' in answer.text
