"""Around the clock, in a browser: what is done, now and next before, during and after the Day."""

from datetime import date, time

import pytest

from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/en/around-the-clock/"


@pytest.fixture
def event():
    return make_event(start_date=date(2026, 12, 31), start_time=time(22), end_date=date(2027, 1, 1), end_time=time(1))


def stops_that_are(page, state):
    return page.locator(f'.relay > [data-state="{state}"]')


def open_at(page, moment):
    page.clock.install(time=moment)
    page.goto(ADDRESS)


def words_of(page):
    return page.locator("[data-relay-words]").inner_text()


def test_before_the_day_the_page_says_how_long_it_is_until_the_first_midnight(page, event):
    open_at(page, "2026-12-28T09:00:00Z")

    assert words_of(page) == "Until the first midnight: 3 days"
    assert stops_that_are(page, "next").get_attribute("id") == "utc+14"
    assert stops_that_are(page, "done").count() == stops_that_are(page, "now").count() == 0
    assert not page.get_by_role("link", name="To the present moment").is_visible()


def test_during_the_day_one_midnight_is_now_and_one_is_next(page, event):
    open_at(page, "2026-12-31T20:24:00Z")

    assert words_of(page) == "Until the next midnight: 6 minutes"
    assert stops_that_are(page, "now").get_attribute("id") == "utc+4"
    assert stops_that_are(page, "now").locator(".state").inner_text() == "now"
    assert stops_that_are(page, "next").get_attribute("id") == "utc+3:30"
    assert stops_that_are(page, "done").count() == 18
    assert stops_that_are(page, "later").count() == 17


def test_midnights_pass_while_the_page_is_open(page, event):
    open_at(page, "2026-12-31T20:28:30Z")
    page.clock.run_for("02:00")

    assert stops_that_are(page, "now").get_attribute("id") == "utc+3:30"
    assert words_of(page) == "Until the next midnight: 30 minutes"


def test_after_the_last_midnight_the_relay_is_over(page, event):
    open_at(page, "2027-01-01T11:30:00Z")
    assert stops_that_are(page, "now").get_attribute("id") == "utc-11"
    assert words_of(page) == "The relay is over. Happy new year!"

    page.clock.run_for("40:00")
    assert stops_that_are(page, "done").count() == 37


def test_nothing_moves_by_itself_but_a_link_leads_to_the_present(page, event):
    open_at(page, "2026-12-31T20:24:00Z")
    page.clock.run_for("02:00")
    assert page.evaluate("scrollY") == 0

    page.get_by_role("link", name="To the present moment").click()

    assert page.url.endswith("#utc+4")
    assert page.locator('[id="utc+4"]').bounding_box()["y"] < 100


@pytest.mark.parametrize("context_zone", ["America/St_Johns"])
def test_readers_own_midnight_is_marked(browser, live_server, event, context_zone):
    with browser.new_context(base_url=live_server.url, timezone_id=context_zone) as context:
        page = context.new_page()
        open_at(page, "2026-12-28T09:00:00Z")

        assert page.locator('[id="utc-3:30"] .mine').inner_text() == "Your midnight"
        page.get_by_role("link", name="To your midnight").click()
        assert page.url.endswith("#utc-3:30")


@pytest.mark.parametrize("language", ["az", "ru", "tr"])
def test_in_each_language_there_are_words_for_the_time_left(page, event, language):
    page.clock.install(time="2026-12-28T09:00:00Z")
    page.goto(f"/{language}/around-the-clock/")

    assert ": 3 " in words_of(page)


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("moment", ["2026-12-28T09:00:00Z", "2026-12-31T20:24:00Z", "2027-01-03T09:00:00Z"])
def test_what_the_script_says_moves_nothing(page, event, moment):
    page.add_init_script(
        "window.shifts = [];"
        "new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.clock.set_fixed_time(moment)
    page.goto(ADDRESS)
    page.wait_for_timeout(300)

    assert sum(page.evaluate("shifts")) == 0


@pytest.mark.parametrize("has_javascript", [False])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_without_script_the_page_is_complete(page, event):
    page.goto(ADDRESS)

    assert page.locator(".relay > li").count() == 37
    assert page.get_by_role("link", name=event.title).first.is_visible()
    assert page.get_by_text("Thursday, 31 December 2026, 14:00").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
