"""Every component in every state, on one page, drawn by the templates that the site uses. Only where DEBUG is on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events import day, lights, relay
from events.forms.submission import SubmissionForm
from events.models import Event
from events.samples import colours, showcase
from events.views import errors

EXCEPTION = Exception()
ERRORS: dict[int, Callable[[HttpRequest], HttpResponse]] = {
    400: lambda request: errors.bad_request(request, EXCEPTION),
    403: lambda request: errors.forbidden(request, EXCEPTION),
    404: lambda request: errors.not_found(request, EXCEPTION),
    410: errors.gone,
    429: lambda request: errors.too_many(request, retry_after=300),
    500: errors.failed,
    503: errors.unavailable,
}
SHOWN_FIELDS = ("title", "description", "kind", "admission", "start_date", "start_time", "image", "consent")
LIGHTS = {20: 0, 70: 1, 120: 3, 170: 10, 220: 30}  # where each stands: its number of events
COUNTRIES = {
    "DE": ("Germany", 14),
    "GB": ("United Kingdom of Great Britain and Northern Ireland", 9),
    "FR": ("France", 0),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    _refuse_visitors()
    now = timezone.now()
    edition = day.coming_edition(now)
    samples = showcase.events(edition)
    context = {
        "schemes": {name: list(colours.pairs(tokens)) for name, tokens in colours.read_tokens().items()},
        "event": samples[0],
        "events": samples,
        "pictured": Event.objects.published().exclude(image="").first(),
        "forms": _forms(now),
        "page": Paginator(range(300), 10).get_page(5),
        "region": lights.Region("europe", "Europe", [lights.Country(code, *rest) for code, rest in COUNTRIES.items()]),
        "lights": [(x, lights.Light("", "", number, 0, 0).radius) for x, number in LIGHTS.items()],
        "stop": next(stop for stop in relay.follow(edition, language="en").stops if stop.is_in_baku),
        "errors": list(ERRORS),
    }
    return render(request, "styleguide.html", context)


@require_safe
def show_error(request: HttpRequest, status: int) -> HttpResponse:
    """One of the error pages, as it is sent when the error comes."""
    _refuse_visitors()
    if status not in ERRORS:
        raise Http404
    return ERRORS[status](request)


def _refuse_visitors() -> None:
    if not settings.DEBUG:
        raise Http404


def _forms(now: datetime) -> dict[str, Any]:
    """The fields of the real form by their state; each state's ids begin with its name."""
    empty = SubmissionForm(now=now, auto_id="empty_%s")
    wrong = SubmissionForm({"title": "x", "start_date": "31.02."}, now=now, auto_id="wrong_%s")
    disabled = SubmissionForm(now=now, auto_id="disabled_%s", initial={"title": "Cannot be changed", "consent": True})
    for field in disabled.fields.values():
        field.disabled = True
    states = {"empty": empty, "wrong": wrong, "disabled": disabled}
    return {state: {"form": form, "fields": [form[name] for name in SHOWN_FIELDS]} for state, form in states.items()}
