"""The way into the desk in a real browser: on a phone and a desktop, with and without scripts, in every language."""

import re
from base64 import b32decode
from urllib.parse import unquote

import pytest
from django.conf import settings as site_settings
from django_otp.oath import totp

from tests.browser.test_accessibility import complaints_about
from tests.factories import make_moderator
from tests.staff import enter_desk, make_device, type_password

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = dict(site_settings.LANGUAGES)


def read_code_of(page):
    """What an app would show that got the key from the page."""
    key = b32decode(page.locator(".enrolment code").inner_text().replace(" ", ""))
    return f"{totp(key):06}"


def look_at(page):
    found = [*complaints_about(page)]
    page.emulate_media(color_scheme="light")  # or the next page is judged while its colours change
    return found


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_new_moderator_sets_up_the_second_step_and_arrives_where_they_wanted(page, screen, has_javascript):
    moderator = make_moderator("DE")
    page.goto("/admin/password_change/")
    type_password(page, moderator)
    page.get_by_role("heading", name="Set up the second step").wait_for()

    page.fill("[name=code]", read_code_of(page))
    page.keyboard.press("Enter")

    page.wait_for_url("**/admin/password_change/")
    page.locator("form[action='/admin/logout/'] button").click()
    assert page.request.get("/admin/password_change/").url.endswith("/admin/login/?next=/admin/password_change/")
    enter_desk(page, moderator, "/admin/password_change/")
    assert page.locator("[name=old_password]").is_visible()


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of_on_the_way_in(page, screen):
    new, old = make_moderator("DE"), make_moderator("DE")
    make_device(old)
    complaints = []
    for user in (new, old):
        page.goto("/admin/")
        complaints += look_at(page)
        page.fill("[name=username]", user.username)
        page.fill("[name=password]", "wrong")
        page.click("[type=submit]")
        page.locator(".errornote").wait_for()
        complaints += look_at(page)
        type_password(page, user)
        page.locator("[name=code]").wait_for()
        complaints += look_at(page)
        page.fill("[name=code]", "000000")
        page.click("[type=submit]")
        page.locator(".errorlist").wait_for()
        complaints += look_at(page)
        page.get_by_role("button", name="Sign in as somebody else").click()

    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("has_javascript", [True, False])
def test_every_language_of_the_desk_is_one_press_away_at_each_step(page, has_javascript):
    moderator = make_moderator("DE")
    make_device(moderator)
    page.goto("/admin/login/?next=/admin/events/event/")
    for has_passed_first_step in (False, True):
        if has_passed_first_step:
            type_password(page, moderator)
            page.locator("[name=code]").wait_for()
        for code, name in LANGUAGES.items():
            page.get_by_role("button", name=name, exact=True).click()
            page.locator(f"html[lang={code}]").wait_for()
            assert unquote(page.url).endswith("?next=/admin/events/event/")
    assert page.locator("[name=code]").is_visible()
    page.goto("/en/")
    assert page.locator("html").get_attribute("lang") == "en"
    kept = {cookie["name"]: cookie["path"] for cookie in page.context.cookies()}
    assert kept["desk_language"] == "/admin/"


def test_whoever_is_asked_to_wait_reads_so_in_the_form(page):
    page.goto("/admin/")
    for _try in range(11):
        page.fill("[name=username]", "nobody")
        page.fill("[name=password]", "wrong")
        page.click("[type=submit]")

    page.get_by_text(re.compile("Too many tries. Try again in 1[45] minutes.")).wait_for()
    assert page.input_value("[name=username]") == "nobody"


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_everything_to_press_on_the_way_in_is_large_enough_for_a_thumb(page, screen):
    page.goto("/admin/")
    heights = measure(page)
    type_password(page, make_moderator("DE"))
    page.locator("[name=code]").wait_for()
    heights += measure(page)

    assert len(heights) >= 15
    assert not [(name, height) for name, height in heights if height < 44]


def measure(page):
    """The name and the height of everything to press or to type into, but what Django put into the header."""
    return page.locator("main :is(button, input:not([type=hidden]), a), .languages button").evaluate_all(
        "all => all.map(one => [one.innerText || one.name || one.value, one.getBoundingClientRect().height])"
    )
