"""The addresses of the site, its first page over a slow line: what has come is painted before the rest is there."""

import time
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from config.urls import urlpatterns as site
from events.views import visit

CUTS = (
    b'<nav id="menu"',
    b'<ul class="languages"',
    b'<a class="action"',
    b"<main",
    b"</h2>",
    b"</section>",
    b"<footer",
)
PAUSE = 0.2  # seconds, in which a browser paints many times


def come_slowly(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(in_pieces(visit.home(request).content))


def in_pieces(page: bytes) -> Iterator[bytes]:
    begun = 0
    for cut in CUTS:
        end = page.index(cut, begun)
        yield page[begun:end]
        time.sleep(PAUSE)
        begun = end
    yield page[begun:]


urlpatterns = [path("en/", come_slowly), *site]
