"""The outbox: whatever the mail server does, no submission fails, every letter arrives, and none comes twice.

The servers are real ones on this machine; what they are to do with time is done to the clock.
"""

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from events import mail, outbox
from events.models import Event, Status
from tests.factories import make_event, make_moderator, submission
from tests.mailserver import running_mail_server
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def mail_server(settings):
    with running_mail_server(settings) as server:
        yield server


def queue(*names):
    """A letter to each of `names`, all but for the last part of the address."""
    for name in names or ["private"]:
        mail.enter(f"{name}@example.org", language="en", token=f"sample-token-of-{name}")


def send_letters():
    call_command("sendletters")


# What mail servers do


@contextmanager
def setting(server, **behaviour):
    before = {name: getattr(server, name) for name in behaviour}
    for name, value in behaviour.items():
        setattr(server, name, value)
    yield
    for name, value in before.items():
        setattr(server, name, value)


TROUBLES = {
    "refuses for good": lambda server: setting(server, refusal="554 go away"),
    "refuses for now": lambda server: setting(server, refusal="451 come back later"),
    "is away": lambda server: server.away(),
    "says nothing": lambda server: server.silent(),
    "hangs with the letter in its hands": lambda server: setting(server, hangs={"all"}),
    "babbles": lambda server: setting(server, babbles=True),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_while_the_mail_server_fails_for_an_hour_everybody_can_submit_and_then_every_letter_comes_once(
    mail_server, clock, settings, monkeypatch, trouble
):
    addresses = [f"organiser{number}@example.org" for number in range(3)]
    patience = settings.EMAIL_TIMEOUT
    with TROUBLES[trouble](mail_server), monkeypatch.context() as little_time:
        settings.EMAIL_TIMEOUT = 0.3
        little_time.setattr(outbox, "MOST_SECONDS", 0.5)
        for address in addresses:
            answer = Client().post("/en/submit/", submission(contact_email=address))
            assert answer.headers["Location"] == "/en/submit/sent/"
            send_letters()
            clock.shift(20 * MINUTE)
    settings.EMAIL_TIMEOUT = patience
    assert mail_server.taken == []
    assert Event.objects.filter(status=Status.UNCONFIRMED).count() == 3

    for _quarter in range(5):
        send_letters()
        clock.shift(HOUR / 4)

    assert sorted(mail_server.addresses()) == addresses
    assert [*Email.objects.values_list("status", "message").distinct()] == [(STATUS.sent, "")]


def test_a_letter_comes_once_however_often_letters_are_sent(mail_server, clock):
    queue()

    for _time in range(3):
        send_letters()
        clock.shift(2 * HOUR)

    assert len(mail_server.taken) == 1


# Back-off


def test_a_refused_letter_waits_longer_each_time_and_is_given_up_after_two_days(mail_server, clock):
    queue()
    begin = timezone.now()
    waits = []
    with setting(mail_server, refusal="451 come back later"):
        while (letter := Email.objects.get()).status != STATUS.failed:
            send_letters()
            tried_at, letter = timezone.now(), Email.objects.get()
            send_letters()  # too early: the server has said no
            waits.append(round((letter.scheduled_time - tried_at) / MINUTE))
            clock.move_to(letter.scheduled_time)

    assert waits[:9] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(waits) == Log.objects.count() == outbox.MOST_TRIES
    last_try = timezone.now() - HOUR
    assert timedelta(days=2) <= last_try - begin < timedelta(days=2, hours=1)


def test_what_was_given_up_keeps_its_text_until_somebody_has_looked(mail_server, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_TRIES", 1)
    queue()
    with setting(mail_server, refusal="554 go away"):
        send_letters()
    send_letters()

    letter = Email.objects.get()
    assert (letter.status, mail_server.taken) == (STATUS.failed, [])
    assert "sample-token-of-private" in letter.message


def test_all_tries_are_made_with_the_same_number_so_that_the_readers_program_notices_a_double(mail_server, clock):
    queue()
    number = Email.objects.get().message_id
    with setting(mail_server, refusal="451 come back later"):
        send_letters()
    clock.shift(MINUTE)
    send_letters()

    assert mail_server.letters()[0]["message-id"] == number
    assert number.endswith("@localhost>")


# One letter's trouble is not the others'


@pytest.mark.parametrize("answer", ["450 mailbox busy", "550 no such user"])
def test_an_address_that_is_refused_does_not_stop_letters_to_others(mail_server, clock, answer):
    queue("first", "full", "last")
    with setting(mail_server, refusals={"full@example.org": answer}):
        send_letters()
        assert mail_server.addresses() == ["first@example.org", "last@example.org"]

    clock.shift(MINUTE)
    send_letters()

    assert mail_server.addresses() == ["first@example.org", "last@example.org", "full@example.org"]


def test_an_address_at_which_the_server_hangs_delays_others_by_one_timeout(mail_server, settings):
    settings.EMAIL_TIMEOUT = 1
    queue("hanging", "patient")
    mail_server.hangs = {"hanging@example.org"}

    begin = time.monotonic()
    send_letters()

    assert mail_server.addresses() == ["patient@example.org"]
    assert time.monotonic() - begin < 10


def test_a_server_that_keeps_the_line_busy_does_not_keep_the_sender_for_ever(mail_server, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_SECONDS", 0.5)
    queue("first", "second")
    mail_server.babbles = True  # each byte is in time: no timeout of a socket ends this

    begin = time.monotonic()
    send_letters()

    assert time.monotonic() - begin < 10
    assert {*Email.objects.values_list("status", "number_of_retries")} == {(STATUS.requeued, 1)}


def test_new_letters_go_before_those_that_were_refused(mail_server, clock):
    queue("refused")
    with setting(mail_server, refusal="451 come back later"):
        send_letters()
    clock.shift(MINUTE)
    queue("new")

    send_letters()

    assert mail_server.addresses() == ["new@example.org", "refused@example.org"]


def test_while_the_server_is_away_letters_do_not_use_up_their_tries(mail_server, clock):
    queue("first", "second", "third")
    with mail_server.away():
        send_letters()

    assert [*Email.objects.order_by("pk").values_list("number_of_retries", flat=True)] == [1, 0, 0]
    assert "ConnectionRefusedError" in Log.objects.get().message


# The sender


def test_the_watching_sender_tries_again_by_itself_and_rests_longer_while_the_server_is_away(
    mail_server, clock, monkeypatch
):
    queue()
    mail_server.stop()
    rests = []

    def rest(seconds):
        if mail_server.taken:
            raise KeyboardInterrupt
        if not rests:
            mail_server.start()
        rests.append(seconds)
        clock.shift(seconds)

    monkeypatch.setattr("events.management.commands.sendletters.time.sleep", rest)
    with pytest.raises(KeyboardInterrupt):
        call_command("sendletters", watch=True)

    assert len(mail_server.taken) == 1
    assert (rests[0], {*rests[1:]}) == (30, {1})


def test_a_letter_that_another_sender_is_at_is_left_alone_until_its_claim_is_over(mail_server, clock):
    queue("mine", "theirs")
    Email.objects.filter(to="theirs@example.org").update(
        scheduled_time=timezone.now() + outbox.CLAIM, number_of_retries=1
    )
    send_letters()
    assert mail_server.addresses() == ["mine@example.org"]

    clock.shift(outbox.CLAIM)
    send_letters()

    assert mail_server.addresses() == ["mine@example.org", "theirs@example.org"]


# At the desk

LIST = "/admin/post_office/email/"


@pytest.fixture
def desk():
    client = Client()
    sign_in(client, User.objects.create_superuser("chief", password="sample"))
    return client


def refuse(server):
    with setting(server, refusal="554 <b>go away</b>"):
        send_letters()


def test_the_desk_shows_what_became_of_letters_and_why(desk, mail_server):
    queue()
    refuse(mail_server)

    for address in (LIST, f"{LIST}{Email.objects.get().pk}/change/", f"{LIST}?state={STATUS.requeued}&q=private"):
        page = desk.get(address).text
        assert "private@example.org" in page
        assert "refused, will be tried again" in page
        assert "554" in page
        assert "<b>go away" not in page
    assert "private@example.org" not in desk.get(f"{LIST}?state={STATUS.sent}").text


def test_the_desk_shows_the_text_of_a_letter_with_its_links_hidden_and_nothing_of_it_as_html(desk):
    event = make_event(title="<b>Sentinel</b>")
    mail.returned(event, reason="<script>alert(1)</script>", token="sample-token")

    page = desk.get(f"{LIST}{Email.objects.get().pk}/change/").text

    assert "http://localhost/en/my-events/enter/***/" in page
    assert "sample-token" not in page
    assert "&lt;b&gt;Sentinel&lt;/b&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("minutes", [0, 3])
def test_a_letter_is_sent_again_at_once_when_the_desk_says_so_unless_it_is_being_sent(
    desk, mail_server, clock, minutes
):
    queue()
    refuse(mail_server)
    Email.objects.update(scheduled_time=timezone.now() + HOUR)
    clock.shift(minutes * MINUTE)

    answer = desk.post(LIST, {"action": "send_again", "_selected_action": [Email.objects.get().pk]}, follow=True)
    send_letters()

    assert len(mail_server.taken) == bool(minutes)
    assert ("1 letter is sent again now." in answer.text) == bool(minutes)


def test_a_letter_that_was_given_up_gets_all_its_tries_anew(desk, mail_server):
    queue()
    Email.objects.update(status=STATUS.failed, number_of_retries=outbox.MOST_TRIES)
    refuse_and_send = {"action": "send_again", "_selected_action": [Email.objects.get().pk]}

    desk.post(LIST, refuse_and_send)
    refuse(mail_server)

    assert [*Email.objects.values_list("status", "number_of_retries")] == [(STATUS.requeued, 1)]


def test_a_letter_that_was_sent_is_not_sent_again_by_hand(desk, mail_server, clock):
    queue()
    send_letters()
    clock.shift(HOUR)

    answer = desk.post(LIST, {"action": "send_again", "_selected_action": [Email.objects.get().pk]}, follow=True)
    send_letters()

    assert "0 letters are sent again now." in answer.text
    assert len(mail_server.taken) == 1


def test_letters_are_only_looked_at_and_by_nobody_but_superusers(desk):
    queue()
    moderator = Client()
    sign_in(moderator, make_moderator("DE"))
    pages = [LIST, *(f"{LIST}{Email.objects.get().pk}/{page}/" for page in ("change", "history", "delete"))]

    assert [moderator.get(page).status_code for page in pages] == [403] * 4
    moderator.post(LIST, {"action": "send_again", "_selected_action": [Email.objects.get().pk]})
    assert [desk.get(page).status_code for page in pages] == [200, 200, 200, 403]
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(pages[1], {"subject": "Forged", "message": "Forged"}).status_code == 403
    assert "Forged" not in str(Email.objects.values())


@pytest.mark.parametrize("name", ["attachment", "emailtemplate", "log"])
def test_of_the_outbox_nothing_but_letters_is_at_the_desk(desk, name):
    assert desk.get(f"/admin/post_office/{name}/").status_code == 404


@pytest.mark.parametrize("page", ["1/preview/", "1/resend/"])
def test_no_other_page_shows_what_the_letter_hides(desk, page):
    queue()
    page = page.replace("1", str(Email.objects.get().pk))

    assert "sample-token" not in desk.get(LIST + page, follow=True).text


@pytest.mark.parametrize("query", ["state=x", "state=99999999999999", "message__regex=(", "q=%00", "p=x", "o=99"])
def test_no_question_to_the_list_of_letters_is_an_error_of_ours(desk, query):
    assert desk.get(f"{LIST}?{query}").status_code in {200, 302, 400}


def test_the_list_of_letters_asks_the_database_the_same_for_one_as_for_thirty(desk, django_assert_num_queries):
    queue(*(f"organiser{number}" for number in range(30)))

    with django_assert_num_queries(7):
        desk.get(LIST)
