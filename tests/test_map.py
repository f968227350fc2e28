"""The home page: the world by night, its numbers, and the list under it."""

import re
from datetime import UTC, date, datetime, time

import pytest
from django.test import Client

from events import lights, night
from events.geo import clusters, countries, worldmap
from tests.factories import PARIS, make_city, make_event
from tests.reading import cities_on_map

pytestmark = pytest.mark.django_db

REYKJAVIK = {"id": 3413829, "name": "Reykjavík", "country": "IS", "latitude": 64.14, "longitude": -21.9}


@pytest.fixture
def visitor():
    return Client()


def country_on_map(page, code):
    """The number of events that the map shows for a country, and its accessible name."""
    link = re.search(rf'<a [^>]*data-country="{code}"[^>]*>', page)[0]
    return int(re.search(r'data-events="(\d+)"', link)[1]), re.search(r'aria-label="([^"]*)"', link)[1]


def numbers_on(page):
    """Events, countries, cities and days to go, as the page counts them."""
    return [int(number) for number in re.findall(r"<dd[^>]*>(\d+)</dd>", page)]


def label_of(page, city):
    return re.search(rf'data-city="{city}"[^>]* data-label="([^"]*)"', page)[1]


def radius_of(page, city):
    return float(re.search(rf'data-city="{city}"[^>]* r="([\d.]+)%"', page)[1])


def view_of(page, drawing):
    """The box in map units that `world` or `companion` shows."""
    return tuple(float(number) for number in re.search(rf'"{drawing}" viewBox="([^"]*)"', page)[1].split())


def test_the_map_shows_every_country_as_a_link_with_its_number_of_events(visitor):
    for _number in range(2):
        make_event()

    page = visitor.get("/en/").text

    assert country_on_map(page, "DE") == (2, "Germany, 2 events")
    assert country_on_map(page, "FR") == (0, "France, 0 events")
    assert len(re.findall("data-country=", page)) >= 240
    assert 'id="world"' in page


def test_spellings_of_one_city_are_one_light(visitor):
    city = make_city(name="Köln", id=2, search="|koln|cologne|")
    make_event(city="Köln", place=city)
    make_event(city="Cologne", place=city)

    assert cities_on_map(visitor.get("/en/").text) == ["Köln"]


def test_a_city_that_is_not_in_the_data_shines_all_the_same(visitor):
    make_event(city="Kleindorf")

    assert cities_on_map(visitor.get("/en/").text) == ["Kleindorf"]


def test_an_online_event_counts_for_its_country_and_is_no_light(visitor):
    make_event(format="online", city="", online_url="https://example.org/live")

    page = visitor.get("/en/").text

    assert country_on_map(page, "DE")[0] == 1
    assert cities_on_map(page) == []


def test_a_city_of_earlier_years_alone_is_an_ember(visitor):
    make_event(start_date=date(2024, 12, 27))
    paris = make_city(**PARIS)
    make_event(start_date=date(2024, 12, 27), country="FR", city="Paris", place=paris)
    make_event(country="FR", city="Paris", place=paris)

    page = visitor.get("/en/").text

    assert cities_on_map(page, "ember") == ["Berlin"]
    assert cities_on_map(page) == ["Paris"]


def test_a_home_page_without_any_event_invites_the_first(visitor):
    page = visitor.get("/en/").text

    assert "No event is published yet." in page
    assert country_on_map(page, "AZ")[0] == 0


def test_what_is_over_does_not_come_up_first(visitor, clock):
    make_event(title="Finished", end_time=time(22, 0), end_date=date(2026, 12, 27))
    make_event(title="To come", start_date=date(2026, 12, 29))
    clock.move_to(datetime(2026, 12, 28, tzinfo=UTC))

    page = visitor.get("/en/").text

    assert "To come" in page
    assert "Finished" not in page


def test_countries_are_ordered_by_the_alphabet_of_the_language():
    by_name = [country.name for country in lights.count(2026).countries("az")]

    assert by_name.index("Cənubi Koreya") < by_name.index("Çexiya") < by_name.index("Danimarka")
    assert by_name.index("Haiti") < by_name.index("Xorvatiya") < by_name.index("İndoneziya")


def test_the_page_counts_events_countries_and_cities(visitor):
    make_event(place=make_city())
    make_event(place=make_city())
    make_event(country="FR", city="Paris", place=make_city(**PARIS))
    make_event(country="GE", format="online", city="", online_url="https://example.org/live")

    assert numbers_on(visitor.get("/en/").text) == [4, 3, 2, 39]


# Lights


def test_the_area_of_a_light_grows_with_its_events(visitor):
    for _number in range(16):
        make_event(place=make_city())
    for _number in range(4):
        make_event(country="FR", city="Paris", place=make_city(**PARIS))

    page = visitor.get("/en/").text

    assert radius_of(page, "Berlin") == 2 * radius_of(page, "Paris")


def test_the_first_event_of_a_year_is_a_large_light(visitor):
    make_event(place=make_city())

    assert radius_of(visitor.get("/en/").text, "Berlin") == night.LARGEST


def test_cities_too_near_to_be_told_apart_are_one_light_that_names_the_largest(visitor):
    near = make_city(id=2, name="Near", latitude=52.53, longitude=13.42)
    for place in (make_city(), make_city(), near):
        make_event(city=place.name, place=place)

    page = visitor.get("/en/").text

    assert cities_on_map(page) == ["Berlin"]
    assert label_of(page, "Berlin") == "Berlin and 1 more city, 3 events"
    assert numbers_on(page)[2] == 2


def test_cities_on_both_sides_of_a_border_are_two_lights(visitor):
    make_event(place=make_city())
    make_event(country="PL", city="Near", place=make_city(id=2, name="Near", country="PL"))

    assert set(cities_on_map(visitor.get("/en/").text)) == {"Berlin", "Near"}


def test_a_small_country_has_a_dot_only_where_something_shines(visitor):
    make_event(country="MT", city="Valletta", start_date=date(2024, 12, 27))

    page = visitor.get("/en/").text

    assert page.count('class="dot"') == 1
    assert re.search(r'data-country="MT".*?</a>', page)[0].count('class="dot"') == 1


def test_however_many_cities_there_are_the_map_has_no_more_lights_than_it_can_bear():
    spread = [(x / 2, y / 2, "DE") for x in range(100) for y in range(100)]

    groups = clusters.gather(spread, nearer_than=night.NEAR, at_most=night.MOST_LIGHTS)

    assert len(groups) <= night.MOST_LIGHTS
    assert sorted(index for group in groups for index in group) == list(range(10_000))


def test_a_map_with_more_countries_than_lights_keeps_one_for_each():
    spread = [(0.0, 0.0, country) for country in countries.names("en")]

    assert len(clusters.gather(spread, nearer_than=1, at_most=10)) == len(spread)


def test_nothing_that_is_not_public_shines(visitor):
    make_event(status="pending", place=make_city())
    make_event(status="withdrawn", country="FR", city="Paris", start_date=date(2024, 12, 27))

    page = visitor.get("/en/").text

    assert cities_on_map(page) == cities_on_map(page, "ember") == []
    assert numbers_on(page)[:3] == [0, 0, 0]


# Two scales


def test_europe_stands_enlarged_beside_the_world(visitor):
    page = visitor.get("/en/").text

    assert view_of(page, "world") == worldmap.WORLD
    assert view_of(page, "companion") == worldmap.REGION_BOXES["europe"]
    assert 'href="/en/?region=europe#map"' in page


@pytest.mark.parametrize("region", countries.REGIONS)
def test_a_region_opens_without_javascript_and_the_world_is_beside_it(visitor, region):
    page = visitor.get(f"/en/?region={region}").text

    assert view_of(page, "world") == worldmap.REGION_BOXES[region]
    assert view_of(page, "companion") == worldmap.WORLD
    assert re.search(rf'data-region="{region}" data-box="[^"]*" aria-current="true"', page)


@pytest.mark.parametrize("nonsense", ["atlantis", "", "Europe", "%00", "europe&region=xx", "x" * 5000])
def test_what_is_no_region_is_the_world(visitor, nonsense):
    answer = visitor.get(f"/en/?region={nonsense}")

    assert answer.status_code == 200
    assert view_of(answer.text, "world") == worldmap.WORLD


def test_regions_say_how_many_events_they_have(visitor):
    make_event(place=make_city())
    make_event(country="IS", city="Reykjavík", place=make_city(**REYKJAVIK))

    page = visitor.get("/en/").text

    assert re.search(r'data-region="europe"[^>]*>Europe <b>2</b></a>', page)
    assert re.search(r'data-region="africa"[^>]*>Africa</a>', page)


def test_baku_is_on_the_map_of_europe():
    x, y = worldmap.project(40.38, 49.89)
    left, top, width, height = worldmap.REGION_BOXES["europe"]

    assert left < x < left + width
    assert top < y < top + height


def test_the_picture_is_drawn_once_and_used_twice(visitor):
    make_event(place=make_city())

    page = visitor.get("/en/").text

    assert page.count('id="earth"') == page.count('href="#earth"') == 1
    assert len(re.findall('data-country="DE"', page)) == 1
    assert re.search(r"<span inert><svg class=\"companion\"", page)  # or Tab would meet each country twice
