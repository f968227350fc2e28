"""`make audit`: Lighthouse and the weight of pages, on the site as it runs for the public with a large edition.

The events are the invented ones of `demodata`, in a throw-away database and no longer marked as samples: a sample asks
search engines to stay away, which Lighthouse holds against its page. No page is blocked, cached or shown otherwise.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import sync_playwright

from tools.machine import CHROMIUM, CHROMIUM_ARGUMENTS, FONTS, LIGHTHOUSE, find_chromium, install_missing, npm_package
from tools.production import HOST, find_free_port, manage, prepare, serve, settings_in
from tools.transfer import measure_transfer, weigh

EVENTS, COUNTRIES = 500, 70
SAMPLES = 580  # of which at least that many are published
AT_LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
AT_MOST = {"home": 70_000, "event": 30_000}  # bytes; those of the event without its picture
MOST_REQUESTS = 8  # of the home page


class Audit(NamedTuple):
    """What was measured of one page: points of a hundred, milliseconds, bytes."""

    scores: dict[str, int]
    layout_shift: float
    largest_paint: float
    blocking: float
    bytes: int
    requests: int
    failed: list[str]  # what costs points, apart from performance


def make_events_real(database: Path) -> dict[str, str]:
    """Takes the mark off the samples; returns the addresses to audit, by kind of page."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE events_event SET is_sample = 0")
        published = "FROM events_event WHERE status = 'published' AND source_url = ''"
        events, countries = connection.execute(f"SELECT count(*), count(DISTINCT country) {published}").fetchone()
        first = f"SELECT id || '/' || slug {published} AND image <> '' AND condition = 'planned' ORDER BY id"
        (event,) = connection.execute(first).fetchone()
    if events < EVENTS or countries < COUNTRIES:
        sys.exit(f"Only {events} events in {countries} countries: not the edition to measure.")
    print(f"{events} events in {countries} countries", flush=True)
    return {
        "home": "/en/",
        "country": "/en/countries/de/",
        "listing": "/en/events/",
        "event": f"/en/events/{event}/",
    }


def ask_lighthouse(address: str) -> dict[str, Any]:
    """Its report of one page, on its usual slow phone."""
    flags = " ".join(["--headless=new", *CHROMIUM_ARGUMENTS])
    program = str(npm_package("lighthouse") / "cli" / "index.js")
    command = ["node", program, address, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    environment = os.environ | {"CHROME_PATH": find_chromium() or ""}
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


def audit(kind: str, address: str) -> Audit:
    report = ask_lighthouse(address)
    audits, categories = report["audits"], report["categories"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        answers = measure_transfer(browser.new_page(), address)
    return Audit(
        scores={name: round(100 * categories[name]["score"]) for name in AT_LEAST},
        layout_shift=audits["cumulative-layout-shift"]["numericValue"],
        largest_paint=audits["largest-contentful-paint"]["numericValue"],
        blocking=audits["total-blocking-time"]["numericValue"],
        bytes=weigh(answers, has_pictures=kind == "home"),
        requests=len(answers),
        failed=[*find_failures(report)],
    )


def find_failures(report: dict[str, Any]) -> Iterator[str]:
    for name in AT_LEAST.keys() - {"performance"}:
        for reference in report["categories"][name]["auditRefs"]:
            found = report["audits"][reference["id"]]
            if reference["weight"] and found["score"] is not None and found["score"] < 1:
                yield f"{found['id']}: {found['title']}"


def complain(kind: str, found: Audit) -> Iterator[str]:
    """A line for each figure of the page that is not good enough."""
    yield from (
        f"{name} {found.scores[name]} < {least}" for name, least in AT_LEAST.items() if found.scores[name] < least
    )
    yield from found.failed
    if found.layout_shift:
        yield f"layout shift {found.layout_shift:.4f}"
    if found.bytes > AT_MOST.get(kind, found.bytes):
        yield f"{found.bytes} bytes > {AT_MOST[kind]}"
    if kind == "home" and found.requests > MOST_REQUESTS:
        yield f"{found.requests} requests > {MOST_REQUESTS}"


def show(audits: dict[str, Audit]) -> None:
    """A table with one line for each page."""
    columns = ["performance", "access.", "practices", "SEO", "CLS", "LCP ms", "TBT ms", "kB", "requests"]
    print("\n" + " " * 8, *(f"{column:>11}" for column in columns), sep="")
    for kind, found in audits.items():
        figures = [*found.scores.values(), f"{found.layout_shift:.4f}", round(found.largest_paint)]
        figures += [round(found.blocking), f"{found.bytes / 1000:.1f}", found.requests]
        print(f"{kind:8}", *(f"{figure:>11}" for figure in figures), sep="")


def main() -> int:
    if lacks := install_missing(CHROMIUM, FONTS, LIGHTHOUSE):
        sys.exit("\n".join(lacks))
    with tempfile.TemporaryDirectory() as folder:
        port = find_free_port()
        settings = settings_in(Path(folder), port=port)
        print("Preparing a throw-away site", flush=True)
        prepare(settings)
        manage(settings, "demodata", f"--events={SAMPLES}")
        pages = make_events_real(Path(folder) / "site.sqlite3")
        with serve(settings, port=port):
            site = f"http://{HOST}:{port}"
            audits = {kind: audit(kind, site + path) for kind, path in pages.items()}
    show(audits)
    complaints = [f"{kind}: {line}" for kind, found in audits.items() for line in complain(kind, found)]
    print("", *complaints, sep="\n")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
