"""Every kind of public page, judged by axe: on a phone and a desktop, by day and by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from events import images
from events.models import Status
from tests import pictures
from tests.factories import make_city, make_event

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/en/",
    "/en/events/",
    "/en/events/?q=nowhere",
    "/en/events/?date_from=x",
    "/en/countries/de/",
    "/en/countries/fr/",
]
PAGES += ["/en/submit/", "/en/submit/sent/", "/en/confirm/nonsense/", "/en/nothing/"]


@pytest.fixture
def event():
    name = images.store(images.clean(pictures.photo()))
    picture = {"image": name, "image_alt": "Sample", "image_width": 640, "image_height": 480}
    make_event(status=Status.PENDING)
    make_event(title="Another evening", condition="cancelled")
    return make_event(place=make_city(), description="An *evening* with [a link](https://example.org/).", **picture)


def complaints_of_axe(page):
    violations = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in violations for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of(page, event, scheme):
    page.emulate_media(color_scheme=scheme)
    for address in [*PAGES, event.get_absolute_url()]:
        page.goto(address)
        assert not complaints_of_axe(page), address

    page.goto("/en/submit/")
    page.click("main button[type=submit]")
    page.get_by_role("heading", name="This needs another look").wait_for()
    assert not complaints_of_axe(page)
