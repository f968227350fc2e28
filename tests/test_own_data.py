"""All that is kept of an organiser is theirs to take along, and to delete."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from post_office.models import Email

from events import access, images, moderation
from events.models import Event, Link, Status
from tests import pictures
from tests.factories import make_moderator
from tests.organisers import (
    ADDRESS,
    organiser,
    propose,
    read_tables,
)
from tests.organisers import make_own_event as make_event
from tests.test_leaks import store_picture

pytestmark = pytest.mark.django_db


def downloaded(client):
    archive = zipfile.ZipFile(io.BytesIO(client.get("/en/my-events/data/").content))
    return json.loads(archive.read("events.json")), archive.namelist()


def test_all_that_is_kept_of_a_person_is_theirs_to_take_along():
    event = make_event(
        contact_name="Sample Person", venue="Sample House", latitude=0.0, longitude=0.0, **store_picture()
    )
    moderation.cancel(event, by=None, reason="The hall burnt.")
    new = SimpleUploadedFile("new.jpg", pictures.photo(), "image/jpeg")
    image = propose(event, title="Better evening", image=new).image
    make_event(title="Sentinel", contact_email="other@example.org")

    data, files = downloaded(organiser())

    assert (data["address"], len(data["events"]), len(data["letters"])) == (ADDRESS, 1, 1)
    found = data["events"][0]
    assert (found["contact_name"], found["venue"], found["latitude"]) == ("Sample Person", "Sample House", 0.0)
    assert found["history"][0]["reason"] == "The hall burnt."
    assert found["proposed_changes"]["title"] == "Better evening"
    assert {*files} == {"events.json", *(f"pictures/{event.pk}-{name}.jpg" for name in (event.image, image))}
    assert "Sentinel" not in json.dumps(data)


def test_what_moderators_write_for_themselves_is_not_in_the_download():
    event = make_event(status=Status.PENDING)
    moderation.spam(event, by=make_moderator("DE"), reason="Sentinel reason")

    data, _files = downloaded(organiser())

    assert [step["what"] for step in data["events"][0]["history"]] == ["decline"]
    assert "Sentinel" not in json.dumps(data)


@pytest.mark.parametrize("loss", ["the file", "the name"])
def test_a_picture_that_is_lost_keeps_nobody_from_the_rest(loss):
    event = make_event(**store_picture())
    if loss == "the file":
        images.delete(event.image)
    else:
        Event.objects.update(image="x")

    data, files = downloaded(organiser())

    assert (data["events"][0]["title"], files) == (event.title, ["events.json"])


def test_deleting_needs_the_box_to_be_ticked():
    make_event(title="Sample evening")
    inside = organiser()
    assert "Sample evening" in inside.get("/en/my-events/delete/").text

    answer = inside.post("/en/my-events/delete/")

    assert "Nothing is deleted yet" in answer.text
    assert Event.objects.exists()


@pytest.fixture
def traces():
    """A person of whom all is kept that can be: two events of theirs."""
    shown = make_event(contact_email="Private@example.org", **store_picture())
    returned = make_event(status=Status.PENDING, contact_name="Sample Person")
    moderation.return_(returned, by=make_moderator("DE"), reason="Is the hall open?")
    moderation.cancel(shown, by=None)
    access.make_confirmation(shown, now=shown.created_at)
    propose(shown, title="Better evening", image=SimpleUploadedFile("new.jpg", pictures.photo(), "image/jpeg"))
    Client().post("/en/my-events/", {"contact_email": ADDRESS})
    return shown, returned


def test_deleting_leaves_no_trace_of_a_person(traces):
    other = make_event(contact_email="other@example.org", **store_picture())
    inside, elsewhere = organiser(), organiser()
    words = (ADDRESS, "sample person", "is the hall open?", "better evening")
    assert all(word in read_tables().lower() for word in words)
    assert len(default_storage.listdir("pictures")[0]) == 3

    answer = inside.post("/en/my-events/delete/", {"is_sure": "on"}, follow=True)

    assert "All your data is deleted" in answer.text
    assert not any(word in read_tables().lower() for word in words)
    assert default_storage.listdir("pictures")[0] == [other.image]
    assert (Event.objects.get(), Email.objects.count(), Link.objects.count()) == (other, 0, 0)
    assert not inside.cookies["sessionid"].value
    assert "Registered with" not in elsewhere.get("/en/my-events/").text


def test_what_was_deleted_is_behind_no_public_door(traces):
    visitor = Client()
    doors = [traces[0].get_absolute_url(), f"/events/{traces[0].pk}.ics"]
    lists = ["/en/", "/en/countries/de/", "/en/events/"]
    assert [visitor.get(door).status_code for door in doors] == [200, 200]
    assert all(traces[0].title in visitor.get(page).text for page in lists)

    organiser().post("/en/my-events/delete/", {"is_sure": "on"})

    assert [visitor.get(door).status_code for door in doors] == [404, 404]
    assert not any(traces[0].title in visitor.get(page).text for page in lists)


def test_a_picture_that_somebody_elses_event_shares_stays():
    picture = store_picture()
    make_event(**picture)
    make_event(contact_email="other@example.org", **picture)

    organiser().post("/en/my-events/delete/", {"is_sure": "on"})

    assert default_storage.exists(f"pictures/{picture['image']}/480.avif")
