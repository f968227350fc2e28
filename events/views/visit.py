"""What visitors see. Everything here starts from `Event.objects.published()`."""

import mimetypes
from datetime import date
from functools import cache
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import access, day, images, nearby, night, pieces, relay, staff, text
from events.geo import worldmap
from events.models import Event, Moment, read_moment, read_version
from events.views import errors

NEXT_EVENTS = 6


@require_safe
@cache_control(public=True, max_age=60)
def home(request: HttpRequest) -> HttpResponse:
    """The night map, the countries by region, and what comes first."""
    now = timezone.now()
    edition, to_go = day.coming_edition(now), day.days_to_go(now)
    region = request.GET.get("region", "")
    region = region if region in worldmap.REGION_BOXES else ""
    # Drawn once for both pieces, and only if one of them is not stored.
    world = cache(lambda: night.world(edition, region=region, language=text.current_language()))
    version = f"{edition} {to_go} {read_version()}"
    regions = pieces.render("events/_regions.html", version=version, context=lambda: {"regions": world().regions})
    sky = {"edition": edition, "days_to_go": to_go}
    next_events = Event.objects.published().in_edition(edition).upcoming(now=now)[:NEXT_EVENTS]
    context = {
        "night": pieces.render("events/_night.html", region, version=version, context=lambda: sky | {"world": world()}),
        "regions": regions,
        "next_cards": pieces.cards(next_events.values_list("pk", "version")).values(),
    }
    return render(request, "events/home.html", context)


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
        "relay": relay.follow(edition, language=text.current_language()),
        "arc": relay.ARC,
    }


@require_safe
@cache_control(public=True, max_age=60)
def event(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One published event. A withdrawn one is gone (410), or leads to the one with which it was put together.

    Any other unpublished one was never there (404).
    """
    published = Event.objects.published().filter(pk=pk)
    found = published.values("slug", "version", "is_sample").first()
    if not found:
        return _missing(request, pk)
    if slug != found["slug"]:
        return redirect("event", pk, found["slug"], permanent=True)
    # The whole row is read once, and only if one of the parts is not stored.
    row = cache(lambda: get_object_or_404(published.select_related("place")))
    parts = {
        # They tell absolute times, so that they depend on the event alone.
        part: pieces.render(
            f"events/_event_{part}.html", pk, version=found["version"], context=lambda: {"event": row()}
        )
        for part in ("title", "description", "article")
    }
    moment = read_moment(now=timezone.now())
    near = pieces.render("events/_nearby.html", pk, version=moment, context=lambda: _near(row(), moment))
    return render(request, "events/event.html", {**parts, "nearby": near, "is_sample": found["is_sample"]})


def _near(event: Event, moment: Moment) -> dict[str, Any]:
    neighbours = nearby.find_neighbours(event, moment=moment)
    rows = {neighbour.event.pk: neighbour.event for neighbour in neighbours}
    cards = pieces.cards(((pk, row.version) for pk, row in rows.items()), rows=rows)
    return {
        "is_near": any(neighbour.kilometres is not None for neighbour in neighbours),
        "nearby": [(neighbour.kilometres, cards[neighbour.event.pk]) for neighbour in neighbours],
    }


def _missing(request: HttpRequest, pk: int) -> HttpResponse:
    gone = Event.objects.withdrawn_after_publishing().filter(pk=pk).first()
    if not gone:
        raise Http404
    # Not for ever: a merging can be undone.
    return redirect(gone.survivor) if gone.survivor else errors.gone(request)


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
    if not staff.is_let_in(request.user):
        return False
    mine = Event.objects.for_moderator(request.user)
    return mine.filter(Q(image=name) | Q(amendment__image=name)).exists()
