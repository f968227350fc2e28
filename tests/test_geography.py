"""Countries, languages, the world map and outlines, as a visitor meets them."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django_countries import countries as iso

from events.geo import cities, countries, languages, worldmap

CODES = [code for code, _ in iso]
DRAWING = Path(__file__).parents[1] / "static" / "img" / "world.svg"
SITE_LANGUAGES = ("az", "en", "ru", "tr")
BAKU, SIMFEROPOL, HONOLULU = (40.38, 49.89), (44.95, 34.1), (21.31, -157.86)


# Countries and languages


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_country_of_the_list_has_a_name_in_four_languages(language):
    names = countries.names(language)
    assert len(CODES) == 249
    assert all(names[code].strip() for code in CODES)
    assert len(set(names.values())) == 249


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("GB", "az", "Birləşmiş Krallıq"),
        ("NL", "az", "Niderland"),
        ("CZ", "az", "Çexiya"),
        ("HR", "az", "Xorvatiya"),
        ("MA", "az", "Mərakeş"),
        ("KG", "ru", "Кыргызстан"),
        ("US", "ru", "США"),
        ("TR", "en", "Türkiye"),
        ("HK", "en", "Hong Kong"),
        ("PS", "tr", "Filistin"),
    ],
)
def test_countries_are_called_as_people_call_them(code, language, name):
    assert countries.name(code, language=language) == name


def test_a_name_that_is_missing_falls_back_to_english_and_then_to_the_code():
    assert countries.name("AZ", language="xx") == "Azerbaijan"
    assert countries.name("XX", language="az") == "XX"
    assert languages.name("az", language="xx") == "Azerbaijani"


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_language_of_the_form_has_its_own_name(language):
    names = [languages.name(code, language=language) for code in languages.CODES]
    assert not set(names) & set(languages.CODES)
    assert len(set(names)) == len(languages.CODES) == len(set(languages.CODES))


def test_every_country_stands_in_one_region_and_the_caucasus_with_asia():
    assert {countries.region_of(code) for code in CODES} == set(countries.REGIONS)
    assert {countries.region_of(code) for code in ("AZ", "GE", "AM", "TR")} == {"asia"}
    assert countries.region_of("RU") == "europe"
    with translation.override("en"):
        assert countries.region_name("asia") == "Asia and the Caucasus"


def test_every_country_has_a_time_zone_that_can_be_loaded():
    assert all(ZoneInfo(zone) for code in CODES for zone in countries.zones(code))
    assert all(countries.zones(code) for code in CODES)
    assert countries.zones("DE")[0] == "Europe/Berlin"
    assert countries.zones("RU")[0] == "Europe/Moscow"
    assert countries.zones("US")[0] == "America/New_York"


# The world map


def shapes() -> dict[str, str]:
    """Code to path data of the drawing."""
    root = ElementTree.parse(DRAWING).getroot()  # noqa: S314 our own file
    return {path.get("id"): path.get("d") for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("id")}


def points(path: str) -> Iterator[tuple[int, int]]:
    """The corners of a path of whole numbers, M and relative l (or the square of a speck)."""
    for ring in path.split("M")[1:]:
        x, y, *steps = (int(number) for number in re.findall(r"-?\d+", ring))
        yield x, y
        for dx, dy in zip(steps[::2], steps[1::2], strict=False):
            x, y = x + dx, y + dy
            yield x, y


def test_the_map_draws_every_country_that_it_says_to_have():
    assert set(shapes()) == {code for code in CODES if worldmap.has_shape(code)} == set(CODES) - {"AQ"}


def test_all_land_can_be_drawn_with_one_element_and_brings_no_style():
    drawing = DRAWING.read_text()
    assert drawing.count('id="land"') == 1
    assert not re.search(r"style|<script|class=|fill=|stroke=", drawing)
    assert len(drawing) < 95_000


def test_no_country_is_smeared_across_the_map():
    for code, path in shapes().items():
        if code in {"US", "UM", "KI", "FR", "NZ"}:  # they do have islands on both sides of the cut
            continue
        for ring in path.split("M")[1:]:
            xs = [x for x, _ in points(f"M{ring}")]
            assert max(xs) - min(xs) < 720, code


def test_baku_lies_inside_azerbaijans_box():
    assert is_inside(worldmap.project(*BAKU), worldmap.box("AZ"))


def test_crimea_is_drawn_with_ukraine():
    at = worldmap.project(*SIMFEROPOL)
    assert is_covered(at, shapes()["UA"])
    assert not is_covered(at, shapes()["RU"])


def test_every_country_can_be_shown_and_hit_on_the_map():
    sea = (0, 0, worldmap.WIDTH, worldmap.HEIGHT)
    small = [code for code in CODES if worldmap.is_small(code)]
    assert {"MC", "MT", "FJ", "SG", "AQ"} <= set(small)
    assert not {"AZ", "DE", "GE", "NL"} & set(small)
    assert all(is_inside(worldmap.dot(code), sea) for code in CODES)
    assert all(is_inside(worldmap.box(code)[:2], sea) and min(worldmap.box(code)[2:]) >= 0 for code in CODES)


def test_the_view_of_a_region_holds_its_large_countries():
    for code, region in {"DE": "europe", "AZ": "asia", "BR": "americas", "ZA": "africa", "AU": "oceania"}.items():
        assert is_inside(worldmap.project(*countries.point(code)), worldmap.REGION_BOXES[region])
    assert tuple(worldmap.REGION_BOXES) == countries.REGIONS


def is_inside(at: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    x, y, width, height = box
    return x <= at[0] <= x + width and y <= at[1] <= y + height


def is_covered(at: tuple[float, float], path: str) -> bool:
    """Whether a point lies on land: a line from it to the left crosses the rings of the path an odd number of times."""
    crossings = 0
    for ring in path.split("M")[1:]:
        corners = list(points(f"M{ring}"))
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            if (y0 > at[1]) != (y1 > at[1]):
                crossings += x0 + (at[1] - y0) * (x1 - x0) / (y1 - y0) < at[0]
    return crossings % 2 == 1


# Country pages


def test_every_country_page_can_place_its_cities():
    seen = {code: [0, 0] for code in CODES}
    for city in cities.read():
        if outline := worldmap.outline(city.country):
            seen[city.country][outline.has_place(city.latitude, city.longitude)] += 1
    # Saint Helena's other islands are half an ocean away.
    assert {code for code, (outside, inside) in seen.items() if outside > inside} == {"SH"}
    assert seen["US"][False] == 0


def test_baku_and_nakhchivan_lie_on_the_outline_of_azerbaijan():
    outline = worldmap.outline("AZ")
    assert is_covered(outline.project(*BAKU), outline.path)
    assert is_covered(outline.project(39.21, 45.41), outline.path)
    assert not is_covered(outline.project(39.2, 46.4), outline.path)


def test_hawaii_is_an_inset_of_the_united_states():
    outline = worldmap.outline("US")
    x, y = outline.project(*HONOLULU)
    assert 0 < x < outline.width / 2 < y * outline.width / outline.height
    assert outline.has_place(*HONOLULU)


def test_guiana_is_not_on_the_outline_of_france():
    assert not worldmap.outline("FR").has_place(4.92, -52.31)
    assert worldmap.outline("GF").has_place(4.92, -52.31)


def test_a_country_without_land_on_the_map_has_no_outline():
    assert worldmap.outline("AQ") is None
