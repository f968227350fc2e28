"""What visitors see. Everything here starts from `Event.objects.published()`."""

import mimetypes
from typing import Any

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import access, day, images, lights, text
from events.forms.search import SearchForm
from events.geo import countries, worldmap
from events.models import Event

PAGE_SIZE = 24
NEXT_EVENTS = 6


@require_safe
@cache_control(public=True, max_age=60)
def home(request: HttpRequest) -> HttpResponse:
    """The night map, the countries by region, and what comes first."""
    now = timezone.now()
    edition = day.coming_edition(now)
    published = Event.objects.published().in_edition(edition)
    directory = lights.count(edition)
    all_countries = directory.countries(_language())
    dotted = {light.country for light in (*directory.lights, *directory.embers) if worldmap.is_small(light.country)}
    context = {
        "edition": edition,
        "directory": directory,
        "days_to_go": day.days_to_go(now),
        "map": {
            "countries": [country for country in all_countries if worldmap.has_shape(country.code)],
            "dots": [(country, worldmap.dot(country.code)) for country in all_countries if country.code in dotted],
            "lights": lights.on_world(directory.lights),
            "embers": lights.on_world(directory.embers),
            "size": (worldmap.WIDTH, worldmap.HEIGHT),
        },
        "regions": lights.regions(all_countries),
        "next_events": published.select_related("place").upcoming(now=now)[:NEXT_EVENTS],
    }
    return render(request, "events/home.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def country(request: HttpRequest, code: str) -> HttpResponse:
    """One country: its outline with lights, and its events by city."""
    code = code.upper()
    names = countries.names(_language())
    if code not in names:
        raise Http404
    edition = day.coming_edition(timezone.now())
    directory = lights.count(edition, country=code)
    events = Event.objects.published().in_edition(edition).filter(country=code).select_related("place")
    outline = worldmap.outline(code)
    context = {
        "edition": edition,
        "country": lights.Country(code, names[code], directory.events),
        "region": countries.region_name(countries.region_of(code)),
        "outline": outline,
        "lights": lights.on_outline(directory.lights, outline) if outline else [],
        "embers": lights.on_outline(directory.embers, outline) if outline else [],
        "cities": _by_city(events.order_by("starts_at", "id")),
        "earlier": Event.objects.published().filter(country=code, edition__lt=edition).order_by("-starts_at")[:50],
    }
    return render(request, "events/country.html", context)


def _by_city(events: Any) -> list[tuple[str, list[Event]]]:
    """Events under the name of their city in the data, cities in the order of their first event."""
    cities: dict[Any, list[Event]] = {}
    for event in events:
        cities.setdefault(event.place_id or text.fold(event.city), []).append(event)
    return [(group[0].place.name if group[0].place else group[0].city, group) for group in cities.values()]


@require_safe
@cache_control(public=True, max_age=60)
def listing(request: HttpRequest) -> HttpResponse:
    """Search and filters, a page at a time."""
    form = SearchForm(request.GET, now=timezone.now())
    page = Paginator(form.events(), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "query": query.urlencode(), "edition": form.chosen_edition}
    return render(request, "events/listing.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def event(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One published event. A withdrawn one is gone (410), any other unpublished one was never there (404)."""
    found = Event.objects.published().select_related("place").filter(pk=pk).first()
    if not found:
        return _missing(request, pk)
    if slug != found.slug:
        return redirect(found, permanent=True)
    same_country = Event.objects.published().in_edition(found.edition).filter(country=found.country).exclude(pk=pk)
    context = {
        "event": found,
        "now": timezone.now(),
        "nearby": same_country.select_related("place").order_by("starts_at", "id")[:4],
    }
    return render(request, "events/event.html", context)


def _missing(request: HttpRequest, pk: int) -> HttpResponse:
    if not Event.objects.withdrawn_after_publishing().filter(pk=pk).exists():
        raise Http404
    return render(request, "410.html", status=410)


@require_safe
@cache_control(public=True, max_age=60)
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One published event as a calendar file."""
    raise Http404


@require_safe
def picture(request: HttpRequest, name: str, width: int, extension: str) -> HttpResponse | FileResponse:
    """A rendition of an event's picture: of a published event for everybody, else for its moderators and organiser."""
    is_public = Event.objects.published().filter(image=name).exists()
    if not is_public and not _may_see_picture(request, name):
        raise Http404
    try:
        file = default_storage.open(images.path(name, f"{width}.{extension}"))
    except (ValueError, FileNotFoundError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type=mimetypes.types_map.get(f".{extension}", f"image/{extension}"))
    # Not for ever: an event may be withdrawn, and then its picture goes too.
    response["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    return response


def _may_see_picture(request: HttpRequest, name: str) -> bool:
    if access.opens_picture(request.GET.get("key", ""), name):
        return True
    return Event.objects.for_moderator(request.user).filter(image=name).exists()


def _language() -> str:
    return get_language() or "en"
