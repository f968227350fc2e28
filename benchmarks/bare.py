"""The measure of all ratios: settings and the one view of a Django site that does nothing but return 20 kB."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY = "bare"  # noqa: S105 - it protects nothing
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.bare"
PAGE = b"x" * 20_000


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("bare/", view)]
