"""Which countries a moderator has: how a superuser sets it, and what they are told."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from events.models import Moderator, Status
from tests.factories import make_event, make_moderator
from tests.reading import text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

HOME = "/admin/events/moderator/"


@pytest.fixture
def chief():
    return sign_in(Client(), User.objects.create_superuser("chief", "chief@example.org", "sample"))


def make_user(**fields):
    return User.objects.create(**{"username": "aysel", "email": "aysel@example.org", "is_staff": True, **fields})


def save(browser, user, **fields):
    data = {"user": user.pk, "countries": ["DE", "AT"], "zone": "Europe/Vienna", "language": "az", **fields}
    return browser.post(f"{HOME}add/", data, follow=True)


def test_a_superuser_gives_somebody_countries_a_time_zone_and_a_language(chief):
    user, event = make_user(), make_event(status=Status.PENDING)
    browser, address = sign_in(Client(), user), f"/admin/events/event/{event.pk}/change/"
    assert browser.get(address).status_code in {403, 404}

    save(chief, user)

    row = Moderator.objects.get()
    assert ([str(country) for country in row.countries], row.zone, row.language) == (
        ["AT", "DE"],
        "Europe/Vienna",
        "az",
    )
    assert browser.get(address).status_code == 200


def test_the_form_shows_what_is_stored_and_sent_back_as_it_is_changes_nothing(chief):
    save(chief, make_user())
    row = Moderator.objects.get()
    address = f"{HOME}{row.pk}/change/"

    form = chief.get(address).context["adminform"].form
    page = str(form["countries"])
    assert [name for name in ("AT", "DE", "FR") if f'value="{name}" selected' in page] == ["AT", "DE"]

    chief.post(address, {name: form[name].value() for name in form.fields})
    after = Moderator.objects.values().get()
    assert (after["countries"], after["zone"], after["language"]) == ("AT,DE", "Europe/Vienna", "az")


@pytest.mark.parametrize("wrong", [{"countries": ["XX"]}, {"countries": []}, {"zone": "Nowhere"}, {"language": "xx"}])
def test_what_is_not_in_the_lists_is_refused(chief, wrong):
    save(chief, make_user(), **wrong)

    assert not Moderator.objects.exists()


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["Austria", "Azerbaijan", "Germany"]), ("az", ["Azərbaycan", "Almaniya"]), ("ru", ["Австрия", "Германия"])],
)
def test_countries_stand_in_the_readers_language_and_alphabet(chief, language, names):
    chief.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = chief.get(f"{HOME}add/").text

    places = [page.index(f">{name}<") for name in names if name != "Azərbaycan"]
    assert places == sorted(places)
    assert all(f">{name}<" in page for name in names)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"is_staff": False}, "This user has no staff status and cannot enter the desk."),
        ({"is_active": False}, "This user is not active and cannot sign in."),
        ({"email": ""}, "This user has no e-mail address and gets no digest."),
    ],
)
def test_it_is_said_what_keeps_somebody_from_being_a_moderator(chief, fields, sentence):
    answer = save(chief, make_user(**fields))

    assert text_of(answer.text).count(sentence) == 2  # once for having saved it, and once in the list


def test_the_list_says_what_waits_in_the_countries_of_each_with_one_query_for_all(chief, django_assert_max_num_queries):
    for number in range(3):
        make_event(status=Status.PENDING)
        make_moderator("DE", "FR", email=f"moderator{number}@example.org")
    make_event(status=Status.PENDING, country="FR", city="Paris", zone="Europe/Paris")
    make_event()
    make_moderator("AT", email="austrian@example.org")

    with django_assert_max_num_queries(14):
        page = text_of(chief.get(HOME).text)

    assert page.count("France, Germany 4 UTC") == 3
    assert "Austria 0 UTC" in page


def test_nobody_but_superusers_sees_or_changes_who_moderates_what():
    user = make_moderator("DE")
    browser, row = sign_in(Client(), user), Moderator.objects.get()

    for page in ("", "add/", f"{row.pk}/change/", f"{row.pk}/history/", f"{row.pk}/delete/"):
        assert browser.get(HOME + page).status_code == 403
    browser.post(
        f"{HOME}{row.pk}/change/", {"user": user.pk, "countries": ["DE", "FR"], "zone": "UTC", "language": "en"}
    )
    browser.post(HOME, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert [str(country) for country in Moderator.objects.get().countries] == ["DE"]


def test_the_day_of_the_last_digest_cannot_be_set_by_a_form(chief):
    save(chief, make_user(), digested_on="2026-12-31")

    assert Moderator.objects.get().digested_on is None
