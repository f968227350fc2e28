"""Cities suggested while one types: asked for by the script of the form, the same for everybody."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import text
from events.geo import countries
from events.models import City

LONGEST_QUERY = 100  # characters; the form takes no longer name
MOST = 8  # fit above the keyboard of a phone
DAY = 24 * 60 * 60


@require_safe
@cache_control(public=True, max_age=DAY)
def suggest(request: HttpRequest) -> JsonResponse:
    """The largest cities of `country` of which a name begins with `q`, and the country's time zones.

    Without `q` its largest cities; what is not known has none.
    """
    try:
        country, query = request.GET.get("country", "").upper(), request.GET.get("q", "")
    except SuspiciousOperation:  # more parameters than anybody asks with
        return JsonResponse({"cities": [], "zones": []}, status=400)
    if country not in countries.names("en"):
        return JsonResponse({"cities": [], "zones": []})
    cities = [_describe(city) for city in _find(country, query)]
    return JsonResponse({"cities": cities, "zones": countries.zones(country)})


def _find(country: str, query: str) -> list[City]:
    if len(query) > LONGEST_QUERY or text.has_unshowable(query):
        return []
    if not query.strip():
        return list(City.objects.filter(country=country).order_by("-population")[:MOST])
    found = list(City.objects.suggest(country, query, limit=MOST))
    # Neukölln is a "Berlin-Neukölln" too: what is really called so comes first.
    start = text.fold(query)
    return sorted(found, key=lambda city: not text.fold(city.name).startswith(start))


def _describe(city: City) -> dict[str, Any]:
    return {
        "id": city.pk,
        "name": city.name,
        "zone": city.zone,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "population": city.population,
    }
