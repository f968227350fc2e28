"""Every address of the desk, and what five kinds of people find behind it. A new one fails here until it is listed."""

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.serializers import serialize
from django.test import Client
from django.urls import URLResolver, get_resolver
from django_otp.plugins.otp_totp.models import TOTPDevice
from post_office.models import Email

from events import amendments, images, merging, moderation, outbox, reports, trust
from events.models import Directory, Event, Moderator, Reason, Status, Trust, apply_changes
from tests import pictures
from tests.factories import make_event, make_moderator
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

CHIEF, OWN, FOREIGN, NOBODY, OUT = "superuser", "own country", "foreign country", "no country", "signed out"
PEOPLE = (CHIEF, OWN, FOREIGN, NOBODY, OUT)
SIGN_IN = {302}  # led to the sign-in


class Door(NamedTuple):
    """`path` goes on behind /admin/; in braces stand rows of `find_rows`. Then the statuses of each of PEOPLE's GET."""

    path: str
    found: tuple[set[int], set[int], set[int], set[int], set[int]]


def everybody(path: str, *, status: int = 200) -> Door:
    """What any member of staff may see."""
    return Door(path, ({status}, {status}, {status}, {status}, SIGN_IN))


def events(path: str) -> Door:
    """Of no event alone: everybody with a country sees it, with what is theirs."""
    return Door(path, ({200}, {200}, {200}, {403}, SIGN_IN))


def one_event(path: str, *, status: int = 200) -> Door:
    return Door(path, ({status}, {status}, {404}, {403, 404}, SIGN_IN))


def superusers(path: str, *, status: int = 200) -> Door:
    return Door(path, ({status}, {403}, {403}, {403}, SIGN_IN))


def nobody(path: str, *, status: int = 403) -> Door:
    """What is not done there by anybody."""
    return Door(path, ({status}, {403, 404}, {403, 404}, {403, 404}, SIGN_IN))


def open_to_all(path: str, *statuses: int) -> Door:
    return Door(path, (set(statuses),) * 5)


def section(
    name: str, row: str, *, home: int = 200, add: int = 200, change: int = 200, delete: int = 200
) -> dict[str, Door]:
    """The six addresses that Django's admin has for a model that only superusers see."""
    home_status, home = home, f"{name}/"
    return {
        home: superusers(home, status=home_status),
        f"{home}add/": superusers(f"{home}add/", status=add),
        f"{home}<path:object_id>/": everybody(f"{home}{{{row}}}/", status=302),
        f"{home}<path:object_id>/change/": superusers(f"{home}{{{row}}}/change/", status=change),
        f"{home}<path:object_id>/history/": superusers(f"{home}{{{row}}}/history/"),
        f"{home}<path:object_id>/delete/": superusers(f"{home}{{{row}}}/delete/", status=delete),
    }


DOORS = {
    "": everybody(""),
    "login/": open_to_all("login/", 200, 302),
    "logout/": open_to_all("logout/", 405),  # it is pressed
    "password_change/": everybody("password_change/"),
    "password_change/done/": everybody("password_change/done/"),
    "jsi18n/": everybody("jsi18n/"),
    "autocomplete/": nobody("autocomplete/"),
    # The short cut from a number to a page would tell the name in the address that it leads to.
    "r/<path:path>": open_to_all("r/{kind}/{event}/", 404),
    "r/<path:content_type_id>/<path:object_id>/": open_to_all("r/{kind}/{event}/", 404),
    "second-factor/": everybody("second-factor/", status=302),  # passed already
    "language/": open_to_all("language/", 405),
    "(of an application)": Door("events/", ({200}, {200}, {200}, {404}, SIGN_IN)),
    "(?P<url>.*)$": Door("nothing/", ({404}, {404}, {404}, {404}, SIGN_IN)),
    # Events
    "events/event/": events("events/event/"),
    "events/event/add/": nobody("events/event/add/"),
    "events/event/<path:object_id>/": everybody("events/event/{event}/", status=302),
    "events/event/<path:object_id>/change/": one_event("events/event/{event}/change/"),
    "events/event/<path:object_id>/history/": one_event("events/event/{event}/history/"),
    "events/event/<path:object_id>/delete/": nobody("events/event/{event}/delete/"),
    "events/event/<int:pk>/preview/": one_event("events/event/{event}/preview/"),
    "events/event/<int:pk>/merge/<int:other>/": one_event("events/event/{event}/merge/{double}/"),
    "events/event/bulk/": Door(
        "events/event/bulk/", ({302, 405}, {302, 405}, {302, 405}, {403}, SIGN_IN)
    ),  # a form is sent
    "events/event/export/<str:format>/": events("events/event/export/csv/"),
    "events/event/import/": events("events/event/import/"),
    "events/event/import/example.csv": events("events/event/import/example.csv"),
    # Trusted organisers
    "events/trust/": events("events/trust/"),
    "events/trust/add/": nobody("events/trust/add/"),
    "events/trust/<path:object_id>/": everybody("events/trust/{trust}/", status=302),
    "events/trust/<path:object_id>/change/": one_event("events/trust/{trust}/change/"),
    "events/trust/<path:object_id>/history/": one_event("events/trust/{trust}/history/"),
    "events/trust/<path:object_id>/delete/": one_event("events/trust/{trust}/delete/"),
    # What is common to all
    **section("auth/user", "user"),
    "auth/user/<id>/password/": superusers("auth/user/{user}/password/"),
    **section("events/directory", "directory", home=302, add=403, delete=403),
    **section("events/moderator", "moderator"),
    **section("events/reason", "reason"),
    **section("post_office/email", "letter", add=403, delete=403),
}


def routes_of(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for part in resolver.url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from routes_of(part, route)
        else:
            yield "admin/(of an application)" if "(?P<app_label>" in route else route


def test_every_address_of_the_desk_is_listed():
    routes = {route.removeprefix("admin/") for route in routes_of(get_resolver()) if route.startswith("admin/")}

    assert routes - DOORS.keys() == set()
    assert DOORS.keys() - routes == set()


# The rows: some in Germany, which are asked for, and their like in France, with words that nobody else may read

SENTINEL = "entinel"  # of Sentinel and sentinel
FRANCE = {"country": "FR", "city": "Sentinelville", "zone": "Europe/Paris", "contact_email": "sentinel@example.org"}
FRANCE |= {"contact_name": "Sentinelname", "organiser": "Sentinel Association", "venue": "Sentinelhouse"}


def store_picture():
    name = images.store(images.clean(pictures.photo()))
    return {"image": name, "image_alt": "Sentinel picture", "image_width": 640, "image_height": 480}


def plant(chief, **fields):
    """Events in all that can happen to them, and what hangs on them. Returns one that waits and one like it."""
    waiting = make_event(**fields, title="Sentinel waits", status=Status.PENDING)
    double = make_event(**fields, title="Sentinel waits", description="Sentinelwords http://example.org/sentinel")
    returned = make_event(**fields, title="Sentinel returned", status=Status.PENDING)
    moderation.return_(returned, by=chief, reason="Sentinelnote")
    proposed = make_event(**fields, title="Sentinel public")
    wanted = apply_changes(proposed, {"title": "Sentinel proposed", "venue": "Sentinelroom"})
    amendments.propose(proposed, wanted, version=1, proposal=0, reason="Sentinelwish")
    reported = make_event(**fields, title="Sentinel reported")
    reports.add(reported, subject="wrong", text="Sentinelreport")
    merged = make_event(**fields, title="Sentinel merged", status=Status.PENDING)
    merging.merge(merged, by=chief, into=double)
    for status in (Status.DECLINED, Status.UNCONFIRMED, Status.WITHDRAWN):
        make_event(**fields, title=f"Sentinel {status}", status=status)
    trust.grant(double, by=chief)
    return waiting, double


@pytest.fixture
def chief():
    return User.objects.create_superuser("chief", "chief@example.org", "sample")


@pytest.fixture
def rows(chief):
    """What stands in braces in the addresses."""
    waiting = make_event(title="Shown waits", status=Status.PENDING)
    double = make_event(title="Shown waits")
    trust.grant(double, by=chief)
    outbox.add("shown@example.org", subject="Shown", message="Shown")
    return {
        "event": waiting.pk,
        "double": double.pk,
        "kind": ContentType.objects.get_for_model(Event).pk,
        "trust": Trust.objects.get().pk,
        "reason": Reason.objects.first().pk,
        "letter": Email.objects.get().pk,
        "user": chief.pk,
        "moderator": Moderator.objects.create(user=User.objects.create(username="other"), countries=["DE"]).pk,
        "directory": Directory.objects.get().pk,
    }


@pytest.fixture
def browsers(chief):
    """A signed-in browser of each of PEOPLE, asked about events in Germany."""
    users = {CHIEF: chief, OWN: make_moderator("DE"), FOREIGN: make_moderator("FR"), NOBODY: make_moderator()}
    return {who: sign_in(Client(), user) for who, user in users.items()} | {OUT: Client()}


def snapshot():
    """All rows that a moderator could change; not who has what open, and how often somebody tried."""
    models = [*apps.get_app_config("events").get_models(), User, TOTPDevice]
    passing = {"claim", "bucket"}
    return {
        model._meta.model_name: serialize("json", model.objects.order_by("pk"))
        for model in models
        if model._meta.model_name not in passing
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_finds_behind_each_door_what_is_theirs(who, rows, browsers):
    answers = {route: browsers[who].get("/admin/" + door.path.format(**rows)) for route, door in DOORS.items()}

    place = PEOPLE.index(who)
    statuses = {route: answer.status_code for route, answer in answers.items()}
    assert {route: found for route, found in statuses.items() if found not in DOORS[route].found[place]} == {}
    if who in {FOREIGN, NOBODY, OUT}:
        assert [route for route, answer in answers.items() if "Shown waits" in read(answer)] == []


@pytest.mark.parametrize("who", [OWN, FOREIGN, NOBODY])
def test_a_number_that_was_never_given_out_is_answered_like_a_foreign_one(who, rows, browsers):
    never = {**rows, "event": 999_999, "double": 999_998}
    stranger = browsers[FOREIGN if who == OWN else who]
    for door in DOORS.values():
        if "{event}" in door.path:
            unknown = browsers[who].get("/admin/" + door.path.format(**never))
            assert unknown.status_code == stranger.get("/admin/" + door.path.format(**rows)).status_code, door.path


DECIDING = {
    "events/event/",
    "events/event/<path:object_id>/change/",
    "events/event/<int:pk>/merge/<int:other>/",
    "events/event/bulk/",
    "events/trust/",
    "events/trust/<path:object_id>/delete/",
}


def forgeries(rows):
    """What a browser could be made to send, whatever the address."""
    fields = {"status": "published", "country": "FR", "title": "Forged", "contact_email": "forged@example.org"}
    fields |= {"version": "1", "reason": "Forged", "condition": "cancelled", "merged_into": rows["double"]}
    chosen = {"_selected_action": rows["event"], "event": f"{rows['event']}:1", "select_across": "1", "index": "0"}
    yield fields | {"_save": "x"}
    for button in ("_publish", "_decline", "_spam", "_cancel", "_trust", "_merge", "_keep"):
        yield fields | {button: "x"}
    for action in ("publish", "decline", "spam", "delete_selected", "end"):
        yield fields | chosen | {"action": action, "post": "yes"}
    for verb in ("publish", "_publish", "spam", "_spam"):
        yield fields | chosen | {"verb": verb, "button": verb}


@pytest.mark.parametrize("who", [FOREIGN, NOBODY, OUT])
def test_whatever_strangers_send_there_changes_nothing(who, rows, browsers):
    before = snapshot()

    for route, door in DOORS.items():
        if route in {"logout/", "password_change/"}:  # their own
            continue
        # Where no event is decided, all of it at once.
        all_at_once = [{name: value for sent in forgeries(rows) for name, value in sent.items()}]
        for sent in forgeries(rows) if route in DECIDING else all_at_once:
            answer = browsers[who].post("/admin/" + door.path.format(**rows), sent)
            assert answer.status_code < 500, (route, sent)
            assert "Shown waits" not in answer.text, (route, sent)
        assert [name for name, rows in snapshot().items() if rows != before[name]] == [], route


@pytest.mark.parametrize("field", ["country", "status", "version", "title", "condition", "contact_email"])
@pytest.mark.parametrize("button", ["", "_save", "_publish", "_spam"])
def test_a_moderator_cannot_send_a_field_along_with_a_decision(rows, browsers, field, button):
    forged = {"country": "FR", "status": "published", "version": "7", "title": "Forged", "condition": "cancelled"}
    forged["contact_email"] = "forged@example.org"
    before = Event.objects.values().get(pk=rows["event"])

    sent = {"version": "1", button: "x", field: forged[field]}
    browsers[OWN].post(f"/admin/events/event/{rows['event']}/change/", sent)

    after = Event.objects.values().get(pk=rows["event"])
    changed = {name for name in after if after[name] != before[name]}
    is_decided = button in {"_publish", "_spam"} and field != "version"
    assert changed == ({"status", "version"} if is_decided else set())


# What is reachable


def read(answer) -> str:
    """The text of an answer, of a workbook too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return unescape(content.decode(errors="replace"))


QUESTIONS = (
    "?q=Sentinel",
    "?q=sentinel@example.org",
    "?q=Paris",
    "?country=FR",
    "?city=Sentinelville",
    "?state=all",
    "?state=all&country=FR",
    "?state=pending&q=sentinel",
    "?e=1",
    "?all=1",
    "?o=1.-2",
    "?country__exact=FR",
    "?contact_email__startswith=sentinel",
    "?organiser=Sentinel+Association",
    "?_facets=True",
    "?done={foreign}",
)


def crawl(browser: Client, start: list[str], *, most: int = 400) -> dict[str, str]:
    """All pages of the desk and pictures to which links lead, by address, but no second question of the same page."""
    found: dict[str, str] = {}
    waiting = [*start]
    while waiting:
        address = waiting.pop(0)
        if address in found:
            continue
        assert len(found) < most, "the desk has no end"
        answer = browser.get(address)
        assert answer.status_code < 500, address
        found[address] = read(answer) + str(answer.headers)
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        for link in re.findall(r'(?:href|src|action)="([^"#]*)', found[address]):
            path = urljoin(address, link)
            is_ours = path.startswith(("/admin/", "/pictures/")) and not path.startswith("/admin/logout")
            there, here = urlsplit(path), urlsplit(address)
            if is_ours and not (there.query and here.query and there.path == here.path):
                waiting.append(path)
        if location := answer.headers.get("Location"):
            waiting.append(urljoin(address, location))
    return found


def test_nothing_of_another_country_appears_in_anything_a_moderator_can_reach(chief, rows):
    picture = store_picture()
    foreign, other = plant(chief, **FRANCE, **picture)
    make_event(title="Shown public")
    browser = sign_in(Client(), make_moderator("DE"))
    lists = [f"/admin/{path}" for path in ("", "events/event/", "events/event/export/csv/", "events/trust/")]
    doors = [f"/admin/{door.path.format(**rows)}" for door in DOORS.values()]
    numbers = {**rows, "event": foreign.pk, "double": other.pk}
    direct = [f"/admin/{door.path.format(**numbers)}" for door in DOORS.values() if "{event}" in door.path]
    asked = [address + question.format(foreign=foreign.pk) for address in lists for question in ("", *QUESTIONS)]
    pair = f"/admin/events/event/{rows['event']}/merge/{foreign.pk}/"

    found = crawl(
        browser,
        [
            *asked,
            *doors,
            *direct,
            pair,
            "/admin/events/event/export/xlsx/?state=all",
            f"/pictures/{picture['image']}-480.avif",
        ],
        most=3_000,
    )

    assert any("Shown waits" in page for page in found.values())
    assert any("Shown public" in page for page in found.values())
    words = (SENTINEL, picture["image"], "Paris")
    for address, page in found.items():
        # What was asked comes back in the field and in the links that ask the same again.
        answered = re.sub(r"[?&][^\"'<>\s]*|value=\"[^\"]*\"", "", page)
        for word in words:
            if word not in address:
                assert word not in answered, (address, answered[max(0, answered.find(word) - 200) :][:400])


def test_the_sentinels_are_there_for_whoever_may_see_them(chief, rows):
    plant(chief, **FRANCE, **store_picture())
    browser = sign_in(Client(), make_moderator("FR"))

    found = "\n".join(crawl(browser, ["/admin/", "/admin/events/event/?state=all"], most=1_000).values())

    for word in ("Sentinel waits", "sentinel@example.org", "Sentinelnote", "Sentinelreport", "Sentinelroom"):
        assert word in found, word


def test_a_change_of_countries_counts_at_the_next_request(rows):
    user = make_moderator("FR")
    browser = sign_in(Client(), user)
    address = f"/admin/events/event/{rows['event']}/change/"
    assert browser.get(address).status_code == 404

    Moderator.objects.filter(user=user).update(countries="DE")
    assert browser.get(address).status_code == 200

    Moderator.objects.filter(user=user).update(countries="")
    assert browser.get(address).status_code in {403, 404}


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_is_no_longer_on_the_staff_sees_nothing_at_the_next_request(rows, change):
    user = make_moderator("DE")
    browser = sign_in(Client(), user)

    User.objects.filter(pk=user.pk).update(**change)

    answer = browser.get("/admin/events/event/", follow=True)
    assert "Shown waits" not in answer.text
    browser.post(f"/admin/events/event/{rows['event']}/change/", {"_publish": "x", "version": 1})
    assert Event.objects.get(pk=rows["event"]).status == Status.PENDING


def test_a_forged_request_from_another_site_decides_nothing(rows):
    browser = sign_in(Client(enforce_csrf_checks=True), make_moderator("DE"))

    for path in ("{event}/change/", "{event}/merge/{double}/", "bulk/", "import/", ""):
        sent = {"_publish": "x", "version": 1, "action": "publish"}
        answer = browser.post("/admin/events/event/" + path.format(**rows), sent)
        assert answer.status_code == 403, path
    assert Event.objects.get(pk=rows["event"]).status == Status.PENDING
