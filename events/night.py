"""The world by night: what the home page's map and the list under it show of an edition."""

from dataclasses import dataclass
from math import sqrt

from django.utils import translation
from django.utils.translation import gettext, ngettext

from events import lights
from events.geo import clusters, worldmap
from events.lights import Country, Light, Region

LARGEST, SMALLEST = 1.0, 0.3  # radii in percent of the drawing's size: a light does not grow when one zooms in
MANY = 16  # events that a city has to have for the largest light, unless there are fewer in all
NEAR = 1.0  # map units, about 15 km in Germany: what is nearer is one dot at every zoom but the last
MOST_LIGHTS = 400  # so that the page does not grow with the directory

Point = tuple[float, float]  # x and y in map units


@dataclass(frozen=True)
class WorldLight:
    """One circle on the world map: a city, or several too near each other to be told apart, named by the largest.

    x and y in map units, the radius in percent of the drawing's size.
    """

    city: str
    country: str
    label: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class World:
    """All that the map of an edition and the list under it show. It does not depend on the hour.

    `region` is the key of what the map opens at, empty for the whole world. The companion beside the map shows Europe
    as long as the map shows the world, and then the world, with a frame around what the map shows. A shape is a country
    and, if it is too small to be hit but has lights or embers, where its dot stands.
    """

    region: str
    events: int
    countries: int
    cities: int
    shapes: list[tuple[Country, Point | None]]
    lights: list[WorldLight]
    embers: list[WorldLight]
    regions: list[Region]

    @property
    def whole(self) -> worldmap.Box:
        return worldmap.WORLD

    @property
    def view(self) -> worldmap.Box:
        return worldmap.view_box(self.region)

    @property
    def companion(self) -> worldmap.Box:
        return worldmap.view_box("" if self.region else "europe")

    @property
    def europe(self) -> Region:
        return next(region for region in self.regions if region.key == "europe")


def world(edition: int, *, region: str = "", language: str) -> World:
    """Draw the map of `edition` in a language of the site, opened at a region, or whole for what is no region's key."""
    directory = lights.count(edition)
    with translation.override(language):
        all_countries = directory.countries(language)
        return World(
            region=region if region in worldmap.REGION_BOXES else "",
            events=directory.events,
            countries=len(directory.by_country),
            cities=len(directory.lights),
            shapes=_shapes(all_countries, shining={light.country for light in (*directory.lights, *directory.embers)}),
            lights=_gather(directory.lights),
            embers=_gather(directory.embers),
            regions=lights.regions(all_countries),
        )


def _shapes(all_countries: list[Country], *, shining: set[str]) -> list[tuple[Country, Point | None]]:
    """The countries in the order in which Tab meets them; those with events and then the dots lie over the others."""
    dots = {code: worldmap.dot(code) for code in shining if worldmap.is_small(code)}
    drawn = [country for country in all_countries if worldmap.has_shape(country.code) or country.code in dots]
    drawn.sort(key=lambda country: (country.code in dots, country.events > 0))
    return [(country, dots.get(country.code)) for country in drawn]


def _gather(spread: list[Light]) -> list[WorldLight]:
    """The lights as circles of the world map; the small ones last, so that they are not hidden."""
    by_size = sorted(spread, key=lambda light: -light.events)
    at = [worldmap.project(light.latitude, light.longitude) for light in by_size]
    places = [(x, y, light.country) for (x, y), light in zip(at, by_size, strict=True)]
    groups = clusters.gather(places, nearer_than=NEAR, at_most=MOST_LIGHTS)
    sums = [sum(by_size[index].events for index in group) for group in groups]
    most = max([min(MANY, sum(sums)), 1, *sums])
    drawn = [
        _drawn(by_size[group[0]], at=at[group[0]], events=events, others=len(group) - 1, most=most)
        for group, events in zip(groups, sums, strict=True)
    ]
    return sorted(drawn, key=lambda light: -light.radius)


def _drawn(light: Light, *, at: Point, events: int, others: int, most: int) -> WorldLight:
    name = light.city
    if others:
        more = ngettext("%(name)s and %(n)s more city", "%(name)s and %(n)s more cities", others)
        name = more % {"name": name, "n": others}
    earlier = gettext("%(name)s, events in earlier years only") % {"name": name}
    label = lights.label(name, events=events) if events else earlier
    radius = max(SMALLEST, LARGEST * sqrt(events / most))  # so that areas grow with the number of events
    return WorldLight(light.city, light.country, label, round(at[0], 1), round(at[1], 1), round(radius, 2))
