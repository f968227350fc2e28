"""What must never leave by any public door: private addresses, hidden places, events that are not published."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from events import access, images, moderation
from events.models import Status
from events.urls import files, pages
from tests import pictures
from tests.factories import make_city, make_event, make_moderator

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
    "event-short": [],  # asked for each event
    "event": [],
    "picture": [],
    "submit": ["", "?country=DE"],
    "sent": [""],
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
    """All that a visitor can read by addresses that are not an event's own, in every language."""
    for name in DOORS:
        for address in addresses(name):
            for language in LANGUAGES:
                yield visitor.get(address.replace("/en/", f"/{language}/")).content.decode()


def test_every_public_address_is_in_the_list_of_doors():
    assert {path.name for path in (*files, *pages)} == DOORS.keys()


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_an_event_that_is_not_published_is_behind_no_door(status):
    make_city(name="Sentineltown", id=1, search="|sentineltown|")
    event = make_event(
        title="Sentinel evening",
        description="Sentinel",
        organiser="Sentinel Association",
        city="Sentineltown",
        status=status,
        **PRIVATE,
    )
    make_event(title="Shown")
    visitor = Client()

    for page in everything_public(visitor):
        assert "Sentinel " not in page
        assert "sentinel@" not in page
    assert visitor.get(event.get_absolute_url()).status_code == 404
    for address in (f"/en/events/{event.pk}/", f"/ru/events/{event.pk}/guessed/"):
        response = visitor.get(address)
        assert response.status_code == 404, address
        assert "entinel" not in response.text
        assert "entinel" not in response.headers.get("Location", "")


@pytest.mark.parametrize("visibility", ["city_only", "on_request"])
def test_a_hidden_address_is_behind_no_door_not_even_as_a_hit_of_the_search(visibility):
    position = {"latitude": 52.4242424, "longitude": 13.4343434}
    event = make_event(title="Shown evening", address_visibility=visibility, **HIDDEN, **PRIVATE, **position)
    visitor = Client()

    for page in [*everything_public(visitor), visitor.get(event.get_absolute_url()).text]:
        assert "entinelvenue" not in page
        assert "entinelname" not in page
        assert "sentinel@" not in page
        assert "52.42424" not in page
        assert "13.43434" not in page
    assert "Shown evening" in visitor.get("/en/events/?q=shown").text
    for words in ("sentinelvenue", "sentinelstreet", "sentinel@example.org", "sentinelname"):
        assert "Shown evening" not in visitor.get("/en/events/", {"q": words}).text


def test_a_public_address_is_shown_and_found():
    event = make_event(title="Shown evening", **HIDDEN)

    assert "Sentinelvenue" in Client().get(event.get_absolute_url()).text
    assert "Shown evening" in Client().get("/en/events/?q=sentinelstreet").text


@pytest.mark.parametrize("status", Status)
def test_a_picture_is_shown_to_whoever_may_see_its_event(status):
    name = images.store(images.clean(pictures.photo()))
    make_event(status=status, image=name, image_alt="Sample", image_width=640, image_height=480)
    address = reverse("picture", args=[name, 480, "avif"])
    is_public = status == Status.PUBLISHED

    seen = {}
    for who in (None, make_moderator(), make_moderator("FR"), make_moderator("DE")):
        client = Client()
        if who:
            client.force_login(who)
        response = client.get(address)
        seen[who] = response.status_code
        if response.status_code == 200:
            assert (b"ftypavif" in response.getvalue(), "public" in response["Cache-Control"]) == (True, is_public)

    assert list(seen.values()) == ([200] * 4 if is_public else [404, 404, 404, 200])


def test_an_organisers_key_opens_their_own_picture_alone_and_for_an_hour(clock):
    own, other = (images.store(images.clean(pictures.photo())) for _picture in range(2))
    for name in (own, other):
        make_event(status=Status.PENDING, image=name, image_alt="Sample", image_width=640, image_height=480)
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
    name = images.store(images.clean(pictures.photo()))
    make_event(image=name, image_alt="Sample", image_width=640, image_height=480)

    for width, extension in [(481, "avif"), (480, "png"), (99999999999999, "avif"), (480, "part")]:
        assert Client().get(reverse("picture", args=[name, width, extension])).status_code == 404
    assert default_storage.exists(f"pictures/{name}/480.avif")


def test_a_withdrawn_event_that_was_public_is_gone_and_says_nothing():
    event = make_event(title="Sentinel evening", status=Status.PENDING)
    moderation.publish(event, by=make_moderator("DE"))
    moderation.withdraw(event)

    response = Client().get(f"/en/events/{event.pk}/")
    assert (response.status_code, "entinel" in response.text) == (410, False)


def test_a_visitor_gets_no_cookie_and_pages_do_not_depend_on_one():
    event = make_event()
    visitor = Client()
    paths = [address for name in DOORS for address in addresses(name)]

    for address in [*paths, event.get_absolute_url(), "/en/nothing/"]:
        response = visitor.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.headers.get("Vary", ""), address
        assert "csrfmiddlewaretoken" not in response.text, address
