"""Cities known to the site: suggestions in the form, coordinates and time zones."""

from django.db import models

from events.text import fold

OWN_NAME_WEIGHT = 50
MUCH_LIKELIER = 20  # times: then nobody is asked which is meant
FAR = (1.5, 3.0)  # degrees of latitude and longitude from a city's middle


class CityQuerySet(models.QuerySet["City"]):
    """Cities by what people type. Population decides, because some of the spellings known are wrong."""

    def suggest(self, country: str, query: str, *, limit: int = 10) -> "CityQuerySet":
        """Return the largest cities of a country of which a name begins with the query; none for an empty query."""
        start = fold(query)
        if not start:
            return self.none()
        return self.filter(country=country, search__contains=f"|{start}").order_by("-population")[:limit]

    def largest_names(self, country: str, *, limit: int = 60) -> list[str]:
        """Return the names of the largest cities of a country; none for an unknown one."""
        return list(self.filter(country=country).order_by("-population").values_list("name", flat=True)[:limit])

    def match(self, country: str, name: str) -> "City | None":
        """Return the city of a country that has this name in any spelling, the likeliest where several have it."""
        return next(iter(self._named(country, name)), None)

    def namesakes(self, country: str, name: str) -> "list[City]":
        """Return the cities that one may well mean by this name, the likeliest first; none if it can be but one.

        They are in different time zones, or far from each other.
        """
        named, whole = self._named(country, name), fold(name)
        likely = [city for city in named if city.likeness_to(whole) * MUCH_LIKELIER > named[0].likeness_to(whole)]
        others = [city for city in likely if city.zone != named[0].zone or not city.is_near(named[0].point)]
        return [named[0], *others] if others else []

    def _named(self, country: str, name: str) -> "list[City]":
        """All that have this name in any spelling, the likeliest first."""
        whole = fold(name)
        if not whole:
            return []
        found = self.filter(country=country, search__contains=f"|{whole}|").order_by("-population", "id")
        return sorted(found, key=lambda city: city.likeness_to(whole), reverse=True)


class City(models.Model):
    """A place of 5,000 people or more, or any in Azerbaijan. Rows come from `loadcities` and are never deleted."""

    id = models.PositiveIntegerField(primary_key=True)  # GeoNames'
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    zone = models.CharField(max_length=40)
    population = models.PositiveIntegerField()
    search = models.TextField()  # |folded name|folded name|
    data_version = models.CharField(max_length=16)  # of the files this row was last loaded from

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "cities"
        indexes = [
            # suggest() and match(): WHERE country = ? AND search LIKE ? ORDER BY population DESC LIMIT ?
            models.Index(fields=("country", "-population"), name="city_country_population"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude of its middle."""
        return self.latitude, self.longitude

    def is_near(self, point: tuple[float, float]) -> bool:
        """Whether the point may lie in the city or around it."""
        return abs(point[0] - self.latitude) <= FAR[0] and abs(point[1] - self.longitude) <= FAR[1]

    def likeness_to(self, folded: str) -> int:
        """Return how likely the city is meant by this name of it: its people, and more if it is the city's own name.

        Tolyatti was Stavropol once and is larger than Stavropol; New Delhi has a fortieth of Delhi's people.
        """
        return self.population * (OWN_NAME_WEIGHT if self.search.startswith(f"|{folded}|") else 1)
