"""What an organiser meets at the form: a good entry becomes one event, a bad one gets a word at the field and stays."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from post_office.models import Email

from events.models import Event, Link, Status
from tests import pictures
from tests.factories import make_city, submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def send(visitor, **fields):
    return visitor.post("/en/submit/", submission(**fields))


def upload(content, name="poster.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def errors_at(response, field):
    assert response.status_code == 200, response.headers.get("Location")
    assert not Event.objects.exists()
    return " ".join(map(str, response.context["form"].errors.get(field, [])))


def link_in(letter):
    return re.search(r"http://localhost(/\S+)", letter.message)[1]


# It goes well


def test_an_entry_becomes_an_unconfirmed_event_with_a_letter_and_a_step(visitor):
    response = send(visitor)

    assert response.headers["Location"] == "/en/submit/sent/"
    event = Event.objects.get()
    assert (event.status, event.title, event.contact_language) == (Status.UNCONFIRMED, "Həmrəylik gecəsi", "en")
    assert [step.verb for step in event.steps.all()] == ["submit"]
    assert Email.objects.get().to == ["private@example.org"]


def test_the_confirmation_letter_holds_nothing_that_was_typed(visitor):
    send(visitor, title="Buy cheap watches", contact_name="Watch Seller", organiser="Watches Ltd")

    letter = Email.objects.get()
    assert "atch" not in letter.subject + letter.message


def test_opening_the_link_changes_nothing_and_pressing_the_button_confirms_once(visitor):
    send(visitor)
    address = link_in(Email.objects.get())

    for _scanner in range(3):
        page = visitor.get(address)
        assert "Is this your event?" in page.text
        assert Event.objects.get().status == Status.UNCONFIRMED
    for _press in range(2):
        page = visitor.post(address, follow=True)
        assert page.redirect_chain == [("/en/submit/confirmed/", 302)]
        assert "is confirmed" in page.text

    event = Event.objects.get()
    assert event.status == Status.PENDING
    assert [step.verb for step in event.steps.all()] == ["submit", "confirm"]
    assert Email.objects.count() == 2


def test_a_wrong_or_old_link_is_explained(visitor, clock):
    send(visitor)
    address = link_in(Email.objects.get())
    assert visitor.get("/en/confirm/nonsense/").status_code == 404

    clock.move_to(datetime(2026, 12, 1, tzinfo=UTC))

    page = visitor.post(address)
    assert (page.status_code, Event.objects.get().status) == (404, Status.UNCONFIRMED)
    assert "This link is not valid" in page.text


def test_the_page_of_the_link_does_not_lead_on_with_its_address_and_posts_to_it_by_name(visitor):
    send(visitor, website="https://example.org/")
    address = link_in(Email.objects.get())

    page = visitor.get(address)

    assert f'action="{address}"' in page.text
    assert 'data-clean-address="/en/submit/sent/"' in page.text
    for answer in (page, visitor.post(address), visitor.get("/en/confirm/nonsense/")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_of_a_wrong_link_and_that_of_a_pressed_one_say_where_my_events_are(visitor):
    for page in ("/en/confirm/nonsense/", "/en/submit/confirmed/"):
        assert 'href="/en/my-events/"' in visitor.get(page).text


def test_the_database_does_not_know_the_token_of_a_link(visitor):
    send(visitor)
    token = link_in(Email.objects.get()).split("/")[3]

    assert token not in str(list(Link.objects.values()))


def test_sending_the_same_page_twice_makes_one_event(visitor):
    for _click in range(2):
        response = send(visitor)
        assert response.status_code == 302

    assert Event.objects.count() == Email.objects.count() == 1


def test_sending_again_with_another_picture_makes_another_event(visitor):
    for size, count in [((640, 480), 1), ((640, 480), 1), ((480, 640), 2)]:
        send(visitor, image=upload(pictures.photo(*size)), image_alt="Musicians")
        assert Event.objects.count() == count


def test_going_back_and_changing_the_entry_makes_another_event(visitor):
    send(visitor)
    send(visitor, title="Another evening")

    assert Event.objects.count() == 2


@pytest.mark.parametrize("status", ["returned", "declined", "withdrawn"])
def test_the_link_of_an_event_that_was_decided_says_nothing_of_it(visitor, status):
    send(visitor, title="Sentinel evening")
    Event.objects.update(status=status)

    page = visitor.get(link_in(Email.objects.get()))

    assert (page.status_code, "Sentinel" in page.text) == (404, False)


def test_the_link_of_a_published_event_leads_to_its_page(visitor):
    send(visitor)
    Event.objects.update(status="published")

    page = visitor.get(link_in(Email.objects.get()), follow=True)

    assert page.redirect_chain == [(Event.objects.get().get_absolute_url(), 302)]


@pytest.mark.parametrize("status", ["declined", "withdrawn", "returned"])
def test_what_was_decided_can_be_sent_anew(visitor, status):
    for count in (1, 2, 3):
        send(visitor)
        assert Event.objects.count() == count
        Event.objects.update(status=status)


def test_a_robot_that_fills_in_everything_is_thanked_and_forgotten(visitor):
    assert send(visitor, nickname="Robot").status_code == 302
    assert not Event.objects.exists()


def test_a_letter_is_in_the_language_of_the_page(visitor):
    visitor.post("/az/submit/", submission())

    assert Event.objects.get().contact_language == "az"
    assert "/az/confirm/" in Email.objects.get().message


def test_a_known_city_gives_place_and_zone(visitor):
    make_city(search="|berlin|берлин|")
    send(visitor, city="Берлин", zone="")

    event = Event.objects.get()
    assert (event.city, event.place.name, event.zone) == ("Берлин", "Berlin", "Europe/Berlin")
    assert (event.latitude, event.longitude) == (52.52, 13.41)


def test_an_unknown_city_in_a_country_of_one_zone_is_accepted(visitor):
    send(visitor, country="EE", city="Väikeküla", zone="")

    assert Event.objects.get().zone == "Europe/Tallinn"


def test_an_online_event_without_a_city_is_asked_for_the_zone_and_not_for_a_city(visitor):
    online = {"country": "US", "format": "online", "city": "", "online_url": "https://example.org/live"}

    asked = errors_at(send(visitor, **online, zone=""), "zone")

    assert "Choose yours, for example" in asked
    assert "city" not in asked


def test_an_unknown_city_in_a_country_of_many_zones_asks_for_the_zone(visitor):
    response = send(visitor, country="RU", city="Маленькая", zone="")

    assert "Choose one" in errors_at(response, "zone")
    assert "<details open>" in response.text


@pytest.mark.parametrize(("country", "zone"), [("IN", "Asia/Karachi"), ("TR", "Asia/Baghdad"), ("GE", "Europe/Moscow")])
def test_the_clocks_of_a_neighbour_are_not_those_of_an_unknown_city(visitor, country, zone):
    assert "not used in the country" in errors_at(send(visitor, country=country, city="Kiçik", zone=zone), "zone")


def test_an_evening_that_ends_after_midnight_needs_no_end_date(visitor):
    send(visitor, start_date="2026-12-31", start_time="22:00", end_time="02:00")

    event = Event.objects.get()
    assert (event.end_date, event.edition) == (date(2027, 1, 1), 2026)
    assert event.ends_at == datetime(2027, 1, 1, 1, 0, tzinfo=UTC)


def test_a_spot_far_from_the_city_is_asked_about(visitor):
    make_city()

    assert "far from the city" in errors_at(send(visitor, latitude="-45", longitude="170"), "latitude")


def test_an_online_event_needs_no_zone_where_all_clocks_of_the_country_agree(visitor):
    send(visitor, format="online", city="", online_url="https://example.org/live", zone="")

    assert Event.objects.get().zone == "Europe/Berlin"


def test_one_mistake_gets_one_word(visitor):
    response = send(visitor, start_time="7pm", city="", zone="", contact_email="a@b.co,c@d.co")

    assert {name: len(messages) for name, messages in response.context["form"].errors.items()} == {
        "start_time": 1,
        "city": 1,
        "contact_email": 1,
    }


def test_an_exact_position_of_a_hidden_address_is_not_even_kept(visitor):
    make_city()
    send(visitor, address_visibility="city_only", latitude="52.5001", longitude="13.4001")

    assert (Event.objects.get().latitude, Event.objects.get().longitude) == (52.52, 13.41)


def test_a_photo_of_six_megabytes_is_stored_small_and_without_its_metadata(visitor):
    photo = pictures.noisy_photo(4000, 3000)
    assert len(photo) > 6_000_000

    send(visitor, image=upload(photo), image_alt="Musicians on a stage")

    event = Event.objects.get()
    assert (event.image_width, event.image_height) == (1600, 1200)
    stored = default_storage.listdir(f"pictures/{event.image}")[1]
    assert sorted(stored) == ["1600.avif", "480.avif", "960.avif", "960.jpg"]


# It goes wrong


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"title": ""}, "title", "a name"),
        ({"title": "ab"}, "title", "at least three letters"),
        ({"title": "x" * 121}, "title", "at most 120"),
        ({"description": "x" * 3_000_000}, "description", "at most 5000"),
        ({"description": "[here](javascript:alert(1))"}, "description", "Links must begin"),
        (
            {"description": "http://a.az " * 3 + "_www.b.az_", "venue": "HTTPS://c.az www.d.az"},
            "description",
            "too many links",
        ),
        ({"description": "<javascript:alert(1)>"}, "description", "Links must begin"),
        ({"description": "[here](data:text/html,x)"}, "description", "Links must begin"),
        ({"website": "javascript:alert(1)"}, "website", "not a link"),
        ({"website": "ftp://example.org/"}, "website", "not a link"),
        ({"website": "https://[broken"}, "website", "not a link"),
        ({"registration_url": "mailto:a@example.org"}, "registration_url", "not a link"),
        ({"kind": "party"}, "kind", "party"),
        ({"kind": ""}, "kind", "what kind"),
        ({"languages": None}, "languages", "at least one language"),
        ({"languages": ["xx"]}, "languages", "xx"),
        ({"organiser": " ; "}, "organiser", "Say who"),
        ({"contact_email": "nobody"}, "contact_email", "not an e-mail address"),
        ({"contact_email": "a@example.org\nBcc: b@example.org"}, "contact_email", "not an e-mail address"),
        ({"contact_email": '"a,victim@example.com,b"@example.org'}, "contact_email", "not an e-mail address"),
        ({"contact_email": '"a\x1cb"@example.org'}, "contact_email", "cannot be shown"),
        ({"contact_email": '"a\x0b b"@example.org'}, "contact_email", "not an e-mail address"),
        ({"title": "\u200b\u200b\u200b\u2800"}, "title", "a name"),
        ({"title": "?!…"}, "title", "in words"),
        ({"organiser": "…"}, "organiser", "Say who"),
        ({"organiser": "a;" * 90}, "organiser", "too long"),
        ({"country": "ZZ"}, "country", "ZZ"),
        ({"city": ""}, "city", "Give the city"),
        ({"format": "online", "city": ""}, "online_url", "Give the link"),
        ({"zone": "Mars/Olympus"}, "zone", "Mars"),
        ({"latitude": "95", "longitude": "0"}, "latitude", "90"),
        ({"latitude": "nan", "longitude": "0"}, "latitude", "number"),
        ({"latitude": "50"}, "longitude", "both"),
        ({"zone": "Pacific/Kiritimati"}, "zone", "not used in the country"),
        ({"start_time": "19:00", "end_time": "18:00"}, "end_time", "before the start"),
        ({"start_date": "2026-11-30"}, "start_date", "between"),
        ({"start_date": "2027-02-01"}, "start_date", "between"),
        ({"start_date": "2025-12-31"}, "start_date", "between"),
        ({"start_date": "31/31/2026"}, "start_date", "valid date"),
        ({"start_date": ""}, "start_date", "the day on which"),
        ({"start_time": "25:00"}, "start_time", "valid time"),
        ({"start_time": ""}, "start_time", "as well"),
        ({"end_date": "2026-12-26"}, "end_date", "before the start"),
        ({"end_date": "2026-12-27", "end_time": "18:00"}, "end_time", "before the start"),
        ({"end_date": "9999-12-31"}, "end_date", "two months"),
        ({"consent": None}, "consent", "consent"),
    ],
)
def test_a_bad_entry_gets_a_word_at_its_field_and_nothing_is_stored(visitor, fields, field, message):
    response = send(visitor, **fields)

    assert message in errors_at(response, field)
    assert f'href="#id_{field}' in response.text  # the summary leads to the field
    assert not Email.objects.exists()


TYPED = ["title", "description", "city", "venue", "address", "organiser", "supporters", "public_contact"]
TYPED += ["contact_name", "contact_email", "image_alt", "website", "registration_url", "online_url"]


@pytest.mark.parametrize("field", TYPED)
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x9f", "\ufffe", "\U0001ffff"])
def test_control_characters_get_a_word_at_their_field(visitor, field, character):
    response = send(visitor, **{field: f"https://example.org/{character}abc"})

    assert errors_at(response, field)
    assert character not in response.text


@pytest.mark.parametrize("character", ["\x0b", "\u2028", "\u202e", "\u2066", "\ufeff"])
def test_what_editors_paste_invisibly_is_cleaned_without_a_word(visitor, character):
    send(visitor, title=f"Solidarity{character} evening", organiser=f"Sample{character} Association")

    event = Event.objects.get()
    assert character not in event.title + event.organiser
    assert event.title == "Solidarity evening"


def test_all_that_was_typed_is_still_there_after_an_error(visitor):
    fields = submission(start_date="2026-11-01", supporters="Sample Supporters", contact_name="Sample <Person>")
    page = visitor.post("/en/submit/", fields)

    form = page.context["form"]
    shown = fields.keys() - {"consent", "stamp"}
    assert {name: form[name].value() for name in shown} == {name: fields[name] for name in shown}
    assert "Sample &lt;Person&gt;" in page.text


def test_the_picture_is_still_there_after_an_error(visitor):
    page = send(visitor, city="", image=upload(pictures.photo()), image_alt="Musicians")
    assert "Your picture is kept" in page.text

    send(visitor, image_alt="Musicians", image_kept=page.context["form"]["image_kept"].value())

    event = Event.objects.get()
    assert default_storage.exists(f"pictures/{event.image}/480.avif")


def test_the_picture_is_there_whatever_the_error(visitor):
    page = send(visitor, organiser="a;" * 90, image=upload(pictures.photo()), image_alt="Musicians")

    assert "Your picture is kept" in page.text


def test_a_kept_picture_cannot_be_forged(visitor):
    response = send(visitor, image_alt="Somebody else's", image_kept="eyJuYW1lIjoiYWJjIn0:forged:signature")

    assert "Choose it again" in errors_at(response, "image")


def test_a_picture_that_was_kept_too_long_is_asked_for_again_once(visitor, clock):
    page = send(visitor, city="", image=upload(pictures.photo()), image_alt="Musicians")
    clock.shift(25 * 3600)

    page = send(visitor, image_alt="Musicians", image_kept=page.context["form"]["image_kept"].value())
    assert "Choose it again" in errors_at(page, "image")

    send(visitor, image_kept=page.context["form"]["image_kept"].value())
    assert Event.objects.get().image == ""


@pytest.fixture
def full_disk(settings, tmp_path):
    """Where pictures are stored there is no room, not even for a folder."""
    settings.MEDIA_ROOT = tmp_path / "full"
    settings.MEDIA_ROOT.write_bytes(b"")


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("other", [{}, {"city": ""}], ids=["all else is good", "something else is wrong"])
def test_on_a_full_disk_it_is_said_at_the_picture_and_all_else_stays(visitor, other):
    photo = {"image": upload(pictures.photo()), "image_alt": "Musicians"}

    page = send(visitor, **photo, **other, description="Sentinel words")

    assert "could not be stored" in errors_at(page, "image")
    assert "Sentinel words" in page.text
    assert page.context["form"].errors.keys() == {"image", *other}
    assert not Email.objects.exists()
    assert send(visitor, description="Sentinel words").status_code == 302


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_a_question_comes_back_with_a_word_at_the_picture(visitor):
    make_city(name="Frankfurt am Main", search="|frankfurt am main|")

    page = send(visitor, city="Frankfurt", image=upload(pictures.photo()), image_alt="Musicians")

    assert "could not be stored" in errors_at(page, "image")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pictures.png_bomb(20_000, 10_000), "megapixels"),
        (pictures.not_a_picture("EPS"), "not a JPEG"),
        (pictures.not_a_picture("SVG"), "not a JPEG"),
        (pictures.animation("PNG"), "animated"),
        (pictures.photo()[:3000], "damaged"),
        (b"", "empty"),
        (b"\xff\xd8" + b"\x00" * 9_000_000, "8 MB"),
    ],
    ids=["bomb", "eps", "svg", "animated", "truncated", "empty", "too large"],
)
def test_a_hostile_picture_gets_a_word_at_the_picture(visitor, content, message):
    assert message in errors_at(send(visitor, image=upload(content), image_alt="Picture"), "image")


def test_a_picture_needs_words_for_those_who_cannot_see_it(visitor):
    assert "Describe" in errors_at(send(visitor, image=upload(pictures.photo()), image_alt=""), "image_alt")


@pytest.mark.parametrize(
    ("now", "fields", "message"),
    [
        # Samoa went over the date line and left out 30 December 2011.
        (
            datetime(2011, 11, 1, tzinfo=UTC),
            {"country": "WS", "zone": "Pacific/Apia", "start_date": "2011-12-30", "start_time": "19:00"},
            "does not come",
        ),
        # Fiji set its clocks back on 13 January 2019 at three in the morning.
        (
            datetime(2018, 11, 1, tzinfo=UTC),
            {"country": "FJ", "zone": "Pacific/Fiji", "start_date": "2019-01-13", "start_time": "02:30"},
            "comes twice",
        ),
    ],
)
def test_a_wall_time_that_does_not_come_or_comes_twice_is_explained(visitor, clock, now, fields, message):
    clock.move_to(now)

    assert message in errors_at(send(visitor, **fields, end_time=""), "start_time")


def test_a_body_too_large_for_any_form_is_refused_in_words(visitor):
    response = send(visitor, description="x" * 5_000_000)

    assert (response.status_code, "cannot be understood" in response.text) == (400, True)


def test_the_form_in_january_takes_the_edition_of_december(visitor, clock):
    clock.move_to(datetime(2027, 1, 15, tzinfo=UTC))

    send(visitor, start_date="2027-01-20")

    assert Event.objects.get().edition == 2026
