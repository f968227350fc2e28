"""The HTML of every kind of page, in every language, judged by the Nu HTML checker."""

import json
import subprocess
import warnings
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.test import Client

from tests.browser.conftest import refuse
from tests.page_types import FAILURES, PAGES, WITHOUT_EVENTS, PageType, addresses, answer, find_rows, make_events
from tools.machine import find_html_checker

pytestmark = pytest.mark.django_db

LANGUAGES = dict(site_settings.LANGUAGES)


def write_pages(folder: Path, pages: list[PageType], rows: dict[str, str]) -> None:
    """Each page in each language as a file; failures are answered as to a visitor."""
    visitor = Client(raise_request_exception=False)
    for language in LANGUAGES:
        for page, address in addresses(pages, rows, language=language):
            (folder / f"{page.name}.{language}.html").write_bytes(answer(visitor, page, address).content)


def judge_pages(folder: Path) -> dict[str, set[str]]:
    """What the checker says of the pages in the folder, by its kind ("error", or "info": a warning), each once."""
    checker = find_html_checker()
    if not checker:
        refuse("No HTML checker: `make test` installs it.")
    # Else the checker guesses the language of a page from its words, and those of events are in any.
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--no-langdetect"]
    answer = subprocess.run(["java", "-jar", checker, *options, folder], capture_output=True, check=True)
    complaints = defaultdict(set)
    for message in json.loads(answer.stdout)["messages"]:
        page = Path(message.get("url", "")).name.partition(".")[0]
        complaints[message["type"]].add(f"{page}: {message['message']} {message.get('extract', '').strip()!r}")
    return complaints


@pytest.mark.filterwarnings("default")  # shown at the end of the run
def test_html_checker_finds_no_error_on_any_page(tmp_path, failing_site):
    (folder := tmp_path / "pages").mkdir()
    write_pages(folder, WITHOUT_EVENTS, {})
    make_events()
    write_pages(folder, PAGES + FAILURES, find_rows())

    complaints = judge_pages(folder)

    if found := complaints.pop("info", None):
        warnings.warn("\n".join(sorted(found)), stacklevel=1)
    assert not complaints, complaints
