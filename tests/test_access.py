"""Links in letters and sessions: who gets in, for how long, and what is left of it."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from events import access, limits, moderation
from events.models import Link, Status
from tests.factories import make_event, make_moderator
from tests.organisers import ADDRESS, find_link, organiser, read_tables
from tests.reading import meta_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
MINE = "/en/my-events/"


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def ask(visitor, address=ADDRESS):
    return visitor.post(MINE, {"contact_email": address})


def link_for(visitor, address=ADDRESS):
    ask(visitor, address)
    return find_link(address.strip())


def token_in(link):
    return link.rstrip("/").rpartition("/")[2]


def sees_events(visitor):
    return "Registered with the address" in visitor.get(MINE).text


# Asking


@pytest.mark.parametrize("spelling", [ADDRESS, "Private@Example.ORG", f"  {ADDRESS} "])
def test_whoever_reads_the_mail_of_an_address_gets_in(visitor, spelling):
    make_event(title="Sample evening")
    link = link_for(visitor, spelling)
    visitor.get(link)

    answer = visitor.post(link, follow=True)

    assert answer.redirect_chain == [(MINE, 302)]
    assert "Sample evening" in answer.text


def test_the_letter_goes_to_the_address_as_it_stands_in_the_event(visitor):
    make_event(contact_email="Private@example.org")

    ask(visitor, "pRIVATE@example.org")

    assert Email.objects.get().to == ["Private@example.org"]


def test_nobody_learns_whether_an_address_is_known(visitor):
    make_event()
    answers = [ask(visitor, address) for address in (ADDRESS, "stranger@example.org")]

    assert [(answer.status_code, answer.headers["Location"], answer.content) for answer in answers] == [
        (302, "/en/my-events/asked/", b"")
    ] * 2
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert [letter.to for letter in Email.objects.all()] == [[ADDRESS]]
    assert [link.address for link in Link.objects.all()] == [ADDRESS]


def test_as_much_is_asked_of_the_database_for_a_stranger_as_for_a_known_address(visitor):
    make_event()
    asked = []
    make_event(contact_email="unproven@example.org", status=Status.UNCONFIRMED)
    for address in ("stranger@example.org", "unproven@example.org", ADDRESS):
        with CaptureQueriesContext(connection) as queries:
            ask(visitor, address)
        # But for how it ends: the one is undone.
        asked.append([word for query in queries if (word := query["sql"].split()[0]) not in {"RELEASE", "ROLLBACK"}])

    assert asked[0] == asked[1] == asked[2]
    assert asked[0].count("INSERT") >= 3  # the counts, the link, the letter


def test_an_address_gets_five_links_an_hour_and_another_one_is_still_served(visitor, clock):
    make_event()
    make_event(contact_email="other@example.org")
    answers = [ask(visitor).status_code for _time in range(6)]

    assert answers == [302] * 5 + [429]
    assert ask(visitor, "other@example.org").status_code == 302
    clock.shift(limits.HOUR)
    assert ask(visitor).status_code == 302


def test_an_address_that_nobody_has_proven_gets_five_links_a_day_and_nobody_learns_it(visitor, clock):
    event = make_event(status=Status.UNCONFIRMED)
    answers = set()
    for _hour in range(12):
        answers.add(ask(visitor).status_code)
        clock.shift(limits.HOUR)

    assert answers == {302}
    assert Email.objects.count() == Link.objects.count() == 5
    moderation.confirm(event)
    Email.objects.all().delete()
    ask(visitor)
    assert Email.objects.exists()


def test_a_mistyped_address_is_explained_and_stays(visitor):
    answer = ask(visitor, "private.example.org")

    assert "This is not an e-mail address" in answer.text
    assert 'value="private.example.org"' in answer.text


@pytest.mark.parametrize("letter", "İıſ")
def test_no_other_letter_is_taken_for_one_of_an_address(visitor, letter):
    make_event(contact_email="kiss@example.org")
    names = [letter * 200, "kiss".replace("k", letter), "kiss".replace("i", letter), "kiss".replace("s", letter)]

    answers = [ask(visitor, f"{name}@example.org") for name in names]

    assert not Link.objects.exists()
    assert all("This is not an e-mail address" in answer.text for answer in answers)


def test_where_the_site_is_tried_out_the_page_says_where_letters_are(visitor, settings):
    settings.DEBUG, settings.LETTERS_FOLDER = True, "/tmp/letters"

    assert "/tmp/letters" in visitor.get("/en/my-events/asked/").text


# The link


def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(visitor):
    make_event()
    link = link_for(visitor)
    for _time in range(5):
        scanner = Client()
        assert (scanner.get(link).status_code, scanner.head(link).status_code) == (200, 200)
        assert not sees_events(scanner)

    visitor.post(link)

    assert sees_events(visitor)


def test_a_link_lets_in_once(visitor):
    make_event()
    link = link_for(visitor)
    visitor.post(link)
    other = Client()

    for answer in (other.post(link), other.get(link)):
        assert answer.status_code == 404
        assert "This link is not valid any more" in answer.text
        assert 'name="contact_email"' in answer.text  # a new one is asked for on the spot
    assert not sees_events(other)


def test_whoever_presses_twice_is_led_on(visitor):
    make_event()
    link = link_for(visitor)
    visitor.post(link)

    assert "You are in already" in visitor.post(link).text


@pytest.mark.parametrize(("minutes", "is_valid"), [(59, True), (61, False)])
def test_a_link_is_valid_for_an_hour(visitor, clock, minutes, is_valid):
    make_event()
    link = link_for(visitor)
    clock.shift(timedelta(minutes=minutes))

    assert (visitor.get(link).status_code == 200) == is_valid
    visitor.post(link)
    assert sees_events(visitor) == is_valid


@pytest.mark.parametrize(("days", "is_valid"), [(6.9, True), (7.1, False)])
def test_the_link_of_a_letter_that_asks_for_an_answer_leads_to_the_event_for_a_week(visitor, clock, days, is_valid):
    event = make_event(status=Status.RETURNED)
    token = access.make_entry(ADDRESS, event=event, now=timezone.now())
    clock.shift(timedelta(days=days))

    answer = visitor.post(f"/en/my-events/enter/{token}/")

    assert answer.headers.get("Location") == (f"/en/my-events/{event.pk}/" if is_valid else None)


@pytest.mark.parametrize("token", ["x", "%00", "ə" * 43, "a" * 5000, "%ed%a0%80", "..%2f"])
def test_a_nonsense_link_is_explained(visitor, token):
    for answer in (visitor.get(f"/en/my-events/enter/{token}/"), visitor.post(f"/en/my-events/enter/{token}/")):
        assert answer.status_code == 404
        assert not answer.cookies


def test_a_confirmation_is_no_entry_and_a_session_is_none_either(visitor):
    event = make_event()
    confirmation = access.make_confirmation(event, now=timezone.now())
    inside = organiser()
    session = Session.objects.get(pk=inside.cookies["sessionid"].value).get_decoded()["organiser"]

    for token in (confirmation, session):
        assert visitor.post(f"/en/my-events/enter/{token}/").status_code == 404
    assert sees_events(inside)


def test_nobody_is_let_in_by_a_form_on_another_site(visitor):
    make_event()
    link = link_for(visitor)

    answer = visitor.post(link, headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, "Show my events" in answer.text) == (200, True)
    assert not sees_events(visitor)
    visitor.post(link, headers={"Sec-Fetch-Site": "same-origin"})
    assert sees_events(visitor)


# The token


@pytest.mark.parametrize("language", ["az", "en", "ru", "tr"])
def test_the_token_stands_in_nothing_but_the_form_that_sends_it(visitor, language):
    make_event()
    link = link_for(visitor).replace("/en/", f"/{language}/")
    token = token_in(link)
    page = visitor.get(f"{link}?x=1")

    assert page.text.count(token) == 1
    assert f'<form method="post" action="{link}">' in page.text
    assert f'data-clean-address="/{language}/my-events/"' in page.text
    assert meta_of(page.text, "robots") == ["noindex"]
    answers = [page, visitor.post(link), visitor.post(link), visitor.get(link)]
    assert token not in "".join(answer.text for answer in answers[1:])
    for answer in answers:
        assert token not in str(answer.headers)
        assert answer.headers.get("Referrer-Policy") == "no-referrer" or answer.status_code == 302
        assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_of_a_link_sets_no_cookie_until_the_button_is_pressed(visitor):
    make_event()
    link = link_for(visitor)

    assert not visitor.get(link).cookies
    assert visitor.post(link).cookies.keys() == {"sessionid"}


def test_no_token_is_kept_in_the_database(visitor):
    make_event()
    link = link_for(visitor)
    call_command("sendletters")
    visitor.post(link)

    tables = read_tables()
    session = Session.objects.get().get_decoded()["organiser"]
    assert token_in(link) not in tables
    assert session not in json.dumps([*Link.objects.values_list("digest", "address")])
    assert ADDRESS in tables  # it reads what there is


# The session


def test_a_session_ends_after_four_hours_wherever_its_cookie_is_kept(clock):
    make_event()
    inside = organiser()
    clock.shift(timedelta(hours=3, minutes=59))
    assert sees_events(inside)

    clock.shift(timedelta(minutes=2))

    assert not sees_events(inside)


def test_leaving_ends_the_session_on_the_server_and_takes_its_cookie_back():
    make_event()
    inside, thief = organiser(), Client()
    thief.cookies["sessionid"] = inside.cookies["sessionid"].value
    assert sees_events(thief)

    answer = inside.post("/en/my-events/leave/")

    assert answer.cookies["sessionid"].value == ""
    assert not sees_events(thief)
    assert not Link.objects.exists()
    assert not Session.objects.exists()


def test_a_moderator_who_leaves_their_events_stays_at_the_desk(visitor):
    make_event()
    visitor = Client()
    sign_in(visitor, make_moderator("DE"))
    visitor.post(link_for(visitor))
    assert sees_events(visitor)

    visitor.post("/en/my-events/leave/")

    assert not sees_events(visitor)
    assert visitor.get("/admin/events/event/").status_code == 200


def test_whoever_enters_by_another_address_leaves_the_one_before(visitor):
    make_event(title="One's evening")
    make_event(title="Other's evening", contact_email="other@example.org")
    visitor.post(link_for(visitor))
    visitor.post(link_for(visitor, "other@example.org"))

    page = visitor.get(MINE).text
    assert ("One&#x27;s evening" in page, "Other&#x27;s evening" in page) == (False, True)
    assert [link.address for link in Link.objects.filter(purpose=Link.Purpose.SESSION)] == ["other@example.org"]


def test_entering_gives_the_browser_a_new_session(visitor):
    make_event()
    visitor.post(link_for(visitor))
    planted = visitor.cookies["sessionid"].value

    visitor.post(link_for(visitor))

    assert visitor.cookies["sessionid"].value != planted
    assert not Session.objects.filter(pk=planted).exists()


@pytest.mark.parametrize("cookie", ["x", "", "0123456789abcdef0123456789abcdef"])
def test_a_broken_cookie_lets_nobody_in(visitor, cookie):
    make_event()
    visitor.cookies["sessionid"] = cookie

    assert not sees_events(visitor)


def test_the_page_for_asking_sets_no_cookie_and_needs_none(visitor):
    assert not visitor.get(MINE).cookies
    assert not ask(visitor).cookies
    assert not re.search("csrf", visitor.get(MINE).text)
