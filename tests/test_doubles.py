"""What is asked before an event is stored: whether it is there already, and which city is meant."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events.models import Event, Status
from tests import pictures
from tests.factories import make_city, make_event, submission

pytestmark = pytest.mark.django_db

QUESTION, CITY_QUESTION = "Is it one of these?", "Which city is meant?"
UNPUBLISHED = [status for status in Status if status != Status.PUBLISHED]


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def frankfurts() -> None:
    make_city(id=1, name="Frankfurt am Main", search="|frankfurt am main|", population=764_104)
    make_city(
        id=2, name="Frankfurt (Oder)", search="|frankfurt oder|", population=58_000, latitude=52.34, longitude=14.55
    )


def send(visitor, **fields):
    return visitor.post("/en/submit/", submission(**fields))


def asked_in(page):
    return {question for question in (QUESTION, CITY_QUESTION) if question in page.text}


def fields_named(page, name):
    return re.findall(rf'<input [^>]*name="{name}"[^>]*>', page.text)


# Is it there already?


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Həmrəylik gecəsi"},
        {"title": "HEMREYLIK  Gecesi!"},
        {"title": "Хəмрəйлик gecəsi"},
        {"title": "Həmrəylik gecəsi 2026"},
        {"title": "Another", "organiser": "Others; sample association"},
        {"title": "Another", "organiser": "Others", "website": "https://example.org/evening"},
        {"title": "Another", "organiser": "Others", "registration_url": "https://example.org/evening"},
    ],
)
def test_an_event_that_may_be_there_already_is_shown_before_another_is_stored(visitor, fields):
    known = make_event(title="Həmrəylik gecəsi", website="https://example.org/evening")

    page = send(visitor, **fields)

    assert asked_in(page) == {QUESTION}
    assert f'href="{known.get_absolute_url()}"' in page.text
    assert Event.objects.count() == 1
    assert send(visitor, **fields, is_new="on").status_code == 302
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Another", "organiser": "Others"},
        {"city": "Köln"},
        {"country": "AT", "zone": "Europe/Vienna"},
        {"start_date": "2026-12-28"},
        {"title": "Gecə", "organiser": "…; Others"},
    ],
)
def test_an_event_elsewhere_on_another_day_or_of_others_is_not_asked_about(visitor, fields):
    make_event(title="Həmrəylik gecəsi", organiser="…; Sample Association")

    assert send(visitor, **fields).status_code == 302


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_nothing_that_is_not_published_is_shown_as_a_double(visitor, status):
    make_event(title="Həmrəylik gecəsi", website="https://example.org/evening", status=status)

    assert send(visitor, website="https://example.org/evening").status_code == 302


def test_a_double_tells_nothing_that_is_hidden_of_it(visitor):
    hidden = {"venue": "Sentinelvenue", "address": "Sentinelstreet 5", "address_visibility": "city_only"}
    make_event(title="Həmrəylik gecəsi", contact_name="Sentinelname", contact_email="sentinel@example.org", **hidden)

    page = send(visitor)

    assert asked_in(page) == {QUESTION}
    assert "entinel" not in page.text


def test_at_most_three_doubles_are_shown_the_likeliest_first(visitor):
    for number in range(5):
        make_event(title=f"Həmrəylik gecəsi {number}")
    same = make_event(title="Həmrəylik gecəsi")

    page = send(visitor)

    assert page.text.count('<article class="card') == 3 + 1  # and the preview's
    assert page.context["form"].doubles[0] == same


def test_that_it_is_another_event_is_remembered_while_something_else_is_put_right(visitor):
    make_event(title="Həmrəylik gecəsi")

    page = send(visitor, is_new="on", kind="")

    assert not asked_in(page)
    assert fields_named(page, "is_new") == ['<input type="hidden" name="is_new" value="on">']


@pytest.mark.usefixtures("frankfurts")
def test_who_sends_again_without_an_answer_is_told_that_one_is_missing(visitor):
    make_event(title="Həmrəylik gecəsi", city="Frankfurt")
    told = "Please answer this first"

    def asked_by(page):
        return {"asked": re.findall(r'name="asked" value="(\w+)"', page.text)}

    first = send(visitor, city="Frankfurt")
    assert told not in first.text
    second = send(visitor, city="Frankfurt", place="0", **asked_by(first))
    assert (asked_in(second), told in second.text) == ({QUESTION}, True)
    assert send(visitor, city="Frankfurt", place="0", is_new="on", **asked_by(second)).status_code == 302


@pytest.mark.usefixtures("frankfurts")
def test_a_question_that_comes_for_the_first_time_blames_nobody(visitor):
    make_event(title="Həmrəylik gecəsi", city="Frankfurt am Main")

    page = send(visitor, city="Frankfurt am Main", asked="cities")

    assert asked_in(page) == {QUESTION}
    assert "Please answer this first" not in page.text


def test_what_may_be_the_same_opens_beside_the_form(visitor):
    known = make_event(title="Həmrəylik gecəsi")

    assert f'href="{known.get_absolute_url()}" target="_blank"' in send(visitor).text


def test_the_picture_is_kept_while_one_answers(visitor):
    make_event(title="Həmrəylik gecəsi")
    photo = SimpleUploadedFile("photo.jpg", pictures.photo(), "image/jpeg")

    page = send(visitor, image=photo, image_alt="Musicians")
    kept = page.context["form"]["image_kept"].value()
    send(visitor, image_alt="Musicians", image_kept=kept, is_new="on")

    assert Event.objects.exclude(image="").count() == 1


# Which city?


@pytest.mark.usefixtures("frankfurts")
def test_a_city_whose_name_begins_so_is_asked_about_and_the_answer_gives_place_name_and_zone(visitor):
    page = send(visitor, city="Frankfurt", zone="")

    assert asked_in(page) == {CITY_QUESTION}
    assert not fields_named(page, "is_new")
    choices = fields_named(page, "place")
    assert [re.search(r'type="(\w+)".*value="(\d+)"', choice).groups() for choice in choices] == [
        ("radio", "1"),
        ("radio", "2"),
        ("radio", "0"),
    ]
    for told in ("Frankfurt (Oder)", "52.34, 14.55", "58,000", "Berlin"):
        assert told in page.text
    send(visitor, city="Frankfurt", zone="", place="2")
    event = Event.objects.get()
    assert (event.place_id, event.city, event.zone) == (2, "Frankfurt (Oder)", "Europe/Berlin")


@pytest.mark.usefixtures("frankfurts")
def test_none_of_the_cities_leaves_the_name_as_it_was_typed_and_the_spot_in_the_country(visitor):
    send(visitor, city="Frankfurt", zone="", place="0")

    event = Event.objects.get()
    assert (event.place, event.city) == (None, "Frankfurt")
    assert 47 < event.latitude < 55


@pytest.mark.usefixtures("frankfurts")
def test_a_city_that_is_chosen_by_the_script_is_not_asked_about_and_may_be_the_smaller_of_a_name(visitor):
    make_city(id=3, name="Bergen", search="|bergen|", population=13_000)
    make_city(id=4, name="Bergen", search="|bergen|", population=12_000)

    assert send(visitor, city="Bergen", place="4").status_code == 302

    assert Event.objects.get().place_id == 4


@pytest.mark.usefixtures("frankfurts")
@pytest.mark.parametrize("place", ["1", "2", "3", "99999999999999999999", "-1", "x", "", "\x00", "1.5"])
def test_a_choice_that_does_not_fit_what_is_typed_is_no_choice(visitor, place):
    make_city(id=3, name="Paris", country="FR", search="|paris|frankfurt|")
    make_city(search="|berlin|")

    send(visitor, city="Berlin", place=place)

    assert Event.objects.get().place.name == "Berlin"


@pytest.mark.usefixtures("frankfurts")
def test_both_questions_come_together_and_each_answer_stays(visitor):
    make_event(title="Həmrəylik gecəsi", city="Frankfurt")

    page = send(visitor, city="Frankfurt")
    assert asked_in(page) == {QUESTION, CITY_QUESTION}

    page = send(visitor, city="Frankfurt", is_new="on")
    assert asked_in(page) == {CITY_QUESTION}
    assert fields_named(page, "is_new") == ['<input type="hidden" name="is_new" value="on">']

    page = send(visitor, city="Frankfurt", place="0")
    assert asked_in(page) == {QUESTION}
    assert len(fields_named(page, "place")) == 1
    assert 'value="0"' in fields_named(page, "place")[0]

    assert send(visitor, city="Frankfurt", place="0", is_new="on").status_code == 302


@pytest.mark.usefixtures("frankfurts")
def test_which_city_was_meant_is_remembered_while_something_else_is_put_right(visitor):
    page = send(visitor, city="Frankfurt", place="2", kind="")

    assert not asked_in(page)
    [field] = fields_named(page, "place")
    assert 'value="2"' in field


def test_in_a_country_of_many_clocks_the_city_is_asked_for_before_the_zone(visitor):
    make_city(id=5, name="Springfield", country="US", search="|springfield|", zone="America/Chicago")

    page = send(visitor, country="US", city="Spring", zone="")
    assert asked_in(page) == {CITY_QUESTION}
    assert not page.context["form"].errors

    page = send(visitor, country="US", city="Spring", zone="", place="0")
    assert "Choose one" in str(page.context["form"].errors["zone"])
    assert send(visitor, country="US", city="Spring", zone="", place="5").status_code == 302
    assert Event.objects.get().zone == "America/Chicago"


@pytest.fixture
def springfields() -> None:
    towns = {5: ("America/Chicago", 169_000, 37.2, -93.3), 6: ("America/New_York", 155_000, 42.1, -72.6)}
    towns[7] = ("America/Chicago", 6_000, 30.0, -90.0)  # too small to be meant
    for number, (zone, people, latitude, longitude) in towns.items():
        place = {"zone": zone, "population": people, "latitude": latitude, "longitude": longitude}
        make_city(id=number, name="Springfield", country="US", search="|springfield|", **place)


@pytest.mark.usefixtures("springfields")
@pytest.mark.parametrize(("answer", "zone"), [("5", "America/Chicago"), ("6", "America/New_York")])
def test_of_towns_of_one_name_the_one_meant_is_asked_for_and_not_guessed(visitor, answer, zone):
    page = send(visitor, country="US", city="springfield", zone="")

    assert asked_in(page) == {CITY_QUESTION}
    assert "There are several of that name." in page.text
    assert [re.search(r'value="(\d+)"', choice)[1] for choice in fields_named(page, "place")] == ["5", "6", "0"]
    assert send(visitor, country="US", city="springfield", zone="", place=answer).status_code == 302
    assert (Event.objects.get().place_id, Event.objects.get().zone) == (int(answer), zone)


@pytest.mark.usefixtures("springfields")
def test_a_town_that_is_none_of_those_of_its_name_is_at_none_of_them(visitor):
    page = send(visitor, country="US", city="Springfield", zone="", place="0")
    assert "Choose one" in str(page.context["form"].errors["zone"])

    assert send(visitor, country="US", city="Springfield", zone="America/Denver", place="0").status_code == 302
    assert (Event.objects.get().place, Event.objects.get().zone) == (None, "America/Denver")


def test_neighbours_of_one_name_and_a_hamlet_beside_a_city_are_not_asked_about(visitor):
    make_city(id=5, name="Neustadt", search="|neustadt|", population=53_000, latitude=49.3, longitude=8.1)
    make_city(id=6, name="Neustadt", search="|neustadt|", population=20_000, latitude=49.9, longitude=9.0)
    make_city(id=7, name="Berlin", search="|berlin|", population=3_400_000)
    make_city(id=8, name="Berlin", search="|berlin|", population=5_000, latitude=54.0, longitude=10.4)

    for city in ("Neustadt", "Berlin"):
        assert send(visitor, city=city, title=f"Evening in {city}").status_code == 302
    assert [event.place_id for event in Event.objects.order_by("pk")] == [5, 7]
