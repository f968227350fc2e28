"""The doors and the engine room of the site."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page knows of the site, and the same page in the other languages."""
    first, _, rest = request.path_info.lstrip("/").partition("/")
    languages = dict(settings.LANGUAGES)
    here = rest if first in languages else ""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SITE_OPERATOR": settings.SITE_OPERATOR,
        "SITE_CONTACT": settings.SITE_CONTACT,
        "here_in": [(code, name, f"/{code}/{quote(here)}") for code, name in languages.items()],
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
    return HttpResponse("User-agent: *\nDisallow: /admin/\nDisallow: /*/confirm/\n", content_type="text/plain")


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
    return render(request, "events/guide.html")


@require_safe
@cache_control(public=True, max_age=60)
def privacy(request: HttpRequest) -> HttpResponse:
    """Each field: who sees it and how long it is kept."""
    return render(request, "events/privacy.html")
