"""An organiser with a phone: from the address of an event to what they change of it, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect
from post_office.models import Email

from events import amendments, moderation
from events.models import Amendment, Condition, Event, Link, Status
from tests.browser.conftest import wait_until
from tests.factories import make_moderator
from tests.organisers import ADDRESS, find_link, make_own_event, propose, start_session

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page):
    session = {"name": "sessionid", "value": start_session(), "domain": "localhost", "path": "/"}
    page.context.add_cookies([session])


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_moderators_question_is_answered_from_the_letter_on_a_phone(page, has_javascript):
    event = make_own_event(title="First evening", status=Status.PENDING)
    moderation.return_(event, by=make_moderator("DE"), reason="Is the hall open?")
    Email.objects.all().delete()

    page.goto("/en/")
    page.get_by_role("link", name="My events").click()
    page.fill("main [name=contact_email]", ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Look into your e-mail").wait_for()
    link = find_link()
    page.goto(link)
    assert page.url.endswith("/en/my-events/" if has_javascript else link)
    page.get_by_role("button", name="Show my events").click()

    page.get_by_text("Is the hall open?").wait_for()
    assert page.url.endswith("/en/my-events/")
    page.get_by_role("link", name="Answer and change").click()
    page.fill("[name=title]", "Better evening")
    page.fill("[name=reason]", "Yes, it is.")
    page.get_by_role("button", name="Send for review").click()

    page.get_by_text("Your changes were sent to a moderator.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    event.refresh_from_db()
    assert (event.status, event.title) == (Status.PENDING, "Better evening")
    assert event.steps.last().reason == "Yes, it is."


@pytest.mark.parametrize("has_javascript", [True, False])
def test_an_event_is_cancelled_and_takes_place_after_all(page):
    event = make_own_event(title="First evening")
    enter(page)
    page.goto("/en/my-events/")
    page.get_by_role("link", name="First evening").click()
    page.get_by_role("link", name="Cancel…").click()
    page.fill("[name=reason]", "The hall burnt.")
    page.get_by_role("button", name="Yes, it does not take place").click()

    page.get_by_role("status").get_by_text("marked as cancelled").wait_for()
    assert Event.objects.get().condition == Condition.CANCELLED
    page.get_by_role("button", name="Undo").click()

    page.get_by_role("status").get_by_text("takes place").wait_for()
    assert Event.objects.get().condition == Condition.PLANNED
    assert page.url.endswith(f"/en/my-events/{event.pk}/")


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_proposal_is_made_and_taken_back(page):
    event = make_own_event(title="First evening")
    enter(page)
    page.goto(f"/en/my-events/{event.pk}/edit/")
    page.fill("[name=title]", "Better evening")
    page.get_by_role("button", name="Send for review").click()

    page.get_by_role("heading", name="What you proposed").wait_for()
    assert page.locator("ins").inner_text() == "Better evening"
    page.get_by_role("button", name="Take my change back").click()

    page.get_by_text("Your change is taken back.").wait_for()
    assert page.locator("ins").count() == 0


def test_what_was_typed_when_the_session_ended_is_there_after_entering_again(page):
    event = make_own_event(status=Status.PENDING)
    enter(page)
    page.goto(f"/en/my-events/{event.pk}/edit/")
    page.locator("[name=title]").press_sequentially("Better ")
    wait_until(lambda: page.evaluate("localStorage.length"))  # the draft is stored a moment after the last key
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send for review").click()
    page.get_by_role("heading", name="enter first").wait_for()

    enter(page)
    page.goto(f"/en/my-events/{event.pk}/edit/")
    page.locator("[data-restored]").wait_for()
    assert "Better " in page.input_value("[name=title]")
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("Your changes were sent").wait_for()

    page.goto(f"/en/my-events/{event.pk}/edit/")
    assert page.locator("[data-restored]").is_hidden()


@pytest.mark.parametrize("has_javascript", [False])
def test_what_was_sent_after_the_session_ended_is_taken_when_the_page_is_loaded_again(page):
    event = make_own_event(status=Status.PENDING, title="First evening")
    enter(page)
    page.goto(f"/en/my-events/{event.pk}/edit/")
    page.fill("[name=title]", "Better evening")
    Link.objects.all().delete()
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("It is not lost").wait_for()

    page.fill("main [name=contact_email]", ADDRESS)
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Send me the link").click()
    other = popup.value
    other.get_by_role("heading", name="Look into your e-mail").wait_for()
    other.goto(find_link())
    other.get_by_role("button", name="Show my events").click()
    other.get_by_text("First evening").first.wait_for()
    page.reload()

    page.get_by_text("Your changes were sent").wait_for()
    assert Event.objects.get().title == "Better evening"


def test_a_draft_of_an_older_version_does_not_undo_unseen_what_was_accepted_since(page):
    event = make_own_event(title="First evening")
    enter(page)
    page.goto(f"/en/my-events/{event.pk}/edit/")
    page.fill("[name=supporters]", "Sample Foundation")
    wait_until(lambda: page.evaluate("localStorage.length"))  # the draft is stored a moment after the last key
    page.goto("/en/about/")
    proposal = propose(event, title="Better evening")
    amendments.accept(proposal, by=make_moderator("DE"), version=proposal.version)

    page.goto(f"/en/my-events/{event.pk}/edit/")
    page.locator("[data-restored]").wait_for()
    page.get_by_role("button", name="Send for review").click()

    page.get_by_text("What happened meanwhile").wait_for()
    assert not Amendment.objects.exists()
    assert page.input_value("[name=supporters]") == "Sample Foundation"


@pytest.mark.parametrize("has_javascript", [True, False])
def test_nothing_that_leaves_the_page_of_a_link_tells_it(page):
    make_own_event()
    page.goto("/en/my-events/")
    page.fill("main [name=contact_email]", ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Look into your e-mail").wait_for()
    link = find_link()
    token = re.search(r"enter/([^/]+)", link)[1]
    told = []

    def hear(request):
        told.append([*request.all_headers().values(), "" if request.url.endswith(link) else request.url])

    page.on("request", hear)
    page.goto(link)
    page.get_by_role("button", name="Show my events").click()
    page.get_by_role("heading", name="My events").wait_for()

    assert len(told) > 5
    assert not [words for words in told if token in "".join(words)]


def test_all_data_is_deleted_only_with_the_box_ticked(page):
    make_own_event()
    enter(page)
    page.goto("/en/my-events/")
    page.get_by_role("link", name="Delete all of it").click()
    page.get_by_role("button", name="Delete all my data").click()
    page.locator(".errors:focus").get_by_text("Nothing is deleted yet.").click()
    expect(page.locator("[name=is_sure]")).to_be_in_viewport()
    page.check("[name=is_sure]")
    page.get_by_role("button", name="Delete all my data").click()

    page.get_by_role("heading", name="All your data is deleted").wait_for()
    assert not Event.objects.exists()
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}
