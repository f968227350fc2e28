"""A moderator brings a file of events to the desk, in a real browser."""

import pytest

from events.models import Event, Status
from tests.browser.test_accessibility import complaints_about
from tests.factories import make_city, make_moderator
from tests.staff import enter_desk

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/events/event/import/"
COLUMNS = "title,kind,country,city,start_date,organiser,source_url"
GOOD = "Həmrəylik gecəsi,evening,DE,Berlin,2026-12-31,Sample Association,https://example.org/report"


def choose(page, *lines):
    content = "\n".join(lines).encode()
    page.set_input_files("[name=file]", {"name": "events.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Look into it").click()
    page.get_by_role("heading", name="What is in events.csv").wait_for()


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_file_is_put_right_looked_at_and_imported(page, screen, has_javascript):
    make_city()
    enter_desk(page, make_moderator("DE"), PAGE)

    choose(page, COLUMNS, GOOD, GOOD.replace("2026-12-31", "31.12.2026"))
    assert page.get_by_text("Line 3 start_date: Write the date as 2026-12-31.").is_visible()
    assert not page.get_by_role("button", name="Import 1 event").count()

    choose(page, COLUMNS, GOOD)
    page.get_by_role("button", name="Import 1 event").click()
    page.get_by_text("1 event was imported and waits.").wait_for()
    assert Event.objects.get().status == Status.PENDING


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of_before_and_after_a_file_is_chosen(page, screen):
    make_city()
    page.emulate_media(reduced_motion="reduce")  # or axe meets colours that are changing
    enter_desk(page, make_moderator("DE"), PAGE)
    assert not [*complaints_about(page)]

    choose(page, COLUMNS, GOOD, f"{GOOD},more", GOOD.replace("DE", "FR"))
    assert not [*complaints_about(page)]


def test_the_empty_table_is_downloaded(page):
    make_city()
    enter_desk(page, make_moderator("DE"), PAGE)

    with page.expect_download() as download:
        page.get_by_role("link", name="An empty table with all columns").click()
    assert download.value.suggested_filename == "events.csv"
