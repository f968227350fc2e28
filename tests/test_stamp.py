"""The signed time stamp of the form, and the sum that is asked of browsers while robots flood the site."""

import hashlib
from datetime import timedelta
from itertools import count

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from events.forms import stamp
from events.models import Directory, Event
from tests.factories import make_event, submission

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def flood() -> None:
    Directory.objects.update_or_create(pk=1, defaults={"version": "sample", "asks_for_work": True})


def make_stamp(*, age: timedelta) -> str:
    return stamp.make_stamp(now=timezone.now() - age)


def find_number(of: str) -> str:
    """What the visitor's browser reckons."""
    for number in count():
        digest = hashlib.sha256(f"{of}:{number}".encode()).hexdigest()
        if digest.startswith("0" * (stamp.WORK_BITS // 4)):
            return str(number)


def send(visitor, **fields):
    return visitor.post("/en/submit/", submission(**fields))


def stamp_on(page) -> str:
    """That of the form on the page."""
    [value] = [
        line.partition('value="')[2].partition('"')[0] for line in page.text.split("<input") if 'name="stamp"' in line
    ]
    return value


BAD = {
    "too soon": (lambda: make_stamp(age=stamp.SOONEST / 2), "very quick"),
    "too old": (lambda: make_stamp(age=stamp.LATEST + SECOND), "open for long"),
    "from the future": (lambda: make_stamp(age=-timedelta(minutes=5)), "open for long"),
    "missing": (lambda: None, "lost on the way"),
    "empty": (lambda: "", "lost on the way"),
    "forged": (lambda: make_stamp(age=SECOND * 9)[:-1] + "?", "lost on the way"),
    "of another kind": (lambda: signing.dumps([0, ""], salt="kept picture"), "lost on the way"),
    "nonsense": (lambda: "\x00\ufffe" * 1000, "lost on the way"),
}


@pytest.mark.parametrize(("make", "message"), BAD.values(), ids=BAD)
def test_a_form_with_a_bad_stamp_comes_back_with_all_in_it_and_goes_through_when_it_is_sent_again(
    visitor, make, message
):
    page = send(visitor, stamp=make(), description="Sentinel words")

    assert (page.status_code, Event.objects.exists()) == (200, False)
    assert message in page.text
    assert "Sentinel words" in page.text
    assert send(visitor, description="Sentinel words", stamp=stamp_on(page)).status_code == 302


def test_each_page_has_a_stamp_of_its_own_that_is_good_a_second_later(visitor, clock):
    one, other = (stamp_on(visitor.get("/en/submit/")) for _visit in range(2))
    assert one != other

    clock.shift(1)

    assert send(visitor, stamp=one).status_code == 302


def test_in_peace_nobody_is_asked_to_reckon(visitor):
    page = visitor.get("/en/submit/")

    assert 'data-work="' not in page.text
    assert "flooded" not in page.text


@pytest.mark.usefixtures("flood")
def test_in_a_flood_the_page_says_how_hard_the_sum_is_and_that_it_needs_a_script(visitor):
    page = visitor.get("/en/submit/")

    assert f'data-work="{stamp.WORK_BITS}"' in page.text
    assert "needs JavaScript" in page.text


@pytest.mark.usefixtures("flood")
@pytest.mark.parametrize("work", [None, "", "1", "x" * 100_000, "\x00"])
def test_in_a_flood_a_form_without_the_sum_comes_back_and_says_why(visitor, work):
    page = send(visitor, work=work, description="Sentinel words")

    assert "had not finished its sum" in page.text
    assert "Sentinel words" in page.text
    assert not Event.objects.exists()


@pytest.mark.usefixtures("flood")
def test_in_a_flood_a_form_with_the_sum_is_taken_and_each_sum_for_one_event_alone(visitor):
    shown = stamp_on(visitor.get("/en/submit/"))
    used = {"stamp": make_stamp(age=timedelta(minutes=3))}
    used["work"] = find_number(used["stamp"])
    assert send(visitor, **used).status_code == 302
    assert send(visitor, **used).status_code == 302  # pressed twice
    assert Event.objects.count() == 1

    page = send(visitor, **used, title="Another evening")
    assert (page.status_code, Event.objects.count()) == (200, 1)
    assert "from this page already" in page.text
    fresh = stamp_on(page)
    assert fresh not in {shown, used["stamp"]}

    assert send(visitor, stamp=fresh, work=find_number(fresh), title="Another evening").status_code == 302
    assert Event.objects.count() == 2


@pytest.mark.usefixtures("flood")
def test_in_a_flood_a_form_that_came_back_with_a_question_needs_no_other_sum(visitor):
    make_event(title="Həmrəylik gecəsi")
    worked = {"stamp": make_stamp(age=timedelta(minutes=3))}
    worked["work"] = find_number(worked["stamp"])
    assert "Is it one of these?" in send(visitor, **worked).text

    assert send(visitor, **worked, is_new="on").status_code == 302
