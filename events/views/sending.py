"""Forms as they come, from strangers and organisers: counted, and given back where too many came."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events import limits
from events.forms.entry import EntryForm

Form = TypeVar("Form", bound=EntryForm)


def read_form(request: HttpRequest, make: Callable[..., Form], *, now: datetime) -> tuple[Form, limits.TooMany | None]:
    """The form with what was sent, and the limit it met, if any: then no picture is looked at, but all else is kept."""
    try:
        limits.count_form(request, now=now)
    except limits.TooMany as refusal:
        form = make(request.POST)
        form.is_valid()  # what it says of all else is shown too
        if request.FILES:
            form.add_error("image", _("Choose the picture again."))
        form.add_error(None, str(refusal))
        return form, refusal
    return make(request.POST, request.FILES), None


def mark_refused(response: HttpResponse, refusal: Exception) -> HttpResponse:
    """The page that says why something was refused; of a limit programs learn too, and for how long."""
    if isinstance(refusal, limits.TooMany):
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.wait)
    return response
