"""The Day itself: the relay of its midnights around the world, and its earlier editions."""

from datetime import date
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import day, pieces
from events.models import read_version
from events.views import earlier, relay

PAGE_SIZE = 24


@require_safe
@cache_control(public=True, max_age=60)
def around_the_clock(request: HttpRequest) -> HttpResponse:
    """The Day as a relay of midnights. What is past and what is next, the script says."""
    edition = day.coming_edition(timezone.now())
    version = read_version()
    tell = cache(lambda: _tell_relay(edition))  # at most once, for both pieces
    context = {
        "edition": edition,
        "top": pieces.render("events/_clock_top.html", edition, version=version, context=tell),
        "stops": pieces.render("events/_clock_stops.html", edition, version=version, context=tell),
    }
    return render(request, "events/around_the_clock.html", context)


def _tell_relay(edition: int) -> dict[str, Any]:
    return {
        "edition": edition,
        "date": date(edition, 12, 31),
        "relay": relay.follow(edition, language=get_language() or "en"),
        "arc": relay.ARC,
    }


@require_safe
@cache_control(public=True, max_age=60)
def editions(request: HttpRequest) -> HttpResponse:
    """All editions before the coming one that hold anything, the newest first."""
    coming = day.coming_edition(timezone.now())
    context = {"edition": coming, "editions": earlier.editions(before=coming)}
    return render(request, "events/editions.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """What was reported of one earlier edition, a page at a time; the coming one is the listing."""
    coming = day.coming_edition(timezone.now())
    if year == coming:
        return redirect("events")
    all_editions = earlier.editions(before=coming)
    chosen = next((one for one in all_editions if one.year == year), None)
    if not chosen:
        raise Http404
    place = all_editions.index(chosen)
    page = Paginator(earlier.events(year), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "edition": chosen,
        "later": all_editions[place - 1] if place else None,
        "earlier": all_editions[place + 1] if place + 1 < len(all_editions) else None,
        "countries": chosen.countries_by_name(get_language() or "en"),
        "page": page,
        "reports": [earlier.Report(event) for event in page],
    }
    return render(request, "events/edition.html", context)
