"""`make pictures`: every kind of page with sample events, on a desktop and a phone, as a small file in docs/pictures/.

Not a test: pytest runs it because pictures need the same site, clock and browser. The samples and the moment are always
the same, and so are the pictures as long as the pages are.
"""

from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.core.management import call_command
from PIL import Image

from events.models import Event, Status
from tests.page_types import FAILURES, PAGES, WITHOUT_EVENTS, addresses, find_rows, visit
from tests.staff import PASSWORD, enter_desk

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = site_settings.BASE_DIR / "docs" / "pictures"
LIST = "/admin/events/event/"
MOMENT = datetime(2026, 12, 19, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)  # when some midnights have come and others have not
LONGEST = 1800  # pixels from the top of a page, which may be much longer
WIDEST = 960  # pixels of a file


def save(shot: bytes, name: str) -> None:
    picture = Image.open(BytesIO(shot)).convert("RGB")
    picture.thumbnail((WIDEST, LONGEST), Image.Resampling.LANCZOS)
    picture.save(FOLDER / f"{name}.webp", quality=70, method=6)


def take(page, pages, rows, *, screen, clock):
    for kind, address in addresses(pages, rows):
        moment = NIGHT if kind.door == "around-the-clock" else MOMENT
        clock.move_to(moment)
        page.clock.set_fixed_time(moment)
        visit(page, kind, address)
        page.wait_for_load_state("networkidle")
        width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, LONGEST)}
        save(page.screenshot(full_page=True, clip=clip, animations="disabled"), f"{kind.name}-{screen}")


@pytest.fixture
def still_page(page):
    page.emulate_media(reduced_motion="reduce")
    page.set_default_timeout(60_000)
    FOLDER.mkdir(exist_ok=True)
    return page


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_take_pictures_of_an_empty_site(still_page, screen, clock):
    take(still_page, WITHOUT_EVENTS, {}, screen=screen, clock=clock)


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_take_pictures_of_a_site_with_samples(still_page, screen, clock, failing_site):
    clock.move_to(MOMENT)
    call_command("loadcities")
    call_command("demodata")
    take(still_page, PAGES + FAILURES, find_rows(), screen=screen, clock=clock)


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_take_pictures_of_the_desk(still_page, screen, clock):
    clock.move_to(MOMENT)
    call_command("loadcities")
    call_command("demodata")
    import_module("events.migrations.0005_reasons").write_reasons(apps, None)  # tests with transactions take them away
    enter_desk(still_page, User.objects.create_superuser("moderator", password=PASSWORD), LIST)
    still_page.clock.set_fixed_time(MOMENT)
    waiting, amended = Event.objects.filter(status=Status.PENDING), Event.objects.filter(amendment__is_refused=False)
    pages = {
        "": "queue",
        f"{waiting.earliest('starts_at').pk}/change/": "new",
        f"{amended.earliest('starts_at').pk}/change/": "amended",
    }
    for path, name in pages.items():
        still_page.goto(f"{LIST}{path}")
        still_page.wait_for_load_state("networkidle")
        save(still_page.screenshot(animations="disabled"), f"desk-{name}-{screen}")
