"""`make bench`: what pages cost the processor, as multiples of a bare Django view measured in the same run.

A figure is the processor time of the server's process for one request, one client after another. No page is cached:
each answer is made by its view and compressed as browsers ask for it, and many different pages are asked for in turn.
Pieces of pages are stored as they are on a public site (docs/decisions/0009-stored-pieces.md); "none stored" is without
any: what the first visitor pays after a change, once in each process and language. A search with words or filters reads
every event of the edition, so it has no limit here.
"""

import http.client
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from tools.production import HOST, Settings, find_free_port, manage, prepare, serve, settings_in

SIZES = (100, 1_000, 10_000)
REQUESTS, BARE_REQUESTS, ROUNDS = 280, 300, 7
MOST_ADDRESSES = 40  # of each kind of page
AT_MOST = {"home": 15, "country": 15, "listing": 15, "event": 10, "search": None}  # times the bare view
MOST_GROWTH = 1.2  # from the fewest events to the most
LISTS = ("", "?page=2", "?page=3", "?country=DE", "?country=TR")
SEARCHES = (
    "?q=konsert",
    "?q=berlin",
    "?kind=concert",
    "?language=az",
    "?date_from=2026-12-31",
    "?kind=film&country=DE",
)
BARE = ["/bare/"]
Pages = dict[str, list[str]]  # addresses by kind of page
Costs = dict[str, float]  # multiples of the bare view, by kind of page


def find_pages(database: Path) -> Pages:
    """The home page, the countries with most events, every sort of question to the listing, many events."""
    published = f"FROM events_event WHERE status = 'published' AND is_sample %s LIMIT {MOST_ADDRESSES}"
    with sqlite3.connect(database) as connection:
        countries = connection.execute(f"SELECT lower(country) {published}" % "GROUP BY country ORDER BY count(*) DESC")
        events = connection.execute(f"SELECT id || '/' || slug {published}" % "ORDER BY id")
        return {
            "home": ["/en/", "/az/"],
            "country": [f"/en/countries/{code}/" for (code,) in countries],
            "listing": [f"/en/events/{question}" for question in LISTS],
            "search": [f"/en/events/{question}" for question in SEARCHES],
            "event": [f"/en/events/{event}/" for (event,) in events],
        }


def measure(settings: Settings, pages: Pages, *, requests: int) -> Costs:
    """Ask for every page once, and then in turn for pages of each kind and for the bare view."""
    bare_settings = settings | {"DJANGO_SETTINGS_MODULE": "benchmarks.bare"}
    with _client(settings) as site, _client(bare_settings) as bare:
        for page in (page for kind in pages.values() for page in kind):
            get(site, page)
        cost(bare, BARE, requests=BARE_REQUESTS)
        return {kind: ratio(site, pages[kind], bare, requests=requests) for kind in pages}


@contextmanager
def _client(settings: Settings) -> Iterator[http.client.HTTPConnection]:
    port = find_free_port()
    with serve(settings, port=port, application="benchmarks.wsgi"):
        yield http.client.HTTPConnection(HOST, port, timeout=60)


def ratio(
    site: http.client.HTTPConnection, pages: list[str], bare: http.client.HTTPConnection, *, requests: int
) -> float:
    """The median of some rounds, each beside the bare view: a machine is not equally fast all the time."""
    part = max(len(pages), requests // ROUNDS)
    return median(
        cost(site, pages, requests=part) / cost(bare, BARE, requests=BARE_REQUESTS) for _round in range(ROUNDS)
    )


def cost(client: http.client.HTTPConnection, pages: list[str], *, requests: int) -> float:
    """Seconds of processor time a request."""
    before = float(get(client, "/cpu"))
    for page in islice(cycle(pages), requests):
        get(client, page)
    return (float(get(client, "/cpu")) - before) / requests


def get(client: http.client.HTTPConnection, address: str) -> bytes:
    client.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{address} answered {answer.status}.")
    return body


def measure_sizes(settings: Settings, folder: Path) -> tuple[list[Costs], Costs]:
    """The ratios with each number of events, and those with the most events and no piece stored."""
    sizes = []
    for events in SIZES:
        print(f"Sample events: {events:,} …", flush=True)
        manage(settings, "demodata", "--events", str(events))
        pages = find_pages(folder / "site.sqlite3")
        sizes.append(measure(settings, pages, requests=REQUESTS))
    return sizes, measure(settings | {"CACHE_URL": "dummycache://"}, pages, requests=ROUNDS)


def report(sizes: list[Costs], without: Costs) -> bool:
    """Print the table; tell whether every page keeps its limits."""
    print("\nProcessor time as multiples of a bare view of 20 kB, by number of events:\n")
    print("page".ljust(10) + "".join(f"{size:>9,}" for size in SIZES) + "   at most   growth   none stored")
    is_kept = True
    for kind, most in AT_MOST.items():
        ratios = [ratio[kind] for ratio in sizes]
        growth = ratios[-1] / ratios[0]
        is_over = most is not None and (max(ratios) > most or growth > MOST_GROWTH)
        is_kept &= not is_over
        line = f"{kind:10}" + "".join(f"{ratio:9.1f}" for ratio in ratios)
        print(f"{line}{most or '-':>10}{growth:9.2f}{without[kind]:14.1f}{'   OVER' if is_over else ''}")
    return is_kept


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="directory-bench-") as name:
        settings = settings_in(folder := Path(name), port=find_free_port())
        prepare(settings)
        sizes, without = measure_sizes(settings, folder)
    return 0 if report(sizes, without) else 1


if __name__ == "__main__":
    sys.exit(main())
