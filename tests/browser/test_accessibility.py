"""Every kind of page, judged by axe: on a phone and a desktop, by day and by night."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.page_types import FAILURES, PAGES, WITHOUT_EVENTS, PageType, addresses, find_rows, make_events, visit

pytestmark = pytest.mark.django_db(transaction=True)

axe = Axe()


def complaints_about(page: Page) -> Iterator[str]:
    """All of axe by day; by night only colours are other ones."""
    for scheme, options in {"light": {}, "dark": {"runOnly": ["color-contrast"]}}.items():
        page.emulate_media(color_scheme=scheme)
        for rule in axe.run(page, options=options).response["violations"]:
            for node in rule["nodes"]:
                yield f"{scheme}: {rule['id']}: {node['html'][:200]}"
    if not page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        yield "scrolls sideways"


def judge(page: Page, pages: list[PageType], rows: dict[str, str]) -> list[str]:
    complaints = []
    for kind, address in addresses(pages, rows):
        visit(page, kind, address)
        complaints += [f"{kind.name}: {complaint}" for complaint in complaints_about(page)]
    return complaints


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of_and_no_page_scrolls_sideways(page, screen, failing_site):
    make_events()

    complaints = judge(page, PAGES + FAILURES, find_rows())

    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of_where_nothing_is_published(page, screen):
    complaints = judge(page, WITHOUT_EVENTS, {})

    assert not complaints, "\n".join(complaints)


def test_axe_finds_nothing_to_complain_of_in_the_styleguide(page, settings):
    settings.DEBUG = True
    answer = page.goto("/styleguide/")

    assert answer.status == 200
    assert not [*complaints_about(page)]
