"""Forms as they come, from strangers and organisers: counted, and given back where too many came."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events import limits
from events.forms import stamp

Form = TypeVar("Form", bound=BaseForm)


def read_form(request: HttpRequest, make: Callable[..., Form], *, now: datetime) -> tuple[Form, limits.TooMany | None]:
    """The form with what was sent, and the limit it met, if any: then no picture is looked at, but all else is kept."""
    try:
        limits.count_form(request, now=now)
    except limits.TooMany as refusal:
        form = make(request.POST)
        form.is_valid()  # what it says of all else is shown too
        if request.FILES and "image" in form.fields:
            form.add_error("image", _("Choose the picture again."))
        form.add_error(None, str(refusal))
        return form, refusal
    return make(request.POST, request.FILES), None


def count_stamp(guard: stamp.GuardForm, *, now: datetime) -> None:
    """While a proof of work is demanded, count that something is stored for it; `TooMany` if something was already."""
    if guard.work_bits:
        limits.count(limits.STAMPS, guard.cleaned_data["stamp"], now=now)


def explain(refusal: limits.TooMany) -> str:
    """What was met, as a sentence; with a stamp that was used nobody waits, for the form comes with another."""
    return str(stamp.USED if refusal.limit in limits.STAMPS else refusal)


def mark_refused(response: HttpResponse, refusal: Exception) -> HttpResponse:
    """The page that says why something was refused; of a limit programs learn too, and for how long."""
    if isinstance(refusal, limits.TooMany) and refusal.limit not in limits.STAMPS:
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.wait)
    return response
