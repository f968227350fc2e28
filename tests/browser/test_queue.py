"""The queue and deciding together, in a browser: by keyboard, without JavaScript, on a phone, judged by axe."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from events import amendments, queue, reports
from events.models import Event, Report, Status, apply_changes
from tests.browser.test_accessibility import complaints_about
from tests.factories import make_event, make_moderator
from tests.staff import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/events/event/"
BOTH_SCREENS = pytest.mark.parametrize("screen", ["phone", "desktop"])


@pytest.fixture
def anna():
    return make_moderator("DE", "AT")


@pytest.fixture
def desk(page, anna, live_server) -> Page:
    """A page of a browser in which Anna has signed in."""
    session = sign_in(Client(), anna).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def make_waiting(number, **fields):
    fields = {"title": f"Evening {number}", **fields}
    return make_event(status=Status.PENDING, start_date=date(2026, 12, 1) + timedelta(days=number), **fields)


def fill():
    """Something of all kinds that a line can say."""
    make_event(
        title="31 dekabr Dünya Azərbaycanlılarının Həmrəyliyi Gününə həsr olunmuş böyük bayram konserti və şənlik",
        status=Status.PENDING,
        start_date=date(2026, 11, 23),
        organiser="Almaniya Azərbaycanlılarının Koordinasiya Şurası; Donaudampfschifffahrtsgesellschaftskapitän",
        description="https://example.org https://example.org/more",
    )
    changed = make_event(title="Changed", start_date=date(2026, 12, 2))
    amendments.propose(changed, apply_changes(changed, {"title": "Anew"}), version=1, proposal=0)
    reports.add(changed, subject=Report.Subject.WRONG, text="It is next door.")
    twin = make_waiting(5, title="Həmrəylik gecəsi")
    make_waiting(5, title="Həmrəylik gecəsi", contact_email="other@example.org")
    queue.claim(twin, by=make_moderator("DE"), now=timezone.now())
    for number in range(6, 28):
        make_waiting(number)


def statuses():
    return [*Event.objects.order_by("pk").values_list("status", flat=True)]


@BOTH_SCREENS
def test_axe_finds_nothing_to_complain_of_at_the_desk(desk, screen):
    fill()
    pages = {
        "first page": "/admin/",
        "queue": LIST,
        "question": f"{LIST}?q=gecəsi&country=DE&state=all",
        "wrong question": f"{LIST}?date_from=x",
        "nothing found": f"{LIST}?q=zzz",
        "everything chosen": f"{LIST}?chosen=all",
    }

    complaints = []
    for name, address in pages.items():
        desk.goto(address)
        complaints += [f"{name}: {complaint}" for complaint in complaints_about(desk)]

    assert not complaints, "\n".join(complaints)


@BOTH_SCREENS
def test_axe_finds_nothing_to_complain_of_when_many_are_decided(desk, screen):
    fill()
    desk.goto(f"{LIST}?state=all&chosen=all")
    desk.click("button[name=_decline]")
    complaints = [*complaints_about(desk)]

    desk.click(".bulk .answer button")
    complaints += complaints_about(desk)
    desk.fill("[name=reason]", "It is not about the Day.")
    desk.click(".bulk .answer button")
    complaints += complaints_about(desk)

    expect(desk.locator(".results").first).to_be_visible()
    assert not complaints, "\n".join(complaints)


def test_where_nothing_waits_axe_finds_nothing_to_complain_of(desk):
    desk.goto(LIST)

    expect(desk.locator("main")).to_contain_text("Nothing waits.")
    assert not [*complaints_about(desk)]


@BOTH_SCREENS
@pytest.mark.parametrize("has_javascript", [True, False])
def test_all_events_of_a_page_are_chosen_decided_and_undone(desk, screen, has_javascript):
    for number in range(4):
        make_waiting(number)
    desk.goto(LIST)

    desk.click("text=Choose all on this page")
    expect(desk.locator(".queue [name=event]:checked")).to_have_count(4)
    desk.locator(".queue [name=event]").nth(3).uncheck()
    desk.click("button[name=_spam]")
    expect(desk.locator(".queue [name=event]:checked")).to_have_count(3)
    desk.click(".bulk .answer button")
    expect(desk.locator("main")).to_contain_text("3 events done")
    assert statuses() == ["declined"] * 3 + ["pending"]

    desk.click("text=Undo all")
    expect(desk.locator("main")).to_contain_text("3 events wait again.")
    assert statuses() == ["pending"] * 4
    desk.click("text=Back to the list")
    expect(desk).to_have_url(re.compile(f"{LIST}$"))


def test_how_many_are_chosen_is_told(desk):
    for number in range(3):
        make_waiting(number)
    desk.goto(LIST)

    desk.locator(".queue [name=event]").nth(1).check()
    expect(desk.locator("[data-chosen]")).to_have_text("Chosen: 1")
    desk.click("text=Choose all on this page")
    expect(desk.locator("[data-chosen]")).to_have_text("Chosen: 3")
    desk.click("text=Choose all on this page")
    expect(desk.locator("[data-chosen]")).to_be_empty()


@pytest.mark.parametrize("screen", ["desktop"])
def test_an_event_is_reached_and_opened_by_keyboard(desk, screen):
    events = [make_waiting(number) for number in range(2)]
    desk.goto(LIST)

    desk.locator(".queue h2 a").nth(1).focus()
    desk.keyboard.press("Enter")

    expect(desk).to_have_url(re.compile(f"{LIST}{events[1].pk}/change/$"))


@BOTH_SCREENS
def test_deciding_starts_with_one_press(desk, screen):
    first = make_waiting(0)
    make_waiting(1)
    desk.goto(LIST)

    desk.click("text=Start deciding")

    expect(desk).to_have_url(re.compile(f"{LIST}{first.pk}/change/$"))


def test_on_a_phone_the_whole_line_opens_the_event(desk):
    event = make_waiting(0)
    desk.goto(LIST)

    desk.locator(".queue li > p").first.click(position={"x": 150, "y": 8}, force=True)

    expect(desk).to_have_url(re.compile(f"{LIST}{event.pk}/change/$"))


def test_what_can_be_pressed_is_large_enough_for_a_finger(desk):
    fill()
    desk.goto(f"{LIST}?country=DE")

    small = desk.eval_on_selector_all(
        "main :is(a, button, summary, select, label:has(input)), header :is(a, button)",
        """(found) => found
            .filter((one) => one.checkVisibility() && !one.closest(".chips") && !one.closest("h2"))
            .map((one) => [one.textContent.trim().slice(0, 40), one.getBoundingClientRect().height])
            .filter(([words, height]) => height < 43.5)""",
    )

    assert not small
