"""The site (or the bare one, by DJANGO_SETTINGS_MODULE) and beside it the processor time that it has used."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

site = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`/cpu` returns the seconds of processor time, user and system, of this process since its start."""
    if environ["PATH_INFO"] != "/cpu":
        return site(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(time.process_time()).encode()]
