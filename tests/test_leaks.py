"""What must never leave by any public door: private addresses, hidden places, events that are not published."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from events import access, images, moderation
from events.models import Event, Status
from events.urls import files, pages, private_pages
from tests import pictures
from tests.factories import make_city, make_event, make_moderator
from tests.organisers import private_addresses
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

LANGUAGES = ["az", "en", "ru", "tr"]
HIDDEN = {"venue": "Sentinelvenue", "address": "Sentinelstreet 5"}
PRIVATE = {"contact_email": "sentinel@example.org", "contact_name": "Sentinelname"}
UNPUBLISHED = [status for status in Status if status != Status.PUBLISHED]

# Every public door with what to ask there. A new address in events/urls.py fails the test below until it is here.
DOORS = {
    "root": [""],
    "home": [""],
    "events": ["", "?q=sentinel", "?q=sentinelstreet", "?country=DE", "?city=Sentineltown", "?edition=2025", "?page=2"],
    "country": ["de", "fr"],
    "event-short": [],  # these are asked for each event
    "event": [],
    "report": [],
    "report-sent": [],
    "picture": [],  # asked for an event's own picture
    "calendar": [],
    "around-the-clock": [""],
    "editions": [""],
    "edition": ["2025", "2024"],
    "about": [""],
    "guide": [""],
    "privacy": [""],
    "submit": ["", "?country=DE"],
    "sent": [""],
    "confirmed": [""],
    "cities": ["", "?country=DE&q=sentinel"],
    "confirm": ["nonsense"],
    "robots": [""],
    "live": [""],
    "ready": [""],
}


def addresses(name):
    for asked in DOORS[name]:
        if asked.startswith("?") or not asked:
            yield reverse(name) + asked
        else:
            yield reverse(name, args=[asked])


def everything_public(visitor):
    """All that a visitor can read by addresses that are not an event's own, in every language; and what is private."""
    for name in DOORS:
        for address in addresses(name):
            for language in LANGUAGES:
                yield visitor.get(address.replace("/en/", f"/{language}/")).content.decode()
    for event in Event.objects.all():
        for address in private_addresses(event).values():
            yield visitor.get(address).content.decode()


def doors_of(event):
    """The addresses that are an event's own, by the name of their door."""
    doors = {
        "event-short": reverse("event-short", args=[event.pk]),
        "event": event.get_absolute_url(),
        "report": reverse("report", args=[event.pk]),
        "report-sent": reverse("report-sent", args=[event.pk]),
        "calendar": reverse("calendar", args=[event.pk]),
    }
    return doors | ({"picture": reverse("picture", args=[event.image, 480, "avif"])} if event.image else {})


def store_picture():
    """A stored picture, as the fields of the event that it belongs to."""
    name = images.store(images.clean(pictures.photo()))
    return {"image": name, "image_alt": "Sample", "image_width": 640, "image_height": 480}


def values_of(attribute, page):
    """All values of an attribute on a page, in their order."""
    return re.findall(rf'\b{attribute}="([^"]*)"', page)


def test_every_public_address_is_in_the_list_of_doors():
    public = [path for path in (*files, *pages) if path not in private_pages]

    assert {path.name for path in public} == DOORS.keys()


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_an_event_that_is_not_published_is_behind_no_door(status):
    sentinel = {
        "title": "Sentinel evening",
        "description": "Sentinel words",
        "organiser": "Sentinel Association",
        "city": "Sentineltown",
        "place": make_city(name="Sentineltown", id=1),
        "status": status,
        **PRIVATE,
    }
    event = make_event(**sentinel)
    make_event(**sentinel, start_date=date(2025, 12, 27))
    shown = make_event(title="Shown")
    visitor = Client()

    own = [unquote(visitor.get(doors_of(shown)[name]).text) for name in ("event", "calendar", "report")]
    for page in [*everything_public(visitor), *own]:
        assert "Sentinel " not in page
        assert "sentinel@" not in page
    assert visitor.get(event.get_absolute_url()).status_code == 404
    assert "entinel" not in visitor.get(doors_of(event)["report-sent"]).text  # which is the same for all
    short, guessed = f"/en/events/{event.pk}/", f"/ru/events/{event.pk}/guessed/"
    for address in (short, guessed, doors_of(event)["report"], doors_of(event)["calendar"]):
        response = visitor.get(address)
        assert response.status_code == 404, address
        assert "entinel" not in response.text
        assert "entinel" not in response.headers.get("Location", "")


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_an_event_that_is_not_published_lights_nothing_and_is_not_counted(status):
    make_event(city="Shownville")
    make_event(city="Sentineltown", place=make_city(name="Sentineltown", id=1), status=status)
    make_event(city="Sentinelburg", start_date=date(2025, 12, 27), status=status)
    paris = make_city(name="Paris", id=2, country="FR", latitude=48.85, longitude=2.35)
    make_event(country="FR", city="Paris", place=paris, status=status)
    home, germany, france = (Client().get(f"/en/{path}").text for path in ("", "countries/de/", "countries/fr/"))

    assert values_of("data-city", home) == values_of("data-city", germany) == ["Shownville"]
    assert [*values_of("data-ember", home), *values_of("data-ember", germany)] == []
    countries = dict(zip(values_of("data-country", home), values_of("data-events", home), strict=True))
    assert {code: number for code, number in countries.items() if number != "0"} == {"DE": "1"}
    assert re.findall(r"<dd>(\d+)</dd>", home)[:3] == ["1", "1", "1"]  # events, countries, cities
    # On the links to the world and to Europe, and in the list of countries
    assert re.findall(r"<b>(\d+)</b>", home) == ["1", "1", "1"]
    assert '<p class="lead">1 event</p>' in germany
    assert '<p class="lead">0 events</p>' in france
    assert "entinel" not in home + germany
    assert values_of("data-city", france) == values_of("data-event", france) == []
    for query, number in {"": "1 event", "?country=FR": "0 events", "?edition=2025": "0 events"}.items():
        assert f"<h2>{number} found</h2>" in Client().get(f"/en/events/{query}").text, query


@pytest.mark.parametrize("visibility", ["city_only", "on_request"])
def test_a_hidden_address_is_behind_no_door_not_even_as_a_hit_of_the_search(visibility):
    position = {"latitude": 52.4242424, "longitude": 13.4343434}
    event = make_event(title="Shown evening", address_visibility=visibility, **HIDDEN, **PRIVATE, **position)
    visitor = Client()

    own = [unquote(visitor.get(doors_of(event)[name]).text) for name in ("event", "calendar", "report")]
    for page in [*everything_public(visitor), *own, own[1].replace("\r\n ", "")]:
        assert "entinelvenue" not in page
        assert "Sentinelstreet" not in page  # in small letters it is what the visitor asked for
        assert "entinelname" not in page
        assert "sentinel@" not in page
        assert "52.42424" not in page
        assert "13.43434" not in page
    assert "Shown evening" in visitor.get("/en/events/?q=shown").text
    for words in ("sentinelvenue", "sentinelstreet", "sentinel@example.org", "sentinelname"):
        assert "Shown evening" not in visitor.get("/en/events/", {"q": words}).text


def test_a_public_address_is_shown_and_found():
    event = make_event(title="Shown evening", **HIDDEN)

    page = Client().get(event.get_absolute_url()).text
    assert "Sentinelvenue" in page
    assert "Sentinelstreet 5" in page
    assert "Shown evening" in Client().get("/en/events/?q=sentinelstreet").text


@pytest.mark.parametrize("status", Status)
def test_a_picture_is_shown_to_whoever_may_see_its_event(status):
    address = doors_of(make_event(status=status, **store_picture()))["picture"]
    is_public = status == Status.PUBLISHED

    seen = {}
    for who in (None, make_moderator(), make_moderator("FR"), make_moderator("DE")):
        client = Client()
        if who:
            sign_in(client, who)
        response = client.get(address)
        seen[who] = response.status_code
        if response.status_code == 200:
            assert (b"ftypavif" in response.getvalue(), "public" in response["Cache-Control"]) == (True, is_public)

    assert list(seen.values()) == ([200] * 4 if is_public else [404, 404, 404, 200])


def test_an_organisers_key_opens_their_own_picture_alone_and_for_an_hour(clock):
    own, other = (make_event(status=Status.PENDING, **store_picture()).image for _event in range(2))
    key = access.make_picture_key(own)

    def status_of(name):
        response = Client().get(reverse("picture", args=[name, 480, "avif"]), {"key": key})
        return response.status_code, b"ftypavif" in response.getvalue()

    assert (status_of(own), status_of(other)) == ((200, True), (404, False))
    clock.shift(3601)
    assert status_of(own) == (404, False)


@pytest.mark.parametrize("address", ["x-480.avif", "../settings-480.avif", f"{'0' * 32}-480.avif", "%2e%2e-1.avif"])
def test_nothing_but_pictures_comes_out_of_the_picture_door(address):
    assert Client().get(f"/pictures/{address}").status_code == 404


def test_a_picture_in_a_width_that_was_never_made_is_not_found():
    name = make_event(**store_picture()).image

    for width, extension in [(481, "avif"), (480, "png"), (99999999999999, "avif"), (480, "part")]:
        assert Client().get(reverse("picture", args=[name, width, extension])).status_code == 404
    assert default_storage.exists(f"pictures/{name}/480.avif")


def test_a_withdrawn_event_that_was_public_is_gone_and_says_nothing():
    event = make_event(title="Sentinel evening", status=Status.PENDING)
    moderation.publish(event, by=make_moderator("DE"))
    moderation.withdraw(event, by=None)

    response = Client().get(f"/en/events/{event.pk}/")
    assert (response.status_code, "entinel" in response.text) == (410, False)


def test_a_visitor_gets_no_cookie_and_pages_do_not_depend_on_one():
    own = doors_of(make_event(**store_picture()))
    paths = [address for name in DOORS for address in addresses(name)]
    visitor = Client()

    assert own.keys() == {name for name in DOORS if not DOORS[name]}
    assert b"ftypavif" in visitor.get(own["picture"]).getvalue()
    for address in private_addresses(make_event()).values():  # they ask for a cookie, and so depend on it
        response = visitor.get(address)
        assert not response.cookies, address
        assert b"csrfmiddlewaretoken" not in response.getvalue(), address
    for address in [*paths, *own.values(), "/en/nothing/"]:
        response = visitor.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address
        assert b"csrfmiddlewaretoken" not in response.getvalue(), address


@pytest.mark.parametrize("cookie", ["x", "", "0123456789abcdef0123456789abcdef"])
def test_a_broken_cookie_changes_nothing_on_a_public_page(cookie):
    visitor = Client()
    visitor.cookies["sessionid"] = cookie
    for address in ("/en/", doors_of(make_event())["event"], "/en/nothing/"):
        response = visitor.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address
