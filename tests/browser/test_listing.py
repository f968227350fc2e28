"""Asking the listing and a country's page, as people do: by finger, by keyboard, without JavaScript."""

from datetime import date

import pytest

from tests.factories import PARIS, make_city, make_event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def events():
    make_event(title="Berlin concert", place=make_city())
    make_event(title="Paris film", country="FR", city="Paris", place=make_city(**PARIS), kind="film")
    make_event(title="Berlin film", place=make_city(), kind="film", start_date=date(2026, 12, 31))


def titles_on(page):
    return page.locator("article h3").all_inner_texts()


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_filters_narrow_the_listing_and_are_taken_back_one_by_one(page, events, screen):
    page.goto("/en/events/")
    if screen == "phone":
        page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Kind").select_option("film")
    page.get_by_role("button", name="Show events").click()

    page.get_by_role("heading", name="1 event found").wait_for()
    assert titles_on(page) == ["Berlin film"]
    page.get_by_role("link", name="Remove: Kind: Film screening").click()
    page.get_by_role("heading", name="2 events found").wait_for()
    assert titles_on(page) == ["Berlin concert", "Berlin film"]


def test_the_day_and_a_search_work_together_by_keyboard(page, events):
    page.goto("/en/events/")
    page.get_by_label("City, organiser or event").fill("film")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 events found").wait_for()
    page.get_by_role("link", name="On 31 December").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 event found").wait_for()

    assert titles_on(page) == ["Berlin film"]
    assert page.get_by_label("City, organiser or event").input_value() == "film"


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_neither_a_long_listing_nor_a_country_scrolls_sideways(page, screen):
    for number in range(60):
        make_event(title="A very long title of an evening " * 3, city=f"Llanfairpwllgwyngyllgogerych {number}")

    for address in (
        "/en/events/?page=2", "/en/events/?country=DE&kind=concert&language=az&q=evening", "/en/countries/de/"
    ):  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_light_on_the_outline_leads_to_the_events_of_its_city(page, events):
    page.goto("/en/countries/de/")
    page.locator("svg#country").get_by_role("link", name="Berlin, 2 events").click()

    assert page.url.endswith("#city-berlin")
    assert page.locator("#city-berlin h2").is_visible()


@pytest.mark.parametrize("screen", ["desktop"])
def test_a_light_and_the_name_of_its_city_light_each_other(page, events):
    page.goto("/en/countries/de/")
    page.locator(".cities a", has_text="Berlin").hover()

    assert page.locator("svg#country a.hot").get_attribute("aria-label") == "Berlin, 2 events"
    page.locator("h1").hover()
    assert page.locator(".hot").count() == 0
