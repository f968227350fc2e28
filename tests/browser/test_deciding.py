"""The page on which an event is decided, in a browser: by keyboard, without JavaScript, on a phone."""

import re
from copy import copy
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events import amendments, images, moderation, queue, reports
from events.models import Event, Reason, Report, Status, Wording
from tests import pictures
from tests.browser.test_accessibility import complaints_about
from tests.factories import make_city, make_event, make_moderator
from tests.staff import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

# The pause at the beginning of a page, so that a busy machine is not too late to press something within it.
SLEEP_LONGER = "const wait = setTimeout; window.setTimeout = (act, time) => wait(act, time === 400 ? 4000 : time)"
DESKTOP = pytest.mark.parametrize("screen", ["desktop"])
LIST = "/admin/events/event/"
REASONS = {"time unclear": "Please say when it starts.", "not about the day": "It is not about the Day."}


def page_of(event):
    return f"{LIST}{event.pk}/change/"


@pytest.fixture
def moderator():
    Reason.objects.all().delete()  # those that come with the site
    for name, text in REASONS.items():
        Wording.objects.create(reason=Reason.objects.create(), language="en", name=name, text=text)
    return make_moderator("DE")


def make_waiting(number, **fields):
    fields = {"description": "An evening of *mugham*. " * 60, **fields}
    return make_event(status=Status.PENDING, start_date=date(2026, 12, 1) + timedelta(days=number), **fields)


def propose(event, **fields):
    proposed = copy(event)
    for name, value in fields.items():
        setattr(proposed, name, value)
    amendments.propose(event, proposed, version=event.version, proposal=0)


class Keyboard:
    """Counts the keys that are pressed and the pages that they load."""

    def __init__(self, page):
        self.page, self.keys, self.loads = page, 0, 0
        page.on("framenavigated", lambda frame: self._count(frame == page.main_frame))

    def _count(self, is_page):
        self.loads += is_page

    def open(self, event):
        self.page.goto(page_of(event))
        self.wait()

    def wait(self):
        """Until the keys are meant for this page."""
        self.page.locator("[data-awake]").wait_for()

    def press(self, *keys):
        """The last of the keys leads to another page."""
        *before, last = keys
        for key in before:
            self.page.keyboard.press(key)
        with self.page.expect_navigation():
            self.page.keyboard.press(last)
        self.keys += len(keys)
        self.wait()

    def press_in_place(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture
def desk(page, moderator):
    """The moderator's browser, signed in."""
    session = {"name": "sessionid", "value": sign_in(Client(), moderator).cookies["sessionid"].value}
    page.context.add_cookies([{**session, "domain": "localhost", "path": "/"}])
    return page


@pytest.fixture
def keyboard(desk):
    return Keyboard(desk)


def status_of(event):
    return Event.objects.get(pk=event.pk).status


# By keyboard


@DESKTOP
def test_twenty_events_are_decided_by_keyboard_alone_with_two_keys_and_one_page_each(page, keyboard):
    events = [make_waiting(number) for number in range(20)]
    make_waiting(25)  # waits after them
    keyboard.open(events[0])
    ways = {("a",): Status.PUBLISHED, ("r", "1"): Status.RETURNED, ("d", "2"): Status.DECLINED, ("x",): Status.DECLINED}

    for event, (keys, status) in zip(events, [*ways.items()] * 5, strict=True):
        assert page.locator("h1").inner_text() == event.title
        before = keyboard.keys, keyboard.loads
        keyboard.press(*keys)
        assert keyboard.keys - before[0] <= 2
        assert keyboard.loads - before[1] == 1
        assert status_of(event) == status
    assert events[1].steps.get().reason == REASONS["time unclear"]
    assert events[2].steps.get().reason == REASONS["not about the day"]

    keys, loads = keyboard.keys, keyboard.loads
    keyboard.press("u")  # the last one was no spam after all
    assert (keyboard.keys, keyboard.loads) == (keys + 1, loads + 1)
    assert page.locator("h1").inner_text() == events[-1].title
    assert status_of(events[-1]) == Status.PENDING
    keyboard.press("a")
    assert status_of(events[-1]) == Status.PUBLISHED


@DESKTOP
def test_amendments_and_reports_are_decided_by_keyboard(page, keyboard):
    accepted, refused, reported = (make_event(start_date=date(2026, 12, day)) for day in (1, 2, 3))
    for event in (accepted, refused):
        propose(event, title=f"New name {event.pk}")
    reports.add(reported, subject="wrong", text="It is on Sunday.")
    keyboard.open(accepted)

    keyboard.press("a")
    keyboard.press("r", "2")
    with page.expect_navigation():
        page.keyboard.press("s")

    titles = [Event.objects.get(pk=event.pk).title for event in (accepted, refused)]
    assert titles == [f"New name {accepted.pk}", refused.title]
    assert not Report.objects.open().exists()


@DESKTOP
def test_a_reason_is_written_and_sent_with_ctrl_and_enter(page, keyboard):
    event = make_waiting(1)
    make_waiting(2)
    keyboard.open(event)

    keyboard.press_in_place("d")
    assert page.locator("[data-say]").inner_text().startswith("Decline with a reason: press a number")
    assert page.locator("[name=_decline]").get_attribute("aria-pressed") == "true"
    page.keyboard.type("axis 1")  # letters that press buttons, and a number that is a reason
    keyboard.press("Control+Enter")

    assert event.steps.get().reason == "axis 1"


@DESKTOP
def test_escape_takes_back_that_a_button_waits_for_its_reason(page, keyboard):
    event = make_waiting(1)
    make_waiting(2)
    keyboard.open(event)

    keyboard.press_in_place("d", "Escape", "1")
    assert page.locator("[name=reason]").input_value() == ""
    assert status_of(event) == Status.PENDING
    assert page.locator("[aria-pressed]").count() == 0
    keyboard.press("a")

    assert status_of(event) == Status.PUBLISHED


@DESKTOP
def test_keys_that_are_typed_into_a_field_press_nothing(page, keyboard):
    event = make_waiting(1)
    keyboard.open(event)

    page.click("[name=reason]")
    page.keyboard.type("a spam x 1")
    for chord in ("Control+a", "Alt+x", "Shift+X"):
        page.locator("h1").click()
        page.keyboard.press(chord)

    assert page.locator("[name=reason]").input_value() == "a spam x 1"
    assert status_of(event) == Status.PENDING


@DESKTOP
def test_the_keys_are_those_of_the_same_place_on_a_keyboard_of_another_script(page, keyboard):
    event = make_waiting(1)
    make_waiting(2)
    keyboard.open(event)
    press = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"

    page.evaluate(press, ["в", "KeyD"])
    page.evaluate(press, ["End", "Numpad1"])
    assert page.locator("[name=reason]").input_value() == ""
    with page.expect_navigation():
        page.evaluate(press, ["\u0661", "Digit1"])

    assert (event.steps.get().verb, event.steps.get().reason) == ("decline", REASONS["time unclear"])


@DESKTOP
def test_the_keys_work_while_one_reads_in_the_preview_which_is_as_high_as_the_event(page, keyboard):
    event = make_waiting(1)
    make_waiting(2)
    keyboard.open(event)
    frame = page.frame_locator("iframe.preview")

    frame.locator("h1").click()
    article = frame.locator("article").bounding_box()
    box = page.locator("iframe.preview").bounding_box()
    assert box["y"] + box["height"] >= article["y"] + article["height"]
    keyboard.press("a")

    assert status_of(event) == Status.PUBLISHED


@DESKTOP
def test_a_key_that_is_held_down_or_pressed_at_once_does_not_decide_the_next_event_unseen(page, keyboard):
    first, second = make_waiting(1), make_waiting(2)
    make_waiting(3)
    keyboard.open(first)
    page.add_init_script(SLEEP_LONGER)

    with page.expect_navigation():
        page.keyboard.press("a")
    page.keyboard.press("a")
    keyboard.wait()
    page.keyboard.down("b")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', repeat: true, bubbles: true}))")
    page.wait_for_timeout(300)

    assert status_of(first) == Status.PUBLISHED
    assert status_of(second) == Status.PENDING
    assert page.locator("h1").inner_text() == second.title


@DESKTOP
def test_after_the_last_event_its_decision_is_still_taken_back_by_the_key(page, keyboard):
    event = make_waiting(1)
    keyboard.open(event)
    with page.expect_navigation():
        page.keyboard.press("a")
    assert page.get_by_role("heading", name="Nothing waits.").is_visible()

    page.fill("[name=q]", "u")
    page.locator("h1").click()
    with page.expect_navigation():
        page.keyboard.press("u")

    assert status_of(event) == Status.PENDING


@DESKTOP
def test_what_somebody_else_has_open_is_asked_for_once_more(page, keyboard):
    event = make_waiting(1)
    make_waiting(2)
    queue.claim(event, by=make_moderator("DE"), now=timezone.now())
    keyboard.open(event)

    keyboard.press_in_place("a")
    assert "Somebody else has this event open." in page.locator("[data-say]").inner_text()
    assert status_of(event) == Status.PENDING
    keyboard.press("a")

    assert status_of(event) == Status.PUBLISHED


@DESKTOP
def test_the_keys_can_be_turned_off_for_good(page, keyboard):
    event = make_waiting(1)
    keyboard.open(event)
    assert page.locator("[name=_publish]").get_attribute("aria-keyshortcuts") == "a"

    keyboard.press_in_place("?")
    page.get_by_label("Single keys press the buttons").uncheck()
    page.reload()
    keyboard.wait()
    keyboard.press_in_place("a", "x", "j", "1")
    page.wait_for_timeout(300)

    assert status_of(event) == Status.PENDING
    assert page.locator("[name=reason]").input_value() == ""
    assert page.locator("[name=_publish]").get_attribute("aria-keyshortcuts") is None
    assert not page.locator("[name=_publish] kbd").is_visible()


@DESKTOP
def test_one_goes_on_and_back_in_the_queue(page, keyboard):
    events = [make_waiting(number) for number in range(3)]
    keyboard.open(events[0])

    for key, event in (("j", events[1]), ("j", events[2]), ("k", events[1])):
        keyboard.press(key)
        assert page.locator("h1").inner_text() == event.title


# By hand


@DESKTOP
def test_an_organiser_who_changes_the_event_meanwhile_is_noticed_and_nothing_typed_is_lost(page, keyboard):
    event = make_waiting(1, title="First name")
    keyboard.open(event)
    event.title = "Second name"
    moderation.edit(event, version=1)

    page.fill("[name=reason]", "Typed.")
    page.click("[name=_decline]")
    news = page.get_by_role("alert")

    assert "Somebody else was first" in news.inner_text()
    assert news.locator("ins").inner_text() == "Second"
    assert news.evaluate("element => element === document.activeElement")
    assert page.locator("[name=reason]").input_value() == "Typed."
    page.click("[name=_decline]")
    page.wait_for_url(re.compile(r"done="))
    assert event.steps.get(verb="decline").reason == "Typed."


@DESKTOP
def test_a_click_on_a_ready_made_reason_fills_it_in_and_sends_nothing(page, keyboard):
    event = make_waiting(1)
    keyboard.open(event)
    reason = page.locator("[name=reason]")

    page.click("text=Ready-made reasons")
    page.get_by_label("time unclear").check()
    assert reason.input_value() == REASONS["time unclear"]
    page.get_by_label("not about the day").check()
    assert reason.input_value() == REASONS["not about the day"]
    reason.fill("Thank you.")
    page.get_by_label("time unclear").check()
    assert reason.input_value() == f"Thank you.\n\n{REASONS['time unclear']}"
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)

    assert status_of(event) == Status.PENDING


@DESKTOP
def test_a_ready_made_reason_takes_the_place_of_another_also_below_own_words(page, keyboard):
    keyboard.open(make_waiting(1))
    reason = page.locator("[name=reason]")
    page.click("text=Ready-made reasons")
    reason.fill("Thank you.")

    for name in ("time unclear", "not about the day"):
        page.get_by_label(name).check()
        assert reason.input_value() == f"Thank you.\n\n{REASONS[name]}"


@DESKTOP
@pytest.mark.parametrize("by_key", [True, False])
def test_a_reason_for_refusing_does_not_get_into_the_letter_of_a_published_event_by_mistake(page, keyboard, by_key):
    event = make_waiting(1)
    make_waiting(2)
    keyboard.open(event)
    page.click("text=Ready-made reasons")
    page.fill("[name=reason]", "Thank you.")
    page.get_by_label("time unclear").check()

    for _press in range(2):
        assert status_of(event) == Status.PENDING
        page.locator("h1").click()
        page.keyboard.press("a") if by_key else page.click("[name=_publish]")
        page.wait_for_timeout(300)

    assert status_of(event) == Status.PUBLISHED


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("has_javascript", [False])
def test_without_javascript_events_are_decided_and_undone(page, desk, screen):
    first, second = make_waiting(1), make_waiting(2)
    page.goto(page_of(first))

    page.click("text=Ready-made reasons")
    page.get_by_label("time unclear").check()
    page.click("[name=_return]")
    assert page.locator("h1").inner_text() == second.title
    assert first.steps.get().reason == REASONS["time unclear"]
    page.click("[name=_reopen]")
    assert status_of(first) == Status.PENDING
    page.click("[name=_skip]")
    assert page.locator("h1").inner_text() == second.title
    assert page.locator("iframe.preview").bounding_box()["height"] > 300
    assert page.locator("kbd:visible").count() == 0


@pytest.mark.parametrize("screen", ["phone"])
def test_on_a_phone_the_way_to_the_buttons_is_always_in_sight(page, keyboard):
    event = make_waiting(1)
    make_waiting(2)
    keyboard.open(event)
    way = page.get_by_role("link", name="Decide")

    assert way.bounding_box()["y"] < 740
    way.click()
    publish = page.locator("[name=_publish]")
    box = publish.bounding_box()
    assert 0 <= box["y"] < 700
    assert box["height"] >= 44
    publish.click()
    page.wait_for_url(re.compile(r"done="))

    assert status_of(event) == Status.PUBLISHED


# For everybody


def make_kinds():
    """The addresses of the page in all that it can be, and of the page of two events, by name."""
    old, new = (images.store(images.clean(pictures.photo())) for _picture in range(2))
    size = {"image_width": 640, "image_height": 480, "image_alt": "Musicians on a stage", "place": make_city()}
    new_one = make_waiting(1, title="Həmrəylik gecəsi", image=old, **size)
    double = make_waiting(1, title="Həmrəylik gecəsi")
    amended = make_event(title="Music of Qarabağ", image=old, **size)
    propose(amended, title="Music from Qarabağ", image=new, venue="Hall " * 30, description="Words " * 100)
    reported = make_event(title="Həmrəylik gecəsi", start_date=new_one.start_date)
    reports.add(reported, subject="wrong", text="It is on Sunday: https://example.org/" + "long" * 40)
    kinds = {name: page_of(event) for name, event in {"new": new_one, "amended": amended, "reported": reported}.items()}
    return kinds | {"merge": f"{LIST}{double.pk}/merge/{reported.pk}/"}


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of_and_nothing_scrolls_sideways(page, keyboard, screen):
    complaints = []
    for name, address in make_kinds().items():
        page.goto(address)
        complaints += [f"{name}: {complaint}" for complaint in complaints_about(page)]

    stale = make_waiting(3, title="First name")
    page.goto(page_of(stale))
    stale.title = "Second name"
    moderation.edit(stale, version=1)
    page.click("[name=_publish]")
    page.get_by_role("alert").wait_for()
    complaints += [f"stale: {complaint}" for complaint in complaints_about(page)]

    keyboard.wait()
    keyboard.press("a")
    page.get_by_role("button", name="Undo").wait_for()
    page.keyboard.press("r")
    complaints += [f"armed: {complaint}" for complaint in complaints_about(page)]
    assert not complaints, "\n".join(complaints)
