"""`make bench`: what pages cost the processor, as multiples of a bare Django view measured in the same run.

A figure is the processor time of the server's process for one request, one client after another. No page is cached:
each answer is made by its view and compressed as browsers ask for it, and many different pages are asked for in turn.
Pieces of pages are stored as they are on a public site (docs/decisions/0009-stored-pieces.md); "none stored" is without
any: what the first visitor pays after a change, once in each process and language. A search with words or filters reads
every event of the edition, so it has no limit here. The desk is that of a superuser, who sees all events; none of its
pages is stored. With few events its pages are short, so that they grow.
"""

import http.client
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from tools.production import HOST, ROOT, Settings, find_free_port, manage, prepare, serve, settings_in

SIZES = (100, 1_000, 10_000)
ROUNDS = 11
REQUESTS, COSTLY_REQUESTS, BARE_REQUESTS = 40, 5, 300  # in each round
MOST_ADDRESSES = 40  # of each kind of page
AT_MOST = {
    **{"home": 15, "country": 15, "listing": 15, "event": 10, "search": None},
    **{"desk queue": 40, "desk decision": 40},
}  # times the bare view
MOST_GROWTH = 1.2  # from the fewest events to the most
GROWING = {"search", "desk queue", "desk decision"}
QUEUE = ("", "?p=2", "?p=3")
LISTS = ("", "?page=2", "?page=3", "?country=DE", "?country=TR")
SEARCHES = (
    "?q=konsert",
    "?q=berlin",
    "?kind=concert",
    "?language=az",
    "?date_from=2026-12-31",
    "?kind=film&country=DE",
)
BARE, DESK = ["/bare/"], "/admin/events/event/"
SESSION = secrets.token_hex(16)  # of the superuser
Pages = dict[str, list[str]]  # addresses by kind of page
Round = list[float]  # multiples of the bare view, one for each site


@dataclass(frozen=True)
class Site:
    client: http.client.HTTPConnection
    pages: Pages


def find_pages(folder: Path) -> Pages:
    """The home page, the countries with most events, every sort of question to the listing, many events."""
    published = f"FROM events_event WHERE status = 'published' AND is_sample %s LIMIT {MOST_ADDRESSES}"
    with sqlite3.connect(folder / "site.sqlite3") as connection:
        countries = connection.execute(f"SELECT lower(country) {published}" % "GROUP BY country ORDER BY count(*) DESC")
        events = connection.execute(f"SELECT id || '/' || slug {published}" % "ORDER BY id")
        pending = "SELECT id FROM events_event WHERE status = 'pending' ORDER BY starts_at LIMIT ?"
        waiting = connection.execute(pending, [MOST_ADDRESSES])
        return {
            "home": ["/en/", "/az/"],
            "country": [f"/en/countries/{code}/" for (code,) in countries],
            "listing": [f"/en/events/{question}" for question in LISTS],
            "search": [f"/en/events/{question}" for question in SEARCHES],
            "event": [f"/en/events/{event}/" for (event,) in events],
            "desk queue": [f"{DESK}{page}" for page in QUEUE],
            "desk decision": [f"{DESK}{event}/change/" for (event,) in waiting],
        }


def measure(sites: list[Site], bare: http.client.HTTPConnection, *, requests: int) -> dict[str, list[Round]]:
    """Ask every site for every page once, and then, kind by kind, all sites in turn, and the bare view beside them."""
    for site in sites:
        for page in (page for kind in site.pages.values() for page in kind):
            get(site.client, page)
    cost(bare, BARE, requests=BARE_REQUESTS)
    return {kind: [_measure_round(sites, kind, bare, requests) for _round in range(ROUNDS)] for kind in AT_MOST}


def _measure_round(sites: list[Site], kind: str, bare: http.client.HTTPConnection, requests: int) -> Round:
    """Close together in time, because a machine is not equally fast all the time."""
    bare_cost = cost(bare, BARE, requests=BARE_REQUESTS)
    return [cost(site.client, site.pages[kind], requests=requests) / bare_cost for site in sites]


def cost(client: http.client.HTTPConnection, pages: list[str], *, requests: int) -> float:
    """Seconds of processor time a request."""
    before = float(get(client, "/cpu"))
    for page in islice(cycle(pages), requests):
        get(client, page)
    return (float(get(client, "/cpu")) - before) / requests


def get(client: http.client.HTTPConnection, address: str) -> bytes:
    session = {"Cookie": f"sessionid={SESSION}"} if address.startswith(DESK) else {}
    client.request("GET", address, headers={"Accept-Encoding": "gzip", **session})
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{address} answered {answer.status}.")
    return body


def prepare_sites(folder: Path) -> list[Path]:
    """A folder with a site for each number of sample events."""
    (empty := folder / "empty").mkdir()
    prepare(settings_in(empty, port=find_free_port()))
    return [_fill(shutil.copytree(empty, folder / str(size)), size) for size in SIZES]


def _fill(folder: Path, events: int) -> Path:
    print(f"Sample events: {events:,} …", flush=True)
    manage(settings_in(folder, port=find_free_port()), "demodata", "--events", str(events))
    return folder


@contextmanager
def serve_sites(folders: list[Path], **settings: str) -> Iterator[tuple[list[Site], http.client.HTTPConnection]]:
    """The sites in these folders and the bare view, each in a process of its own."""
    with ExitStack() as stack:
        sites = [Site(stack.enter_context(_site(folder, **settings)), find_pages(folder)) for folder in folders]
        bare = {**settings_in(folders[0], port=find_free_port()), "DJANGO_SETTINGS_MODULE": "benchmarks.bare"}
        yield sites, stack.enter_context(_client(bare))


@contextmanager
def _site(folder: Path, **settings: str) -> Iterator[http.client.HTTPConnection]:
    all_settings = settings_in(folder, port=find_free_port()) | settings
    # The session holds with the secret key of these settings alone.
    command = [sys.executable, "-m", "benchmarks.superuser", SESSION]
    subprocess.run(command, cwd=ROOT, env=os.environ | all_settings, check=True)
    with _client(all_settings) as client:
        yield client


@contextmanager
def _client(settings: Settings) -> Iterator[http.client.HTTPConnection]:
    port = find_free_port()
    with serve(settings, port=port, application="benchmarks.wsgi"):
        yield http.client.HTTPConnection(HOST, port, timeout=60)


def report(stored: dict[str, list[Round]], without: dict[str, list[Round]]) -> bool:
    """Print the table; tell whether every page keeps its limits."""
    print("\nProcessor time as multiples of a bare view of 20 kB, by number of events:\n")
    print("page".ljust(14) + "".join(f"{size:>9,}" for size in SIZES) + "   at most   growth   none stored")
    is_kept = True
    for kind, most in AT_MOST.items():
        ratios, [first_visit] = _median(stored[kind]), _median(without[kind])
        growth = median(most_events / fewest for fewest, *_between, most_events in stored[kind])
        is_over = most is not None and (max(ratios) > most or (kind not in GROWING and growth > MOST_GROWTH))
        is_kept &= not is_over
        line = f"{kind:14}" + "".join(f"{ratio:9.1f}" for ratio in ratios)
        print(f"{line}{most or '-':>10}{growth:9.2f}{first_visit:14.1f}{'   OVER' if is_over else ''}")
    return is_kept


def _median(rounds: list[Round]) -> Round:
    return [median(ratios) for ratios in zip(*rounds, strict=True)]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="directory-bench-") as name:
        folders = prepare_sites(Path(name))
        with serve_sites(folders) as (sites, bare):
            stored = measure(sites, bare, requests=REQUESTS)
        with serve_sites(folders[-1:], CACHE_URL="dummycache://") as (sites, bare):
            without = measure(sites, bare, requests=COSTLY_REQUESTS)
    return 0 if report(stored, without) else 1


if __name__ == "__main__":
    sys.exit(main())
