"""Reporting a mistake with a phone: by keyboard, with and without JavaScript, and while robots flood the site."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from events.models import Directory, Report
from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

SAID = "The doors open at eight."
FOCUSED = "document.activeElement.name || document.activeElement.textContent.trim()"


@pytest.fixture
def form(page, clock):
    """On the form, which was opened from the page of an event a while ago."""
    event = make_event(title="Sample evening")
    page.goto(f"/en/events/{event.pk}/")
    page.get_by_role("link", name="Report a mistake").click()
    clock.shift(timedelta(seconds=5))
    return page


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_mistake_is_reported_and_the_visitor_gets_back_to_the_event(form, has_javascript):
    form.get_by_label("It does not take place").check()
    form.get_by_label("What is wrong, and what is right").fill(SAID)
    form.get_by_role("button", name="Send the report").click()

    expect(form.get_by_role("heading", name="Thank you for the report")).to_be_visible()
    report = Report.objects.get()
    assert (report.subject, report.text) == ("cancelled", SAID)
    form.get_by_role("link", name="Back to the event").click()
    expect(form.get_by_role("heading", name="Sample evening")).to_be_visible()
    assert not form.context.cookies()


def test_by_keyboard_alone_one_gets_through_the_form_and_meets_no_trap(form):
    form.get_by_label("Something in it is not right").focus()
    keys = form.keyboard
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type(SAID)
    keys.press("Tab")
    assert form.evaluate(FOCUSED) == "Send the report"
    keys.press("Enter")

    expect(form.get_by_role("heading", name="Thank you for the report")).to_be_visible()
    assert Report.objects.get().subject == "cancelled"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_what_is_missing_is_said_at_the_top_and_leads_to_its_field(form, has_javascript):
    form.get_by_label("What is wrong, and what is right").fill(SAID)
    form.get_by_role("button", name="Send the report").click()

    summary = form.locator(".errors")
    expect(summary).to_be_focused()
    expect(form.get_by_label("What is wrong, and what is right")).to_have_value(SAID)
    summary.get_by_role("link", name="Choose what it is about.").click()
    if has_javascript:
        assert form.evaluate(FOCUSED) == "subject"
        form.get_by_label("Something else").check()
        expect(form.get_by_text("Choose what it is about.")).to_have_count(1)  # at the field it is gone


def test_pressing_twice_sends_one_report_and_the_button_says_that_it_is_on_its_way(form):
    form.get_by_label("Something else").check()
    form.get_by_label("What is wrong, and what is right").fill(SAID)
    said = form.evaluate("""async () => {
      const button = document.querySelector("main button[type=submit]");
      button.click();
      button.click();
      await new Promise(resolve => setTimeout(resolve, 50));
      return [button.disabled, button.textContent];
    }""")

    expect(form.get_by_role("heading", name="Thank you for the report")).to_be_visible()
    assert said == [True, "Sending…"]
    assert Report.objects.count() == 1


def test_while_robots_flood_the_site_the_browser_does_its_sum(page, clock):
    Directory.objects.update_or_create(pk=1, defaults={"version": "sample", "asks_for_work": True})
    page.goto(f"/en/events/{make_event().pk}/report/")
    clock.shift(timedelta(seconds=5))
    page.get_by_label("Something else").check()
    page.get_by_label("What is wrong, and what is right").fill(SAID)
    page.get_by_role("button", name="Send the report").click()

    expect(page.get_by_role("heading", name="Thank you for the report")).to_be_visible(timeout=30_000)
    assert Report.objects.get().text == SAID
