"""Cities known to the site: suggestions in the form, coordinates and time zones."""

from django.db import models

from events.text import fold

OWN_NAME_WEIGHT = 50


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
        whole = fold(name)
        if not whole:
            return None
        found = self.filter(country=country, search__contains=f"|{whole}|").order_by("-population", "id")
        named: list[City] = list(found)
        return max(named, key=lambda city: city.population * city.weight_of(whole), default=None)


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

    def weight_of(self, folded: str) -> int:
        """Return how much more a name counts as the city's own than as one of its other spellings.

        Tolyatti was Stavropol once and is larger than Stavropol; New Delhi has a fortieth of Delhi's people.
        """
        return OWN_NAME_WEIGHT if self.search.startswith(f"|{folded}|") else 1
