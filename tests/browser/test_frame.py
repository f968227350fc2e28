"""The frame of all pages in a browser: the menu of a phone, the way by keyboard, the longest names, the style guide."""

import pytest
from django.conf import settings as site_settings

from tests.browser.test_accessibility import complaints_about
from tests.factories import make_event
from tests.test_pages import debugging  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)

SHOWS_RING = "getComputedStyle(document.activeElement).outlineStyle != 'none'"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_menu_of_a_phone_unfolds_by_a_button_and_leads_on(page):
    page.goto("/en/about/")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Around the clock")
    assert not link.is_visible()

    page.get_by_role("button", name="Menu").click()
    link.click()

    page.wait_for_url("**/en/around-the-clock/")


@pytest.mark.parametrize("screen", ["desktop"])
def test_on_a_wide_screen_the_menu_stands_open(page):
    page.goto("/en/about/")

    assert page.get_by_role("navigation", name="Main").get_by_role("link", name="Events").is_visible()
    assert not page.get_by_role("button", name="Menu").is_visible()


def test_the_language_is_changed_on_the_same_page_with_the_same_question(page):
    page.goto("/en/about/?q=berlin")

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="TR").click()

    assert page.url.endswith("/tr/about/?q=berlin")
    assert page.locator("html").get_attribute("lang") == "tr"


def test_the_first_key_leads_past_the_header(page):
    page.goto("/en/about/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('#content') != null")


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_whatever_has_the_focus_shows_it(page):
    page.goto("/en/guide/")
    page.keyboard.press("Tab")
    seen = 0
    while seen < 200 and page.evaluate("document.activeElement != document.body"):
        assert page.evaluate(SHOWS_RING), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")
        seen += 1
    assert 15 < seen < 200


@pytest.mark.parametrize("name", ["Dünya Azərbaycanlılarının Həmrəyliyi Günü", "День солидарности азербайджанцев мира"])
@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1280])
def test_the_header_has_room_for_long_names(page, settings, name, width):
    settings.SITE_NAME = name
    page.set_viewport_size({"width": width, "height": 740})

    page.goto("/en/about/")
    page.evaluate("document.querySelector('header .action').textContent = 'Добавить мероприятие'")

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("header.site").bounding_box()["height"] <= 112
    boxes = [page.locator(f"header.site {part}").bounding_box() for part in (".home", ".action")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 1
    assert boxes[1]["x"] + boxes[1]["width"] <= width


@pytest.mark.parametrize("size", ["125%", "150%", "200%"])
def test_nothing_stands_off_a_phone_with_large_letters(page, size):
    event = make_event()
    cut_off = []
    for address in ("/en/", "/en/submit/", "/en/my-events/", event.get_absolute_url()):
        page.goto(address)
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
            cut_off.append(address)

    assert not cut_off


@pytest.mark.parametrize("language", dict(site_settings.LANGUAGES))
def test_the_name_of_the_site_takes_two_lines_of_a_phone_at_most(page, language):
    page.goto(f"/{language}/about/")

    assert page.locator("header.site").bounding_box()["height"] <= 72


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.usefixtures("debugging")
def test_axe_finds_nothing_to_complain_of_in_the_style_guide_and_the_errors(page):
    make_event()
    complaints = []
    for address in ("/styleguide/", "/styleguide/errors/429/", "/styleguide/errors/503/"):
        page.goto(address)
        complaints += [f"{address}: {complaint}" for complaint in complaints_about(page)]

    assert not complaints, "\n".join(complaints)


def test_on_paper_there_is_no_navigation(page):
    page.goto("/en/privacy/")
    page.emulate_media(media="print")

    for part in ("header.site .menu", "header.site .action", "footer.site nav", ".contents"):
        assert not page.locator(part).first.is_visible(), part
    assert page.get_by_role("heading", level=1).is_visible()
