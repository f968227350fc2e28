"""The Day itself: the relay of its midnights around the world, and its earlier editions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=60)
def around_the_clock(request: HttpRequest) -> HttpResponse:
    """The Day as a relay of midnights."""
    return render(request, "events/around_the_clock.html")


@require_safe
@cache_control(public=True, max_age=60)
def editions(request: HttpRequest) -> HttpResponse:
    """All editions before the coming one."""
    return render(request, "events/editions.html")


@require_safe
@cache_control(public=True, max_age=60)
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """What was reported of one edition."""
    return render(request, "events/edition.html", {"edition": year})
