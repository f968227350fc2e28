"""Answers that are texts leave compressed, so that the site is quick without a web server that does it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Leaves streams alone: they are pictures, which are compressed already.

    Answers that hold a secret (the desk's forms) get random bytes from Django and a masked token, so that their
    compressed length tells nothing (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)
