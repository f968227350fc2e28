"""The frame of all pages, the doors of the site, its texts and its engine room."""

from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.functional import Promise
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from events import text
from events.models import Kind

STYLES = ("tokens", "base", "layout", "parts")
WITHOUT_TOKEN = {"confirm/": "submit/sent/", "my-events/enter/": "my-events/"}
CODES = tuple(code for code, _name in settings.LANGUAGES)


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page knows of the site, where it is, and where it is in the other languages."""
    language = text.current_language()
    first, _slash, rest = request.path_info.lstrip("/").partition("/")
    below = quote(_leave_out_token(rest)) if first in CODES else ""
    # Not request.GET, which refuses a thousand parameters, also to the page that says so.
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    return {
        "SITE_NAME": str(settings.SITE_NAME),
        "SITE_SHORT_NAME": _short_name(),
        "SITE_URL": settings.SITE_URL,
        "SITE_OPERATOR": settings.SITE_OPERATOR,
        "SITE_CONTACT": _linked(settings.SITE_CONTACT),
        "LANGUAGE_CODE": language,
        "frame": remember_frame(language),
        "here": f"/{language}/{below}",
        "here_in": [(code, name, f"/{code}/{below}") for code, name in settings.LANGUAGES],
        "here_in_any": f"/en/{below}" if below else "/",
        "here_query": f"?{query}" if query else "",
    }


def _leave_out_token(path: str) -> str:
    """Where to find what a link of a letter opens, without the part that opens it: no other link may hold that."""
    return next((clean for beginning, clean in WITHOUT_TOKEN.items() if path.startswith(beginning)), path)


def _short_name() -> Any:
    """For a phone, unless the operator gave the site a name of their own."""
    return _("Solidarity Day") if isinstance(settings.SITE_NAME, Promise) else settings.SITE_NAME


@cache
def _linked(contact: str) -> SafeString:
    """An e-mail address or a page in it becomes a link."""
    return SafeString(urlize(contact, autoescape=True))


@cache
def remember_frame(language: str) -> dict[str, Any]:
    """What is the same on every page of a language: half of what the frame would cost if each page asked anew."""
    return {
        "direction": "rtl" if get_language_bidi() else "ltr",
        "star": static("img/star.svg"),
        "styles": [static(f"css/{name}.css") for name in STYLES],
        "script": static("js/site.js"),
        "words": render_to_string("events/_words.html"),
        "home": reverse("home"),
        "submit": reverse("submit"),
        "main": [
            (reverse("events"), _("Events")),
            (reverse("around-the-clock"), _("Around the clock")),
            (reverse("about"), _("About the day")),
        ],
        "more": [
            (reverse("editions"), _("Earlier editions")),
            (reverse("guide"), _("Guide for organisers")),
            (reverse("my-events"), _("My events")),
            (reverse("privacy"), _("Privacy")),
        ],
    }


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the home page in the language that the visitor's browser asks for."""
    with override(get_language_from_request(request)):
        response = redirect("home")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = "".join(f"Disallow: {path}\n" for path in ("/admin/", "/*/confirm/", "/*/my-events/"))
    return HttpResponse(f"User-agent: *\n{closed}", content_type="text/plain")


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=60)
def about(request: HttpRequest) -> HttpResponse:
    """What the Day is."""
    return render(request, "events/about.html")


@require_safe
@cache_control(public=True, max_age=60)
def guide(request: HttpRequest) -> HttpResponse:
    """For organisers: what is published, what is not, how long it takes."""
    return render(request, "events/guide.html", {"kinds": Kind.labels})


@require_safe
@cache_control(public=True, max_age=60)
def privacy(request: HttpRequest) -> HttpResponse:
    """Each field: who sees it and how long it is kept."""
    return render(request, "events/privacy.html")
