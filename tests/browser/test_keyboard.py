"""Everything can be reached and used with a keyboard alone, and shows where one is."""

import pytest
from playwright.sync_api import Page

from tests.factories import make_city, make_event
from tests.page_types import PAGES, addresses, find_rows, make_events

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STOPS = 1000
LONG_PAGES = {"home", "country", "listing", "listing-filtered", "event", "around-the-clock", "edition", "submit"}

# Whether the stop, what it is in, or what it is drawn with looks other than without the focus.
SHOWS_FOCUS = """() => {
  const stop = document.activeElement;
  const look = ([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo);
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, style.stroke, style.strokeWidth, style.fill, style.backgroundColor].join();
  };
  const elements = [stop, ...stop.children];
  for (let around = stop.parentElement; around; around = around.parentElement) elements.push(around);
  const parts = elements.flatMap(element => [[element], [element, "::before"], [element, "::after"]]);
  const looks = () => parts.map(look).join();
  const focused = looks();
  stop.blur();
  const plain = looks();
  stop.focus();
  return focused !== plain;
}"""
# Where the focus is: the number of the element in the order of the document, -1 on no element; and what it looks like.
READ_STOP = """() => {
  const stop = document.activeElement;
  const number = stop === document.body ? -1 : [...document.querySelectorAll("*")].indexOf(stop);
  return [number, stop.outerHTML.slice(0, 150)];
}"""
# The numbers of what must be reached; of radio buttons one stands for its group.
FIND_STOPS = """() => {
  const all = [...document.querySelectorAll("*")];
  const isFirstChoice = stop =>
    stop.type !== "radio" || stop.checked || !document.querySelector(`[name=${stop.name}]:checked`);
  return all.filter(stop => stop.matches("a[href], button, input, select, textarea, summary, [tabindex]"))
    .filter(stop => stop.tabIndex >= 0 && !stop.disabled && stop.checkVisibility({visibilityProperty: true}))
    .filter(isFirstChoice).map(stop => all.indexOf(stop));
}"""


def go_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus, and demands that each stop on the way can be seen."""
    seen = {-1}
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        number, html = page.evaluate(READ_STOP)
        if number not in seen:  # once, because looking leads back to the first of the several stops of a date
            assert page.evaluate(SHOWS_FOCUS), f"the focus cannot be seen: {html}"
        seen.add(number)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab on {page.url}")


def follow(page: Page, selector: str) -> None:
    go_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def event():
    make_event(title="First evening", place=make_city())
    return make_event(title="Second evening", place=make_city())


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_from_the_home_page_to_an_event_by_keyboard_alone(page, event):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a[href=\"#content\"]')"), "no skip link comes first"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')"), "the skip link skips nothing"

    follow(page, 'main a[href="/en/countries/de/"]:not(svg *)')
    follow(page, f'main a[href="{event.get_absolute_url()}"]')

    assert page.get_by_role("heading", name="Second evening").is_visible()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_filters_of_the_listing_by_keyboard_alone(page, event):
    make_event(title="Third evening", kind="children")
    page.emulate_media(reduced_motion="reduce")
    page.goto("/en/events/")
    go_to(page, "main [name=q]")
    page.keyboard.type("evening")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("article[data-event]").count() == 3

    if page.locator("main [name=kind]").is_hidden():
        go_to(page, "main form summary")
        page.keyboard.press("Enter")
    go_to(page, "main [name=kind]")
    page.keyboard.type("For")  # children
    follow(page, "main form button")

    assert page.locator("article[data-event]").count() == 1
    assert "kind=children" in page.url
    assert "q=evening" in page.url


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_tab_passes_every_stop_of_a_page_once_in_the_order_of_reading(page):
    make_events()
    pages = [page for page in PAGES if page.name in LONG_PAGES]
    for _kind, address in addresses(pages, find_rows()):
        page.goto(address)
        stops = []
        for _press in range(MOST_STOPS):
            page.keyboard.press("Tab")
            number, _html = page.evaluate(READ_STOP)
            if stops and number == stops[-1]:
                continue  # a date has several stops
            if number < 0 or number in stops:
                break
            stops.append(number)

        assert stops == sorted(stops), address
        assert set(page.evaluate(FIND_STOPS)) <= set(stops), address
