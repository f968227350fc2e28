"""What pages weigh on the way to a browser that never was here, with the events of a large edition."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from events import images, moderation
from events.geo import cities
from events.management.commands import loadcities
from events.models import City, Event, Status
from events.samples.invention import find_places, invent, read
from tests import pictures
from tests.browser.conftest import site_alone
from tools.transfer import measure_transfer, weigh

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS, COUNTRIES = 500, 70


@pytest.fixture
def live_server(settings, tmp_path):
    """The site with its static files compressed, as `collectstatic` does it for the public."""
    settings.STATIC_ROOT = tmp_path / "static"
    files = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # without the desk's
    settings.STORAGES = settings.STORAGES | {"staticfiles": files}
    call_command("collectstatic", interactive=False, verbosity=0)
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = site_alone
    server.start()
    yield server
    server.stop()


@pytest.fixture
def events():
    """Samples in the cities that they are invented for, every third with a picture; all published, none marked."""
    wanted = {part.partition("=")[0] for row in read("countries").values() for part in row[2].split(", ")}
    City.objects.bulk_create(loadcities.row(city, version="") for city in cities.read() if city.name in wanted)
    places = find_places()
    invented = [invent(number, seed=31, edition=2026, places=places).event for number in range(EVENTS)]
    name = images.store(images.clean(pictures.photo()))
    for event in invented:
        event.is_sample = False
    for event in invented[::3]:
        event.image, event.image_alt, event.image_width, event.image_height = name, "Musicians", 640, 480
    moderation.add_all(invented, status=Status.PUBLISHED)
    assert len({event.country for event in invented}) >= COUNTRIES


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_home_page_of_a_large_edition_comes_in_70_kilobytes_and_8_requests(page, events):
    answers = measure_transfer(page, reverse("home"))

    assert len(answers) <= 8, answers
    assert weigh(answers) <= 70_000, answers


def test_event_page_without_its_picture_comes_in_30_kilobytes(page, events):
    event = Event.objects.published().exclude(image="").order_by("id").first()

    answers = measure_transfer(page, event.get_absolute_url())

    assert weigh(answers, has_pictures=False) <= 30_000, answers
