"""How often one may send the form and have letters sent, what counts as one and the same, and what is kept of it."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from events import limits
from events.limits import Limit, TooMany, count, find_network, fold_address
from events.models import Amendment, Bucket, Event, Status
from tests import pictures
from tests.factories import make_event, submission
from tests.organisers import change, changes_of, make_own_event, organiser, read_tables, take
from tests.reading import text_of
from tests.test_race import at_once

pytestmark = pytest.mark.django_db

THRICE = (Limit("thrice", 3, timedelta(hours=1)),)
STRANGER = "198.51.100.7"


@pytest.fixture
def visitor() -> Client:
    return Client()


def send(visitor, *, network="192.0.2.1", **fields):
    return visitor.post("/en/submit/", submission(**fields), REMOTE_ADDR=network)


def count_all(limits, *, source="somebody", times=50):
    """How often one may before the limit is reached."""
    for number in range(times):
        try:
            count(limits, source, now=timezone.now())
        except TooMany:
            return number
    return times


def variants(count):
    """So many spellings of one address: capitals, dots, tags."""
    names = ("parvana", "PARVANA", "p.arvana", "pa.rv.ana", "Par.Vana")
    tags = ("", "+solidarity", "+a.b", "+A+b")
    domains = ("example.org", "EXAMPLE.org", "Example.Org", "eXample.oRg", "ｅｘａｍｐｌｅ.org")
    spellings = [f"{name}{tag}@{domain}" for name, tag, domain in product(names, tags, domains)]
    assert len(spellings) >= count
    return spellings[:count]


# By address


def test_a_hundred_submissions_to_variants_of_one_address_send_five_letters_and_others_are_served(visitor):
    for number, address in enumerate(variants(100)):
        send(visitor, network=f"192.0.2.{number}", title=f"Evening number {number}", contact_email=address)

    assert Email.objects.count() == Event.objects.count() == 5
    assert send(visitor, network=STRANGER, contact_email="another@example.org").status_code == 302
    assert Email.objects.count() == 6


def test_who_is_told_to_wait_gets_all_back_that_was_typed_and_the_picture(visitor, clock):
    for number in range(5):
        send(visitor, title=f"Evening number {number}")
    photo = SimpleUploadedFile("photo.jpg", pictures.photo(), "image/jpeg")
    typed = {"title": "The sixth evening", "image_alt": "Musicians", "description": "With *tar*"}

    page = send(visitor, **typed, image=photo)

    wait = int(page.headers["Retry-After"])
    assert page.status_code == 429
    assert 0 <= 24 * 3600 - wait < 60
    assert "Try again in 24 hours" in page.text
    assert "Your picture is kept" in page.text
    form = page.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    clock.shift(wait - 3600)
    assert send(visitor, **typed, image_kept=form["image_kept"].value()).status_code == 429
    clock.shift(3600)
    assert send(visitor, **typed | {"image_alt": ""}).status_code == 302


def test_somebody_has_twenty_events_waiting_and_is_told_why_no_more_are_taken(visitor):
    for status in [Status.PENDING] * 15 + [Status.UNCONFIRMED] * 5:
        make_event(status=status, source=limits.hash_source("private@example.org"))

    page = send(visitor, contact_email="Priv.Ate+more@example.org")
    assert "wait for a moderator" in page.text
    assert Event.objects.count() == 20

    Event.objects.filter(status=Status.PENDING).update(status=Status.DECLINED)
    assert send(visitor, contact_email="Priv.Ate+more@example.org").status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("a.b@example.org", "ab@example.org", True),
        ("ab+x@example.org", "AB@EXAMPLE.ORG", True),
        ("ab@bücher.example", "ab@xn--bcher-kva.example", True),
        ("ab@example.org", "ab@example.com", False),
        ("ab@example.org", "ba@example.org", False),
        ("ab@ex.ample.org", "ab@example.org", False),
    ],
)
def test_addresses_that_likely_lead_to_one_mailbox_count_as_one(one, other, is_same):
    assert (fold_address(one) == fold_address(other)) == is_same


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?parv=61na?=@example.org",  # sent to parvana@example.org
        "=?utf-8?b?cGFydmFuYQ?=@example.org",
        "parvana@[192.0.2.1]",
        "parvana@[2001:db8::1]",
        "parvana@[2001:db8:0::1]",
        "parvana@localhost",
        '"parvana,somebody@example.net"@example.org',
    ],
)
def test_no_mailbox_has_a_second_address_that_nobody_would_type(visitor, address):
    page = send(visitor, contact_email=address)

    assert "This is not an e-mail address" in page.text
    assert not Email.objects.exists()


# By network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "network"),
    [
        # without a proxy the header says nothing
        (0, None, "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.7, 203.0.113.9", "192.0.2.1", "192.0.2.1"),
        # one proxy writes the last entry
        (1, "192.0.2.1", "10.0.0.1", "192.0.2.1"),
        (1, "198.51.100.7, 192.0.2.1", "10.0.0.1", "192.0.2.1"),
        (1, ", ".join(["198.51.100.7"] * 5000) + ",192.0.2.1", "10.0.0.1", "192.0.2.1"),
        (1, "garbage, \t,,', 192.0.2.1 ", "10.0.0.1", "192.0.2.1"),
        (1, "198.51.100.7, 192.0.2.1:4711", "10.0.0.1", "192.0.2.1"),
        (1, "192.0.2.1", "", "192.0.2.1"),  # by a socket of the machine
        # two proxies write the last two
        (2, "198.51.100.7, 192.0.2.1, 10.0.0.2", "10.0.0.1", "192.0.2.1"),
        (2, "192.0.2.1, 10.0.0.2", "10.0.0.1", "192.0.2.1"),
        (2, "192.0.2.1", "10.0.0.1", "192.0.2.1"),  # past the outer one
        # nobody has said who it is
        (1, None, "10.0.0.1", "10.0.0.1"),
        (0, None, "", "unknown"),
        (1, "unknown", "10.0.0.1", "unknown"),
        (1, "192.0.2.1, ", "10.0.0.1", "unknown"),
        # IPv6 by its first half, and IPv4 in the dress of it
        (0, None, "2001:db8:1:2:3:4:5:6", "20010db800010002/64"),
        (1, "[2001:db8:1:2::9]:4711", "10.0.0.1", "20010db800010002/64"),
        (1, "2001:db8:1:3::9", "10.0.0.1", "20010db800010003/64"),
        (0, None, "::ffff:192.0.2.1", "192.0.2.1"),
        (0, None, "fe80::1%eth0", "fe80000000000000/64"),
    ],
)
def test_a_network_is_what_our_own_proxies_saw(settings, proxies, forwarded, remote, network):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert find_network(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == network


@pytest.mark.parametrize(("proxies", "own"), [(0, ""), (1, ", 192.0.2.1"), (2, ", 192.0.2.1, 10.0.0.2")])
def test_who_writes_other_networks_into_the_header_is_told_to_wait_and_others_are_served(
    visitor, settings, monkeypatch, proxies, own
):
    monkeypatch.setattr(limits, "SUBMISSIONS", THRICE)
    settings.TRUSTED_PROXIES = proxies

    def send_as(number, claimed, own, remote="192.0.2.1"):
        data = submission(title=f"Evening number {number}", contact_email=f"person{number}@example.org")
        return visitor.post("/en/submit/", data, REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=claimed + own)

    answers = [send_as(number, f"198.51.100.{number}, 203.0.113.{number}", own) for number in range(5)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    other = own.replace("192.0.2.1", STRANGER)
    assert send_as(9, "192.0.2.1", other, remote="192.0.2.1" if proxies else STRANGER).status_code == 302


def test_what_was_refused_by_the_network_is_not_counted_against_the_address(visitor, monkeypatch):
    monkeypatch.setattr(limits, "SUBMISSIONS", THRICE)
    for number in range(3):
        send(visitor, title=f"Evening number {number}", contact_email=f"person{number}@example.org")

    for _press in range(6):
        assert send(visitor).status_code == 429

    assert send(visitor, network=STRANGER).status_code == 302


def test_bad_forms_are_limited_too_and_come_back_with_what_was_typed(visitor, monkeypatch):
    monkeypatch.setattr(limits, "TRIES", THRICE)
    for _try in range(3):
        assert send(visitor, city="").status_code == 200

    page = send(visitor, city="", description="Sentinel", image=SimpleUploadedFile("photo.jpg", pictures.photo()))

    assert page.status_code == 429
    assert "Sentinel" in page.text
    assert "Choose the picture again" in page.text
    assert send(visitor, network=STRANGER).status_code == 302


def test_pictures_are_limited_and_the_event_can_be_sent_without(visitor, monkeypatch):
    monkeypatch.setattr(limits, "PICTURES", (Limit("one", 1, timedelta(hours=1)),))
    for number, status in [(1, 302), (2, 429)]:
        photo = SimpleUploadedFile("photo.jpg", pictures.photo(), "image/jpeg")
        answer = send(visitor, title=f"Evening number {number}", image=photo, image_alt="Musicians")
        assert answer.status_code == status

    assert send(visitor, title="Evening number 2").status_code == 302


def test_of_many_networks_with_many_addresses_no_more_is_stored_than_moderators_can_read(visitor, monkeypatch):
    monkeypatch.setattr(limits, "SUBMISSIONS_OF_ALL", THRICE)

    answers = [
        send(visitor, network=f"192.0.2.{number}", title=f"Evening {number}", contact_email=f"n{number}@example.org")
        for number in range(4)
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert Event.objects.count() == 3


def test_a_network_asks_for_links_of_so_many_addresses_and_another_one_is_still_served(visitor, monkeypatch):
    monkeypatch.setattr(limits, "ENTRIES_OF_NETWORK", THRICE)

    def ask(number, network):
        address = {"contact_email": f"n{number}@example.org"}
        return visitor.post("/en/my-events/", address, REMOTE_ADDR=network).status_code

    assert [ask(number, "192.0.2.1") for number in range(4)] == [302, 302, 302, 429]
    assert ask(5, STRANGER) == 302


# By organisers who are in


@pytest.mark.parametrize("name", ["edit", "copy"])
def test_an_organisers_pictures_are_limited_too_and_all_else_is_kept(monkeypatch, name):
    monkeypatch.setattr(limits, "PICTURES", (Limit("one", 1, timedelta(hours=1)),))
    event, inside = make_own_event(), organiser()

    def send_picture(**fields):
        photo = SimpleUploadedFile("photo.jpg", pictures.photo(), "image/jpeg")
        return inside.post(
            reverse(f"my-event-{name}", args=[event.pk]), changes_of(event, image=photo, **fields), follow=True
        )

    assert send_picture().status_code == 200  # for want of words on it

    page = send_picture(image_alt="Musicians", description="Sentinel")

    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert "Choose the picture again" in page.text
    assert "Sentinel" in page.text
    assert not Amendment.objects.exists()


def test_an_organiser_cannot_cancel_and_restore_for_ever(monkeypatch):
    monkeypatch.setattr(limits, "CHANGES", THRICE)
    event, inside = make_own_event(), organiser()
    for name in ("cancel", "restore", "postpone"):
        assert take(inside, Event.objects.get(), name).status_code == 200

    page = take(inside, Event.objects.get(), "restore", reason="The hall is free")

    assert page.status_code == 429
    assert "Try again in" in text_of(page.text)
    assert "The hall is free" in page.text
    assert event.steps.count() == Email.objects.count() == 3


@pytest.mark.parametrize(("name", "fields"), [("edit", {"title": "Another evening"}), ("take-back", {})])
def test_what_is_proposed_and_taken_back_is_limited_and_what_comes_to_nothing_is_not_counted(monkeypatch, name, fields):
    monkeypatch.setattr(limits, "CHANGES", (Limit("twice", 2, timedelta(hours=1)),))
    event, inside = make_own_event(), organiser()
    for _try in range(3):
        change(inside, event)  # as it was
    for title in ("Better evening", "Best evening"):
        change(inside, event, title=title)

    page = inside.post(reverse(f"my-event-{name}", args=[event.pk]), changes_of(event, **fields), follow=True)

    assert "Try again in" in page.text
    assert Amendment.objects.get().changes["title"] == "Best evening"


def test_an_organiser_with_twenty_events_waiting_copies_no_more_and_the_last_copy_sent_twice_is_one():
    event, inside = make_own_event(), organiser()
    for _number in range(19):
        make_event(status=Status.PENDING, source=limits.hash_source("private@example.org"))
    copy = reverse("my-event-copy", args=[event.pk])
    for _press in range(2):
        assert "The new event was sent" in inside.post(copy, submission(start_date="2026-12-30"), follow=True).text

    page = inside.post(copy, submission(start_date="2026-12-29"), follow=True)

    assert "wait for a moderator" in page.text
    assert Event.objects.filter(status=Status.PENDING).count() == 20


def test_an_organiser_copies_an_event_whatever_others_have_sent_in_their_name():
    event, inside = make_own_event(), organiser()
    for _number in range(20):
        make_event(status=Status.UNCONFIRMED, source=limits.hash_source("private@example.org"))

    page = inside.post(reverse("my-event-copy", args=[event.pk]), submission(start_date="2026-12-30"), follow=True)

    assert "The new event was sent" in page.text


# Counting


def test_when_the_window_is_over_one_may_again(clock):
    assert count_all(THRICE) == 3
    clock.shift(3599)
    assert count_all(THRICE) == 0
    clock.shift(2)
    assert count_all(THRICE) == 3


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400), timedelta(minutes=-10)])
def test_a_clock_that_jumps_shuts_nobody_out_for_longer_than_a_window(clock, jump):
    assert count_all(THRICE) == 3
    clock.shift(jump)

    clock.shift(2 * 3600)

    assert count_all(THRICE) == 3


def test_a_limit_that_is_reached_leaves_the_others_uncounted():
    wide, narrow = Limit("wide", 3, timedelta(hours=1)), Limit("narrow", 1, timedelta(hours=1))
    assert count_all((wide, narrow)) == 1

    assert count_all((wide,)) == 2


def test_one_may_what_another_has_used_up():
    assert count_all(THRICE, source="one") == count_all(THRICE, source="other") == 3


@pytest.mark.django_db(transaction=True)
def test_of_thirty_at_once_one_gets_the_last_place():
    now = timezone.now()
    for _time in range(2):
        count(THRICE, "network", now=now)

    outcomes = at_once(*[lambda: count(THRICE, "network", now=now)] * 30)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["TooMany"] * 29
    assert Bucket.objects.get().count == 3


@pytest.mark.django_db(transaction=True)
def test_of_thirty_at_once_three_begin_a_window_together():
    now = timezone.now()

    outcomes = at_once(*[lambda: count(THRICE, "network", now=now)] * 30)

    assert [type(outcome).__name__ for outcome in outcomes].count("NoneType") == 3


# What is kept


def test_no_table_holds_a_network_and_none_its_plain_hash(visitor):
    for network in ("203.0.113.77", "2001:db8:77:7777::7"):
        send(visitor, network=network, contact_email=f"{len(network)}@example.org", title=f"Evening {network[:4]}")
        send(visitor, network=network, city="")

    everything = read_tables()
    assert Bucket.objects.count() > 4
    for trace in ("203.0.113", "cb00714d", "3405803853", "2001:db8", "20010db8", "0077:7777", "00777777"):
        assert trace not in everything.casefold(), trace


def test_a_count_that_is_deleted_at_that_moment_begins_anew(monkeypatch):
    assert count_all(THRICE) == 3
    update, deleted = QuerySet.update, []

    def update_after_purge(rows, **values):
        if "count" in values and not deleted:
            deleted.append(Bucket.objects.all().delete())
        return update(rows, **values)

    monkeypatch.setattr(QuerySet, "update", update_after_purge)

    count(THRICE, "somebody", now=timezone.now())

    assert Bucket.objects.get().count == 1


def test_what_was_counted_is_gone_after_a_week_at_the_latest(visitor, clock):
    send(visitor)
    assert Bucket.objects.exists()

    clock.shift(timedelta(days=6, seconds=1))
    call_command("purge")

    assert not Bucket.objects.exists()


def test_with_another_key_of_the_site_the_same_address_is_another_hash(settings):
    before = limits.hash_source("private@example.org")
    settings.SECRET_KEY = "another-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP"

    assert limits.hash_source("private@example.org") != before
    assert limits.hash_source("") == ""
