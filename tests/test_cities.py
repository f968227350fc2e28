"""Cities, as the form suggests them and finds them by what people type."""

from io import StringIO

import pytest
from django.core.management import call_command

from events.geo import cities
from events.management.commands import loadcities
from events.models import City

TRIED = {"AZ", "DE", "NL", "UA", "UZ", "TR", "US", "RU"}


@pytest.fixture(scope="module")
def known_cities(django_db_setup, django_db_blocker):
    """The cities of some countries, loaded once for this file."""
    with django_db_blocker.unblock():
        tried = [city for city in cities.read() if city.country in TRIED and city.population > 20_000]
        City.objects.bulk_create([loadcities.row(city, version="test") for city in tried], batch_size=2000)
        yield
        City.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "typed", "found"),
    [
        ("DE", "Köln", 2886242),
        ("DE", "koln", 2886242),
        ("DE", "Cologne", 2886242),
        ("DE", "Кёльн", 2886242),
        ("TR", "İğdır", 311665),
        ("TR", "Iğdır", 311665),
        ("TR", "igdir", 311665),
        ("TR", "İzmit", 745028),
        ("UA", "Kyiv", 703448),
        ("UA", "Kiyev", 703448),
        ("UA", "Киев", 703448),
        ("UZ", "Tashkent", 1512569),
        ("UZ", "Daşkənd", 1512569),
        ("US", "New York City", 5128581),
        ("US", "Nyu-York", 5128581),
        ("US", "Washington", 4140963),
        ("US", "Washington, DC", 4140963),
        ("US", "Sietl", 5809844),
        ("AZ", "Bakı", 587084),
        ("AZ", "باکو", 587084),
        ("RU", "Stavropol", 487846),
        ("NL", "Den Haag", 2747373),
    ],
)
def test_a_city_is_found_by_the_spelling_people_use(known_cities, country, typed, found):
    assert City.objects.match(country, typed).pk == found


@pytest.mark.django_db
def test_a_city_of_another_country_or_half_a_name_is_no_match(known_cities):
    assert City.objects.match("UZ", "Köln") is None
    assert City.objects.match("DE", "Köl") is None
    assert City.objects.match("DE", " | ") is None


@pytest.mark.django_db
def test_suggestions_begin_with_what_was_typed_and_the_largest_comes_first(known_cities):
    assert next(iter(City.objects.suggest("DE", "kö"))).name == "Köln"
    assert next(iter(City.objects.suggest("RU", "моск"))).name == "Moscow"
    assert len(City.objects.suggest("DE", "b")) == 10
    assert len(City.objects.suggest("DE", "b", limit=3)) == 3
    assert not City.objects.suggest("DE", " %")


@pytest.mark.django_db
def test_loading_the_cities_again_changes_nothing_and_forcing_it_keeps_the_rows(monkeypatch):
    few = [record for record, _ in zip(cities.read(), range(5), strict=False)]
    monkeypatch.setattr(cities, "read", lambda: iter(few))
    City.objects.create(id=1, name="Gone", country="AZ", latitude=0, longitude=0, zone="UTC", population=0, search="|")
    assert "Loaded 5 cities" in said_by("loadcities")
    assert "already loaded" in said_by("loadcities")
    City.objects.filter(pk=few[0].id).update(name="Old")
    assert "Loaded 5 cities" in said_by("loadcities", "--force")
    assert City.objects.get(pk=few[0].id).name == few[0].name
    assert City.objects.filter(pk=1).exists()


def said_by(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()
