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
from itertools import cycle, islice
from pathlib import Path

from tools.production import HOST, Settings, find_free_port, manage, prepare, serve, settings_in

SIZES = (100, 1_000, 10_000)
REQUESTS, BARE_REQUESTS = 240, 2_000
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
BARE = {"bare": ["/bare/"]}
Pages = dict[str, list[str]]  # addresses by kind of page
Costs = dict[str, float]  # by kind of page: milliseconds of processor time a request, or multiples of the bare view


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


def measure(settings: Settings, pages: Pages, *, port: int, requests: int) -> Costs:
    """Ask for every page once, and then for the pages of each kind in turn."""
    with serve(settings, port=port, application="benchmarks.wsgi"):
        client = http.client.HTTPConnection(HOST, port, timeout=60)
        for page in (page for kind in pages.values() for page in kind):
            get(client, page)
        return {kind: cost(client, pages[kind], requests=requests) for kind in pages}


def cost(client: http.client.HTTPConnection, pages: list[str], *, requests: int) -> float:
    before = float(get(client, "/cpu"))
    for page in islice(cycle(pages), requests):
        get(client, page)
    return (float(get(client, "/cpu")) - before) / requests * 1000


def get(client: http.client.HTTPConnection, address: str) -> bytes:
    client.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{address} answered {answer.status}.")
    return body


def measure_ratios(settings: Settings, pages: Pages, *, port: int, requests: int) -> Costs:
    """Multiples of the bare view, which is measured right before: a machine is not equally fast all the time."""
    bare_settings = settings | {"DJANGO_SETTINGS_MODULE": "benchmarks.bare"}
    bare = measure(bare_settings, BARE, port=port, requests=BARE_REQUESTS)["bare"]
    return {kind: cost / bare for kind, cost in measure(settings, pages, port=port, requests=requests).items()}


def measure_sizes(settings: Settings, folder: Path, *, port: int) -> tuple[list[Costs], Costs]:
    """The ratios with each number of events, and those with the most events and no piece stored."""
    ratios = []
    for events in SIZES:
        print(f"Sample events: {events:,} …", flush=True)
        manage(settings, "demodata", "--events", str(events))
        pages = find_pages(folder / "site.sqlite3")
        ratios.append(measure_ratios(settings, pages, port=port, requests=REQUESTS))
    without = settings | {"CACHE_URL": "dummycache://"}
    return ratios, measure_ratios(without, pages, port=port, requests=REQUESTS // 10)


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
    port = find_free_port()
    with tempfile.TemporaryDirectory(prefix="directory-bench-") as name:
        settings = settings_in(folder := Path(name), port=port)
        prepare(settings)
        sizes, without = measure_sizes(settings, folder, port=port)
    return 0 if report(sizes, without) else 1


if __name__ == "__main__":
    sys.exit(main())
