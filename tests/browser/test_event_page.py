"""What the script says of an event's time, and how one tells others of it."""

from datetime import date, time

import pytest
from django.core.cache import cache

from tests.factories import make_city, make_event

pytestmark = pytest.mark.django_db(transaction=True)

WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifted += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def zone():
    return "Europe/Berlin"


@pytest.fixture
def context(context, browser, live_server, zone):
    """The same browser, with its clock in `zone`; what it complains of fails the test there."""
    context.close()
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", timezone_id=zone, permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def open_at(page, address, moment):
    """The page as it is at an instant, as the browser's clock has it."""
    page.clock.set_fixed_time(moment)
    page.goto(address)


def word_of(page):
    return page.locator("[data-moment]").first.text_content()


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        ("2026-12-20T12:00:00Z", ""),
        ("2026-12-25T22:59:00Z", ""),
        ("2026-12-25T23:01:00Z", "Tomorrow"),  # at the venue, an hour east of Greenwich, the day has begun
        ("2026-12-26T23:01:00Z", "Tonight"),
        ("2026-12-27T17:59:00Z", "Tonight"),
        ("2026-12-27T18:00:00Z", "On now"),
        ("2026-12-27T20:59:00Z", "On now"),
        ("2026-12-27T21:00:00Z", "Over"),  # three hours after its start, as nobody told an end
    ],
)
def test_a_card_says_what_its_time_means_at_this_moment(page, moment, word):
    make_event(start_time=time(19))

    open_at(page, "/en/events/", moment)

    assert word_of(page) == word


def test_an_event_by_day_is_today_and_not_tonight(page):
    make_event(start_time=time(12))

    open_at(page, "/en/events/", "2026-12-27T06:00:00Z")

    assert word_of(page) == "Today"


def test_one_whole_day_is_today_and_several_are_on_now(page):
    make_event(start_time=None)
    make_event(start_time=None, start_date=date(2026, 12, 26), end_date=date(2026, 12, 29))

    open_at(page, "/en/events/", "2026-12-27T12:00:00Z")

    assert page.locator("[data-moment]").all_text_contents() == ["On now", "Today"]


def test_of_what_does_not_take_place_nothing_is_said(page):
    make_event(condition="cancelled")

    open_at(page, "/en/events/", "2026-12-27T18:30:00Z")

    assert word_of(page) == ""


def test_the_words_follow_the_clock_while_the_page_is_open(page):
    event = make_event(start_time=time(19))
    page.clock.install(time="2026-12-27T17:58:30Z")
    page.goto(event.get_absolute_url())
    assert word_of(page) == "Tonight · in 2 minutes"

    page.clock.fast_forward(120_000)

    assert word_of(page) == "On now"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-30T12:00:00Z", "in 27 days"),
        ("2026-12-26T12:00:00Z", "Tomorrow · in 30 hours"),
        ("2026-12-27T12:00:00Z", "Tonight · in 6 hours"),
    ],
)
def test_the_page_of_an_event_says_how_long_it_is_until_then(page, moment, words):
    event = make_event(start_time=time(19))

    open_at(page, event.get_absolute_url(), moment)

    assert word_of(page) == words


@pytest.mark.parametrize("language", ["az", "ru", "tr"])
def test_how_long_it_is_is_said_in_the_language_of_the_page(page, language):
    event = make_event()

    open_at(page, f"/{language}/events/{event.pk}/{event.slug}/", "2026-12-20T12:00:00Z")

    assert word_of(page) in {"Qalan günlər: 7", "через 7 дней", "7 gün sonra"}


# The reader's own clock


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", None),
        ("Europe/Paris", None),  # another zone, the same time
        ("Asia/Baku", None),  # which stands beside it already
        ("Asia/Dubai", None),
        ("America/New_York", "13:00"),
        ("Asia/Tokyo", "03:00, 28 Dec"),
    ],
)
def test_readers_elsewhere_are_told_their_own_time(page, words):
    page.goto(make_event(start_time=time(19)).get_absolute_url())

    own = page.locator("[data-own-time]")
    assert own.is_visible() == bool(words)
    assert own.locator("dd").text_content() == (words or "")


@pytest.mark.parametrize("zone", ["America/New_York"])
def test_whole_days_have_no_time_of_the_readers_own(page):
    page.goto(make_event(start_time=None).get_absolute_url())

    assert page.locator("[data-own-time]").count() == 0


@pytest.mark.parametrize("zone", ["Asia/Tokyo"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_moves_when_the_words_come(page, width, language):
    event = make_event(place=make_city())
    make_event(place=make_city())
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH_SHIFTS)

    for address in (f"/{language}/events/{event.pk}/{event.slug}/", f"/{language}/events/"):
        open_at(page, address, "2026-12-27T12:00:00Z")
        page.wait_for_timeout(300)
        assert word_of(page)
        assert page.evaluate("window.shifted") == 0, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("zone", ["Asia/Tokyo"])
def test_the_script_fills_the_room_that_was_kept_for_it(page):
    event = make_event()
    page.goto(event.get_absolute_url())

    heights = "[...document.querySelectorAll('.box')].map(box => box.getBoundingClientRect().height)"
    with_words = page.evaluate(heights)
    page.evaluate(
        "document.querySelectorAll('[data-moment]').forEach(slot => slot.textContent = '');"
        "document.querySelectorAll('[data-own-time]').forEach(slot => {"
        " slot.hidden = true; slot.querySelector('dd').textContent = ''; });"
        "document.querySelectorAll('[data-copy], [data-send]').forEach(button => { button.hidden = true; })"
    )

    assert page.evaluate(heights) == with_words


# Telling others


def test_the_link_is_copied_without_what_came_with_the_address(page, settings):
    event = make_event()
    cache.clear()
    page.goto(event.get_absolute_url() + "?utm=x#y")

    page.get_by_role("button", name="Copy link").click()

    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == settings.SITE_URL + event.get_absolute_url()


def test_the_share_sheet_is_offered_where_there_is_one(page):
    event = make_event(title="Shown evening")
    page.add_init_script("navigator.share = data => { window.shared = data; return Promise.resolve(); };")
    page.goto(event.get_absolute_url())

    page.get_by_role("button", name="Share…").click()

    assert page.evaluate("window.shared.title") == "Shown evening"
    assert page.evaluate("window.shared.url").endswith(event.get_absolute_url())


def test_no_share_sheet_is_offered_where_there_is_none(page):
    page.add_init_script("navigator.share = undefined;")
    page.goto(make_event().get_absolute_url())

    assert page.get_by_role("button", name="Copy link").is_visible()
    assert not page.get_by_role("button", name="Share…").is_visible()


# The counter of days


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        ("2026-12-30T19:59:00Z", "1"),
        ("2026-12-30T20:01:00Z", "0"),  # in Baku the Day has begun
        ("2027-01-05T12:00:00Z", "0"),
    ],
)
def test_the_days_to_go_are_those_in_baku(page, moment, days):
    page.goto("/en/")
    counter = COUNTER.replace("SCRIPT", page.locator("script[type=module]").get_attribute("src"))
    page.route("**/counter/", lambda route: route.fulfill(content_type="text/html", body=counter))

    open_at(page, "/counter/", moment)

    assert page.locator("[data-days-to]").text_content() == days


COUNTER = """<!DOCTYPE html><html lang="en"><dl><dd data-days-to="2026-12-31">99</dd></dl>
<script type="module" src="SCRIPT"></script></html>"""
