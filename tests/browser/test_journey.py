"""One journey through all of it: from a form to a light on the map."""

import re
import time

import pytest
from django.contrib.auth.models import User
from post_office.models import Email

from events.models import Event, Status
from tests import pictures
from tests.factories import make_city
from tests.staff import enter_desk

pytestmark = pytest.mark.django_db(transaction=True)


def fill_in(page, title):
    page.goto("/en/")
    page.get_by_role("link", name="Register an event").first.click()
    page.fill("[name=title]", title)
    page.fill("textarea[name=description]", "An evening of *mugham* and tea.")
    page.select_option("[name=kind]", "concert")
    page.select_option("[name=country]", "DE")
    page.fill("[name=city]", "Köln")
    page.fill("[name=venue]", "Haus der Beispiele")
    page.fill("[name=start_date]", "2026-12-31")
    page.fill("[name=start_time]", "20:00")
    page.fill("[name=end_time]", "02:00")
    page.fill("[name=organiser]", "Beispielverein")
    page.fill("[name=contact_email]", "private@example.org")
    page.check("[name=consent]")


def send(page):
    time.sleep(0.5)  # who sends the form at once is taken for a robot
    page.click("main button[type=submit]")


def confirm_from_the_letter(page):
    letter = Email.objects.latest("id").message
    page.goto(re.search(r"http\S+", letter)[0])
    page.get_by_role("button", name="Yes, send it for review").click()
    page.get_by_role("heading", name="your address is confirmed").wait_for()


def sign_in(page):
    enter_desk(page, User.objects.create_superuser("chief", password="sample"))


def open_at_the_desk(page, title):
    page.goto("/admin/events/event/")
    page.get_by_role("link", name=title).click()


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_from_a_form_to_a_light_on_the_map(page):
    make_city(name="Köln", id=2886242, search="|koln|cologne|", latitude=50.93, longitude=6.95)
    fill_in(page, "Həmrəylik gecəsi")
    page.set_input_files(
        "[name=image]",
        {"name": "poster.jpg", "mimeType": "image/jpeg", "buffer": pictures.noisy_photo(4000, 3000)},
    )

    send(page)  # without the words for the picture: an error, and the picture stays
    page.get_by_text("Describe the picture in a few words.").first.wait_for()
    page.fill("[name=image_alt]", "Musicians on a stage")
    send(page)
    page.get_by_role("heading", name="confirm your e-mail").wait_for()
    confirm_from_the_letter(page)
    assert Event.objects.get().status == Status.PENDING

    sign_in(page)
    open_at_the_desk(page, "Həmrəylik gecəsi")
    page.get_by_text("private@example.org").wait_for()
    page.click("[name=_publish]")
    page.get_by_text("Həmrəylik gecəsi: published").wait_for()

    page.goto("/en/")
    assert page.locator("svg#world [data-city=Köln]").count() == 1
    assert page.locator("svg#world a[data-country=DE]").get_attribute("data-events") == "1"
    page.get_by_role("main").get_by_role("link", name="Germany").first.click()
    assert page.locator("svg#country [data-city=Köln]").count() == 1
    page.goto("/en/events/?q=cologne")
    page.get_by_role("link", name="Həmrəylik gecəsi").click()
    assert page.locator("article.event img").evaluate(
        "async image => { await image.decode(); return image.naturalWidth }"
    )
    assert "31 December 2026" in page.locator("main").inner_text()
    assert "private@example.org" not in page.content()


def test_a_declined_event_is_found_nowhere(page):
    make_city(name="Köln", id=2886242, search="|koln|cologne|", latitude=50.93, longitude=6.95)
    fill_in(page, "Sentinel sale")
    send(page)
    confirm_from_the_letter(page)
    sign_in(page)
    open_at_the_desk(page, "Sentinel sale")
    page.fill("[name=reason]", "This is not about the day.")
    page.click("[name=_decline]")
    page.get_by_text("Sentinel sale: declined").wait_for()

    for address in ("/en/", "/en/events/", "/en/events/?q=sentinel", "/en/countries/de/"):
        page.goto(address)
        assert "Sentinel" not in page.locator("main").inner_text()
        assert page.locator("[data-city]").count() == 0
    assert page.goto(f"/en/events/{Event.objects.get().pk}/").status == 404
    assert "This is not about the day." in Email.objects.latest("id").message


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_no_public_page_sets_a_cookie_or_scrolls_sideways(page, screen):
    for address in ("/en/", "/en/events/", "/en/countries/de/", "/en/submit/", "/en/submit/sent/", "/en/nothing/"):
        page.goto(address)
        assert page.context.cookies() == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
