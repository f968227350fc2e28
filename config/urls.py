"""Everything under one roof: the public addresses are in events/urls.py."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from events.urls import files, pages
from events.views import styleguide


def not_found(request: HttpRequest, path: str) -> HttpResponse:
    raise Http404


urlpatterns = [
    # Django's short cut from an object's number to its page would tell the names of other moderators' events.
    path("admin/r/<path:path>", not_found),
    path("admin/", admin.site.urls),
    path("styleguide/", styleguide.show),
    path("styleguide/errors/<int:status>/", styleguide.show_error),
    *files,
    *i18n_patterns(*pages),
]

handler400 = "events.views.errors.bad_request"
handler403 = "events.views.errors.forbidden"
handler404 = "events.views.errors.not_found"
handler500 = "events.views.errors.failed"
