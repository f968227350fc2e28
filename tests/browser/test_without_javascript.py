"""Every page is complete without JavaScript: scripts add words to it, and take none away."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SCREENS
from tests.conftest import NOW
from tests.page_types import PAGES, addresses, find_rows, make_events, visit

pytestmark = pytest.mark.django_db(transaction=True)

# The words of the page in their order, what is folded away among them; not the time zones, which a script sorts.
READ_WORDS = """() => {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), words = [];
  while (texts.nextNode()) {
    if (texts.currentNode.parentElement.closest("[name=zone]")) continue;
    words.push(...texts.currentNode.data.split(/\\s+/).filter(word => word));
  }
  return words;
}"""
# The addresses that it visibly leads to; a script may add ways within a page.
READ_LINKS = """() => [...document.links].filter(link => link.checkVisibility() && !link.matches("[href^='#']"))
  .map(link => new URL(link.getAttribute("href"), location).href.split("#")[0])"""


def read(browser: Browser, pages, *, base_url: str, has_javascript: bool) -> dict[str, tuple[list[str], set[str]]]:
    """The words and the links of each page, by its name."""
    context = browser.new_context(base_url=base_url, java_script_enabled=has_javascript, **SCREENS["phone"])
    context.clock.set_fixed_time(NOW)
    with context:
        page = context.new_page()
        found = {}
        for kind, address in pages:
            visit(page, kind, address)
            found[kind.name] = page.evaluate(READ_WORDS), set(page.evaluate(READ_LINKS))
        return found


def is_subsequence(words: list[str], longer: list[str]) -> bool:
    rest = iter(longer)
    return all(word in rest for word in words)


def test_pages_say_and_lead_to_the_same_with_and_without_javascript(browser, live_server):
    make_events()
    pages = [*addresses(PAGES, find_rows())]
    without = read(browser, pages, base_url=live_server.url, has_javascript=False)
    with_scripts = read(browser, pages, base_url=live_server.url, has_javascript=True)

    for name, (words, links) in without.items():
        more_words, more_links = with_scripts[name]
        assert is_subsequence(words, more_words), name
        assert more_links <= links, name
