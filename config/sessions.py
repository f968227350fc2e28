"""Sessions belong to the desk: a page that did not ask who is there neither sets nor takes back a cookie."""

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class SessionsWhereAsked(SessionMiddleware):
    """Django's own takes back a broken cookie on every page, also on those that caches keep for everybody."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return super().process_response(request, response) if request.session.accessed else response
