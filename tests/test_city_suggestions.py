"""What the form hears when it asks for cities: the country's own, the largest first, and never an error page."""

import pytest
from django.test import Client

from tests.factories import PARIS, make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def german_cities():
    make_city(search="|berlin|берлин|", population=3_400_000)
    make_city(id=1, name="Bergen", search="|bergen|", population=12_000, latitude=52.81, longitude=9.96)
    make_city(id=2, name="Bergen", search="|bergen|", population=13_000, latitude=54.41, longitude=13.43)
    make_city(id=3, name="Neukölln", search="|neukolln|berlin neukolln|", population=166_000)
    make_city(**PARIS, search="|paris|", zone="Europe/Paris")


def ask(visitor, **question):
    return visitor.get("/en/cities/", question)


def names(answer):
    return [city["name"] for city in answer.json()["cities"]]


def test_a_city_comes_with_what_the_form_needs_of_it(visitor):
    assert ask(visitor, country="DE", q="berl").json()["cities"][0] == {
        "id": 2950159,
        "name": "Berlin",
        "zone": "Europe/Berlin",
        "latitude": 52.52,
        "longitude": 13.41,
        "population": 3_400_000,
    }


def test_what_is_called_so_comes_before_what_is_also_called_so_and_the_larger_first(visitor):
    answer = ask(visitor, country="DE", q="Ber")

    assert names(answer) == ["Berlin", "Bergen", "Bergen", "Neukölln"]
    assert [city["population"] for city in answer.json()["cities"][1:3]] == [13_000, 12_000]


@pytest.mark.parametrize("typed", ["BERLIN", " berlin", "Берл", "bérlin"])
def test_a_city_is_found_however_it_is_written(visitor, typed):
    assert names(ask(visitor, country="DE", q=typed))[0] == "Berlin"


def test_cities_of_other_countries_are_not_suggested(visitor):
    assert names(ask(visitor, country="FR", q="ber")) == []
    assert names(ask(visitor, country="fr", q="pa")) == ["Paris"]


def test_before_anything_is_typed_the_largest_cities_are_offered(visitor):
    assert names(ask(visitor, country="DE"))[:2] == ["Berlin", "Neukölln"]


def test_the_time_zones_of_the_country_come_along(visitor):
    assert ask(visitor, country="FR", q="zzz").json() == {"cities": [], "zones": ["Europe/Paris"]}
    assert len(ask(visitor, country="US").json()["zones"]) > 5


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"q": "ber"},
        {"country": "XX", "q": "ber"},
        {"country": "\x00", "q": "ber"},
        {"country": "D" * 100_000, "q": "ber"},
        {"country": "DE", "q": "\x00"},
        {"country": "DE", "q": "ber\x00"},
        {"country": "DE", "q": "b" * 100_000},
        {"country": "DE", "q": "%"},
        {"country": "DE", "q": "_"},
        {"country": "DE", "q": "|"},
        {"country": "DE", "q": "\\"},
        {"country": "DE", "q": "\U0001f600"},
        {"country": "DE", "q": "\ufffe\u202e"},
    ],
)
def test_a_strange_question_has_no_cities_for_an_answer(visitor, question):
    answer = ask(visitor, **question)

    assert answer.status_code == 200
    assert names(answer) == []


def test_bytes_that_are_no_text_and_a_thousand_parameters_are_answered_in_json(visitor):
    assert visitor.get("/en/cities/?country=DE&q=%ff%fe").json()["cities"] == []
    flood = visitor.get("/en/cities/?" + "q=a&" * 2000)
    assert (flood.status_code, flood.json()["cities"]) == (400, [])


def test_suggestions_are_kept_by_caches_for_a_day_and_set_no_cookie(visitor):
    answer = ask(visitor, country="DE", q="ber")

    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_suggestion_costs_one_query(visitor, django_assert_num_queries):
    with django_assert_num_queries(1):
        ask(visitor, country="DE", q="ber")


def test_suggestions_are_only_read(visitor):
    assert visitor.post("/en/cities/", {"country": "DE"}).status_code == 405
