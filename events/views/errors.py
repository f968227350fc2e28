"""Pages that say what went wrong, in the visitor's language. None asks the database."""

import errno
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

from events import access, limits
from events.forms.edit import AskForm

RETRY_AFTER = 60  # seconds, when the database cannot be reached


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _say(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, access.NotEntered):
        return _say(request, 404, template="events/mine_not_entered.html", form=AskForm())
    return _say(request, 404)


def gone(request: HttpRequest) -> HttpResponse:
    """An event that was public and that its organiser took back. Kept as long as its page was, which says how long."""
    response = _say(request, 410)
    del response.headers["Cache-Control"]
    return response


def too_many(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """Asked too often: says how many seconds to wait, in words and to programs."""
    response = _say(request, 429, wait=limits.say_wait(retry_after))
    response.headers["Retry-After"] = str(retry_after)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or one that passes."""
    return unavailable(request) if _will_pass(sys.exception()) else _say_alone(request, 500)


def _will_pass(error: BaseException | None) -> bool:
    """The database does not answer, or the disk on which an upload waits is full."""
    is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    return is_full or isinstance(error, OperationalError | InterfaceError)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _say_alone(request, 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _say(request: HttpRequest, status: int, template: str = "", **context: Any) -> HttpResponse:
    # The error may have come before the language was chosen, when that of the thread's last visitor is still set.
    with override(get_language_from_request(request, check_path=True)):
        response = render(request, template or f"{status}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _say_alone(request: HttpRequest, status: int) -> HttpResponse:
    """Without the frame of the other pages, which asks for more than may be left."""
    with override(get_language_from_request(request, check_path=True)):
        page = render_to_string(f"{status}.html")
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
