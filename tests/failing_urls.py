"""The addresses of the site, and some where something fails: so a browser sees the pages that only failures show."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.csrf import csrf_failure

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from config.urls import urlpatterns as site
from events.views import errors

FAILURES = {"400": SuspiciousOperation, "403": PermissionDenied, "500": RuntimeError, "503": OperationalError}


def fail(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    if kind == "403-form":
        return csrf_failure(request)
    if kind == "429":
        return errors.too_many(request, retry_after=90)
    raise FAILURES[kind]("as the test asked for")


urlpatterns = [*site, path("<slug:language>/failing/<slug:kind>/", fail)]
