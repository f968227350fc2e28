"""Earlier editions: what each holds, counted, and its events."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from math import sqrt
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import day, text
from events.geo import countries
from events.models import Event
from events.models.event_queryset import EventQuerySet

PAGE_SIZE = 24


@dataclass(frozen=True)
class Edition:
    """A year with its number of events by country, and its cities, spellings of one counted once."""

    year: int
    by_country: Counter[str] = field(default_factory=Counter)
    cities: set[tuple[str, Hashable]] = field(default_factory=set)

    @property
    def events(self) -> int:
        return self.by_country.total()

    @property
    def radius(self) -> float:
        """Of its light, in pixels, so that the area grows with the number of events."""
        return round(min(3 + 2.2 * sqrt(self.events), 20), 1)

    def countries_by_name(self, language: str) -> list[tuple[str, str, int]]:
        """Code, name and number of events of each country that took part, by the alphabet of `language`."""
        named = [(code, countries.name(code, language=language), number) for code, number in self.by_country.items()]
        return sorted(named, key=lambda row: text.sort_key(row[1], language))


@dataclass(frozen=True)
class Report:
    """An event of an earlier edition with the name of the site that reported it; empty where nobody did."""

    event: Event

    @property
    def host(self) -> str:
        return (urlsplit(self.event.source_url).hostname or "").removeprefix("www.")


@require_safe
@cache_control(public=True, max_age=60)
def show_all(request: HttpRequest) -> HttpResponse:
    """All editions before the coming one that hold anything, the newest first."""
    coming = day.coming_edition(timezone.now())
    context = {"edition": coming, "editions": _count_editions(before=coming)}
    return render(request, "events/editions.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def show(request: HttpRequest, year: int) -> HttpResponse:
    """What was reported of one earlier edition, a page at a time; the coming one is the listing."""
    coming = day.coming_edition(timezone.now())
    if year == coming:
        return redirect("events")
    all_editions = _count_editions(before=coming)
    chosen = next((one for one in all_editions if one.year == year), None)
    if not chosen:
        raise Http404
    place = all_editions.index(chosen)
    page = Paginator(_events(year), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "edition": chosen,
        "later": all_editions[place - 1] if place else None,
        "earlier": all_editions[place + 1] if place + 1 < len(all_editions) else None,
        "countries": chosen.countries_by_name(text.current_language()),
        "page": page,
        "reports": [Report(event) for event in page],
    }
    return render(request, "events/edition.html", context)


def _count_editions(*, before: int) -> list[Edition]:
    """The editions before the one given that hold anything, the newest first. One query: a row for each city."""
    found: dict[int, Edition] = {}
    rows = Event.objects.published().filter(edition__lt=before).order_by()
    fields = ("edition", "country", "city", "place_id")
    for year, country, city, place, number in rows.values_list(*fields).annotate(Count("id")):
        edition = found.setdefault(year, Edition(year))
        edition.by_country[country] += number
        if city:
            edition.cities.add((country, place or text.fold(city)))
    return sorted(found.values(), key=lambda edition: -edition.year)


def _events(year: int) -> EventQuerySet:
    """The events of an edition in the order in which they took place or were reported."""
    return Event.objects.published().in_edition(year).abridged().order_by("start_date", "starts_at", "id")
