"""The digest: who gets one, on which mornings, and what stands in it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from post_office.models import STATUS, Email

from events import amendments, digest, reports
from events.models import Moderator, Status, apply_changes
from tests.factories import make_event, make_moderator
from tests.test_race import at_once

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 12, 26, 7, 30, tzinfo=UTC)
FRANCE = {"country": "FR", "city": "Sentinelville", "zone": "Europe/Paris", "contact_email": "sentinel@example.org"}


@pytest.fixture
def morning(clock):
    clock.move_to(MORNING)
    return clock


@pytest.fixture(autouse=True)
def nowhere(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


def make_reader(*countries, zone="UTC", language="en", email="moderator@example.org", **fields):
    """A moderator of Germany, unless said otherwise, who gets digests."""
    user = make_moderator(*(countries or ["DE"]), email=email, **fields)
    Moderator.objects.filter(user=user).update(zone=zone, language=language)
    return user


def make_waiting(**fields):
    return make_event(**{"status": Status.PENDING, "start_date": date(2026, 12, 27), **fields})


def run():
    """What cron does; returns what it says of errors."""
    call_command("sendletters", "--digest", stdout=StringIO(), stderr=(err := StringIO()))
    return err.getvalue()


def receivers():
    return sorted(address for letter in Email.objects.all() for address in letter.to)


def write():
    """The one digest that is queued now, as it waits in the outbox."""
    for moderator in digest.find_receivers():
        digest.queue_letter(moderator, now=timezone.now())
    return Email.objects.get()


# What it says


def test_a_moderator_reads_how_much_waits_what_starts_first_and_where_to_decide_it(morning):
    make_reader()
    sooner = make_waiting(start_time=time(15, 45))  # in Berlin: in 31 hours and 15 minutes
    later = make_waiting(city="Köln", start_date=date(2026, 12, 30), start_time=None)

    letter = write()

    assert letter.subject == "Solidarity Day of World Azerbaijanis: what waits at the moderation desk"
    desk = "http://localhost/admin/events/event/"
    assert "– 2 new events\n\n" in letter.message
    assert f"in 31 h · Berlin, Germany\n{desk}{sooner.pk}/change/\n\n" in letter.message
    assert f"in 4 d · Köln, Germany\n{desk}{later.pk}/change/\n\n" in letter.message
    assert f"{desk}\n" in letter.message


def test_proposed_changes_and_reports_are_counted_apart(morning):
    make_reader()
    for title in ("First", "Second"):
        changed = make_event(title=title)
        amendments.propose(changed, apply_changes(changed, {"title": "New"}), version=1, proposal=0)
    reported = make_event()
    reports.add(reported, subject="wrong", text="The hall is closed.")
    reports.add(reported, subject="wrong", text="Nobody is there.")
    reports.add(reported, subject="other", text="I am late.")
    make_waiting()

    letter = write().message

    assert "– 1 new event\n– 2 proposed changes\n– 3 reports\n" in letter


def test_what_has_started_or_is_over_is_called_so_and_comes_last(morning):
    make_reader()
    make_waiting(city="Over", start_date=date(2026, 12, 20))
    make_waiting(city="Begun", start_date=date(2026, 12, 26), start_time=time(8))

    letter = write().message

    assert re.findall(r"(\w+) · (\w+)", letter) == [("started", "Begun"), ("over", "Over")]


def test_ten_are_named_however_many_wait_and_an_online_one_by_its_country(morning):
    make_reader()
    for _number in range(12):
        make_waiting(city="", format="online", online_url="https://example.org/")

    letter = write().message

    assert "12 new events" in letter
    assert letter.count("· Online, Germany\n") == 10


def test_the_letter_holds_no_name_title_or_address_of_an_organiser(morning):
    make_reader()
    typed = dict.fromkeys(["title", "description", "organiser", "contact_name", "venue", "address"], "Sentinel")
    make_waiting(**typed, contact_email="sentinel@example.org")

    letter = write()

    assert "entinel" not in letter.subject + letter.message


def test_nothing_of_another_country_and_nothing_unconfirmed_is_in_the_letter(morning):
    make_reader("DE", "AT")
    make_waiting()
    make_waiting(**FRANCE)
    reports.add(make_event(**FRANCE), subject="wrong", text="Sentinel")
    make_event(status=Status.UNCONFIRMED, city="Sentinel")

    letter = write().message

    assert "– 1 new event\n\n" in letter
    assert "entinel" not in letter
    assert letter.count("/change/") == 1


@pytest.mark.parametrize(
    ("language", "place"),
    [("az", "Berlin, Almaniya"), ("en", "Berlin, Germany"), ("ru", "Berlin, Германия"), ("tr", "Berlin, Almanya")],
)
def test_the_letter_is_in_the_moderators_own_language(morning, language, place):
    make_reader(language=language)
    make_waiting()

    assert place in write().message


# Who gets it


def test_without_anything_that_waits_there_is_no_letter(morning):
    make_reader()
    make_event()
    make_waiting(**FRANCE)

    run()

    assert receivers() == []


@pytest.mark.parametrize("fields", [{"email": ""}, {"is_active": False}])
def test_who_has_no_address_or_is_no_longer_there_gets_none(morning, fields):
    make_reader(**fields)
    make_waiting()

    assert run() == ""
    assert receivers() == []


def test_who_is_no_longer_on_the_staff_gets_none(morning):
    User.objects.filter(pk=make_reader().pk).update(is_staff=False)
    make_waiting()

    run()

    assert receivers() == []


def test_a_superuser_gets_one_of_their_own_countries_and_none_without_any(morning):
    User.objects.create_superuser("chief", "chief@example.org", "sample")
    make_reader("DE", email="german@example.org", is_superuser=True)
    make_waiting()
    make_waiting(**FRANCE)

    letter = write()

    assert letter.to == ["german@example.org"]
    assert "– 1 new event\n\n" in letter.message
    assert "entinel" not in letter.message


# When


@pytest.mark.parametrize(
    ("zone", "before", "first"),
    [
        ("UTC", "2026-12-26 06:59", "2026-12-26 07:00"),
        ("Asia/Baku", "2026-12-26 02:59", "2026-12-26 03:00"),
        ("Asia/Kathmandu", "2026-12-26 01:14", "2026-12-26 01:15"),
        ("Pacific/Kiritimati", "2026-12-25 16:59", "2026-12-25 17:00"),  # there it is the 26th
        ("Pacific/Pago_Pago", "2026-12-26 17:59", "2026-12-26 18:00"),
        ("Etc/GMT+12", "2026-12-26 18:59", "2026-12-26 19:00"),
        ("Europe/Berlin", "2026-10-24 04:59", "2026-10-24 05:00"),  # the last morning of summer time
        ("Europe/Berlin", "2026-10-25 05:59", "2026-10-25 06:00"),  # the clocks were turned back in the night
        ("America/New_York", "2027-03-14 10:59", "2027-03-14 11:00"),  # and forward
    ],
)
def test_it_comes_from_seven_in_the_morning_by_the_moderators_own_clock(clock, zone, before, first):
    make_reader(zone=zone)
    make_waiting()

    clock.move_to(datetime.fromisoformat(before).replace(tzinfo=UTC))
    run()
    assert receivers() == []

    clock.move_to(datetime.fromisoformat(first).replace(tzinfo=UTC))
    run()
    assert receivers() == ["moderator@example.org"]


@pytest.mark.parametrize(("hour", "comes"), [(8, True), (11, True), (12, False), (20, False), (0, False)])
def test_after_a_machine_was_down_it_comes_later_in_the_morning_or_not_on_that_day(clock, hour, comes):
    make_reader()
    make_waiting()
    clock.move_to(MORNING.replace(hour=hour, minute=55))

    run()

    assert receivers() == (["moderator@example.org"] if comes else [])


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kolkata"])
def test_called_every_hour_for_a_week_it_comes_once_on_each_day(clock, zone):
    make_reader(zone=zone)
    make_waiting(start_date=date(2026, 12, 31))

    for hour in range(7 * 24):
        clock.move_to(datetime(2026, 12, 26, 0, 10, tzinfo=UTC) + timedelta(hours=hour))
        run()

    assert len(receivers()) == 7


def test_what_comes_after_the_desk_was_looked_at_waits_for_the_next_morning(morning):
    make_reader()
    run()

    make_waiting()
    run()
    assert receivers() == []

    morning.shift(timedelta(days=1))
    run()
    assert receivers() == ["moderator@example.org"]


# Whatever happens


def test_a_letter_that_cannot_be_written_leaves_the_day_open_and_keeps_nobody_else_waiting(morning, monkeypatch):
    make_reader(email="first@example.org")
    broken = make_reader(email="broken@example.org")
    make_reader(email="last@example.org")
    make_waiting()
    add = digest.mail.digest

    def break_off(address, **facts):
        add(address, **facts)
        if address == "broken@example.org":
            raise RuntimeError("the machine was switched off")

    with monkeypatch.context() as patched:
        patched.setattr(digest.mail, "digest", break_off)
        assert "No digest for " + broken.username in run()
    assert receivers() == ["first@example.org", "last@example.org"]

    assert run() == ""
    assert receivers() == ["broken@example.org", "first@example.org", "last@example.org"]


def test_the_watching_sender_looks_every_ten_minutes_for_whom_it_is_morning_if_it_is_told_to(morning, monkeypatch):
    make_reader()
    make_waiting()
    module = "events.management.commands.sendletters"
    rests, machine = [], {"now": 1000.0}

    def rest(seconds):
        rests.append(receivers())
        if len(rests) > 2:
            raise KeyboardInterrupt
        machine["now"] += 601
        morning.shift(timedelta(days=1) if len(rests) == 2 else timedelta(minutes=10))

    monkeypatch.setattr(f"{module}.time.sleep", rest)
    monkeypatch.setattr(f"{module}.time.monotonic", lambda: machine["now"])
    for digests, letters in ((False, [0, 0, 0]), (True, [1, 1, 2])):
        rests.clear()
        with pytest.raises(KeyboardInterrupt):
            call_command("sendletters", watch=True, digest=digests, stdout=StringIO())
        assert [*map(len, rests)] == letters


def test_a_time_zone_that_is_none_holds_up_no_letter(morning):
    make_reader(zone="Nowhere/Else")
    make_reader(email="other@example.org")
    make_waiting()

    assert "Nowhere/Else" in run()
    assert [*Email.objects.values_list("to", "status")] == [(["other@example.org"], STATUS.sent)]


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_the_same_moment_write_one_letter(morning):
    make_reader()
    make_waiting()
    for day in range(20):
        moderator = digest.find_receivers().get()
        now = MORNING + timedelta(days=day)

        outcomes = at_once(*[lambda now=now, moderator=moderator: digest.queue_letter(moderator, now=now)] * 3)

        assert sorted(map(str, outcomes)) == ["False", "False", "True"], outcomes
    assert Email.objects.count() == 20
