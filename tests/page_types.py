"""Every kind of page once: what axe, the HTML checker, `make pictures` and other tests of all pages go through."""

from collections.abc import Iterator
from datetime import date, time
from typing import NamedTuple

from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from events import access, images
from events.models import Amendment, Event, Status, Step
from tests import pictures
from tests.factories import make_city, make_event, make_moderator
from tests.organisers import start_session

OWNER = "organiser@example.org"  # of the events that only an organiser who has entered sees


class PageType(NamedTuple):
    """`name` is that of its picture, `door` that of its address in events/urls.py (or "errors").

    What stands in braces in `path`, which goes on behind the language, is one of `find_rows`.
    """

    name: str
    door: str
    path: str
    status: int = 200
    is_sent: bool = False  # its form is sent empty, and the answer is the page
    is_entered: bool = False  # seen by an organiser who has entered by a letter


PAGES = [
    PageType("home", "home", ""),
    PageType("home-europe", "home", "?region=europe"),
    PageType("country", "country", "countries/de/"),
    PageType("country-without-events", "country", "countries/mn/"),
    PageType("country-small", "country", "countries/mt/"),
    PageType("listing", "events", "events/"),
    PageType("listing-page-2", "events", "events/?page=2"),
    PageType("listing-filtered", "events", "events/?q=a&kind=concert"),
    PageType("listing-empty", "events", "events/?q=nothingofthatname"),
    PageType("listing-wrong-input", "events", "events/?date_from=x&country=XX"),
    PageType("event", "event", "events/{planned}/"),
    PageType("event-online", "event", "events/{online}/"),
    PageType("event-cancelled", "event", "events/{cancelled}/"),
    PageType("event-postponed", "event", "events/{postponed}/"),
    PageType("event-all-day", "event", "events/{all_day}/"),
    PageType("event-sample", "event", "events/{sample}/"),
    PageType("event-reported", "event", "events/{reported}/"),
    PageType("report", "report", "events/{planned_number}/report/"),
    PageType("report-with-errors", "report", "events/{planned_number}/report/", is_sent=True),
    PageType("report-sent", "report-sent", "events/{planned_number}/report/sent/"),
    PageType("around-the-clock", "around-the-clock", "around-the-clock/"),
    PageType("editions", "editions", "editions/"),
    PageType("edition", "edition", "editions/2025/"),
    PageType("about", "about", "about/"),
    PageType("guide", "guide", "guide/"),
    PageType("privacy", "privacy", "privacy/"),
    PageType("submit", "submit", "submit/"),
    PageType("submit-with-errors", "submit", "submit/", is_sent=True),
    PageType("sent", "sent", "submit/sent/"),
    PageType("confirm", "confirm", "confirm/{token}/"),
    PageType("confirm-expired", "confirm", "confirm/expired/", status=404),
    PageType("confirmed", "confirmed", "submit/confirmed/"),
    PageType("my-events-ask", "my-events", "my-events/"),
    PageType("my-events-asked", "my-events-asked", "my-events/asked/"),
    PageType("my-events-enter", "enter", "my-events/enter/{entry}/"),
    PageType("my-events-enter-expired", "enter", "my-events/enter/expired/", status=404),
    PageType("my-events", "my-events", "my-events/", is_entered=True),
    PageType("my-event-returned", "my-event", "my-events/{own_returned}/", is_entered=True),
    PageType("my-event-proposed", "my-event", "my-events/{own_proposed}/", is_entered=True),
    PageType("my-event-merged", "my-event", "my-events/{own_merged}/", is_entered=True),
    PageType("my-event-edit", "my-event-edit", "my-events/{own_returned}/edit/", is_entered=True),
    PageType("my-event-copy", "my-event-copy", "my-events/{own_proposed}/copy/", is_entered=True),
    PageType("my-event-cancel", "my-event-cancel", "my-events/{own_proposed}/cancel/", is_entered=True),
    PageType("my-event-postpone", "my-event-postpone", "my-events/{own_proposed}/postpone/", is_entered=True),
    PageType("my-event-restore", "my-event-restore", "my-events/{own_cancelled}/restore/", is_entered=True),
    PageType("my-event-withdraw", "my-event-withdraw", "my-events/{own_proposed}/withdraw/", is_entered=True),
    PageType("my-data-delete", "my-data-delete", "my-events/delete/", is_entered=True),
    PageType("my-data-deleted", "my-data-deleted", "my-events/deleted/"),
    PageType("not-found", "errors", "nothing/", status=404),
    PageType("gone", "event", "events/{withdrawn}/", status=410),
]
WITHOUT_EVENTS = [
    PageType("home-without-events", "home", ""),
    PageType("listing-without-events", "events", "events/"),
    PageType("around-the-clock-without-events", "around-the-clock", "around-the-clock/"),
    PageType("editions-without-events", "editions", "editions/"),
]
# Which only something that fails shows: see tests/failing_urls.py
FAILURES = [
    PageType("bad-request", "errors", "failing/400/", status=400),
    PageType("forbidden", "errors", "failing/403/", status=403),
    PageType("forbidden-form", "errors", "failing/403-form/", status=403),
    PageType("too-many", "errors", "failing/429/", status=429),
    PageType("server-error", "errors", "failing/500/", status=500),
    PageType("unavailable", "errors", "failing/503/", status=503),
]

EVENTS = {
    "planned": Q(condition="planned", format="in_person", source_url="") & ~Q(image=""),
    "online": Q(condition="planned", format="online"),
    "cancelled": Q(condition="cancelled"),
    "postponed": Q(condition="postponed"),
    "all_day": Q(condition="planned", start_time=None, source_url=""),
    "sample": Q(condition="planned", is_sample=True),
    "reported": ~Q(source_url=""),
}


def addresses(pages: list[PageType], rows: dict[str, str], *, language: str = "en") -> Iterator[tuple[PageType, str]]:
    for page in pages:
        yield page, f"/{language}/{page.path.format_map(rows)}"


def visit(page: Page, kind: PageType, address: str) -> None:
    """Lets the browser go to a page of this kind, and on to the answer where it is the answer to an empty form."""
    page.context.clear_cookies(name="sessionid")
    if kind.is_entered:
        session = {"name": "sessionid", "value": start_session(OWNER), "domain": "localhost", "path": "/"}
        page.context.add_cookies([session])
    answer = page.goto(address)
    assert answer
    assert answer.status == kind.status, address
    if kind.is_sent:
        page.click("main button[type=submit]")
        page.locator("[aria-invalid=true]").first.wait_for()


def answer(visitor: Client, kind: PageType, address: str) -> HttpResponse:
    """What the site answers for a page of this kind."""
    visitor.cookies.pop("sessionid", None)
    if kind.is_entered:
        visitor.cookies["sessionid"] = start_session(OWNER)
    return visitor.post(address) if kind.is_sent else visitor.get(address)


def find_rows() -> dict[str, str]:
    """What addresses say of rows, by the names that `PageType.path` has in braces; makes those that are private."""
    published = Event.objects.published().order_by("id")
    events = {name: published.filter(which).first() for name, which in EVENTS.items()}
    events["withdrawn"] = make_event(status=Status.WITHDRAWN)
    Step.objects.create(event=events["withdrawn"], verb="publish", status=Status.PUBLISHED, version=1)
    waiting = make_event(status=Status.UNCONFIRMED, title="Həmrəylik gecəsi", place=make_city())
    token = access.make_confirmation(waiting, now=timezone.now())
    keys = {"token": token, "entry": access.make_entry(OWNER, now=timezone.now())}
    own = {f"own_{name}": str(event.pk) for name, event in make_own_events().items()}
    found = {name: f"{event.pk}/{event.slug}" for name, event in events.items() if event}
    return found | {f"{name}_number": path.partition("/")[0] for name, path in found.items()} | own | keys


def make_events() -> None:
    """One event of each sort, and enough of them for a second page of the listing."""
    name = images.store(images.clean(pictures.photo()))
    picture = {"image": name, "image_alt": "Musicians on a stage", "image_width": 640, "image_height": 480}
    online = {"format": "online", "online_url": "https://example.org/broadcast", "city": ""}
    berlin = make_city()
    make_event(place=berlin, **rich_fields(), **picture)
    make_event(**online, languages="az,en,ru", admission="free")
    make_event(place=berlin, condition="cancelled", **picture)
    make_event(place=berlin, condition="postponed")
    make_event(place=berlin, kind="exhibition", start_time=None, end_date=date(2027, 1, 6))
    make_event(place=berlin, is_sample=True)
    make_event(country="MT", city="Valletta", zone="Europe/Malta")
    for edition in (2024, 2025):
        reported = {"source_url": f"https://example.org/{edition}", "start_time": None, "languages": ""}
        make_event(place=berlin, start_date=date(edition, 12, 30), **reported)
    for day in range(1, 31):
        make_event(country="TR", city="Iğdır", zone="Europe/Istanbul", start_date=date(2026, 12, day))


def make_own_events() -> dict[str, Event]:
    """Those of one organiser: to be confirmed, to be answered, with a proposed change, cancelled, and merged."""
    first, second = (images.store(images.clean(pictures.photo())) for _picture in range(2))
    picture = {"image": first, "image_alt": "Musicians on a stage", "image_width": 640, "image_height": 480}
    own = {"contact_email": OWNER, "place": make_city()}
    events = {
        "unconfirmed": make_event(**own, status=Status.UNCONFIRMED),
        "returned": make_event(**own, **rich_fields(), **picture, status=Status.RETURNED),
        "proposed": make_event(**own, **rich_fields(), **picture),
        "cancelled": make_event(**own, condition="cancelled"),
        "merged": make_event(**own, status=Status.WITHDRAWN, merged_into=make_event(title="Böyük axşam")),
    }
    Step.objects.create(
        event=events["merged"], verb="merge", status=Status.WITHDRAWN, version=1, by=make_moderator(), reason="Sentinel"
    )
    note = {"by": make_moderator(), "reason": "Is the hall open on that day?\n\nPlease look."}
    Step.objects.create(event=events["returned"], verb="return", status=Status.RETURNED, version=1, **note)
    changes = {"title": "Böyük axşam", "description": "- tea\n- music", "image": second}
    Amendment.objects.create(event=events["proposed"], changes=changes, image=second, base=1, sent_at=timezone.now())
    return events


def rich_fields() -> dict[str, object]:
    """All that an organiser can fill in."""
    return {
        "title": "Həmrəylik gecəsi: muğam & çay",
        "description": "An *evening* with **mugham**.\n\n- tea\n- [a list](https://example.org/)\n\nCome!",
        "organiser": "Sample Association; Beispielverein",
        "supporters": "Sample Foundation",
        "public_contact": "info@example.org",
        "website": "https://example.org/evening",
        "registration_url": "https://example.org/registration",
        "admission": "registration",
        "venue": "Haus der Beispiele",
        "address": "Beispielstraße 12",
        "start_date": date(2026, 12, 31),
        "end_date": date(2027, 1, 1),
        "end_time": time(2, 0),
    }
