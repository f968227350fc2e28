"""Forms come in UTF-8, as every browser sends them."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def demand_utf8(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to a body that says it is in another encoding: UTF-7 can smuggle in halves of characters."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("another encoding than UTF-8")
        return get_response(request)

    return answer
