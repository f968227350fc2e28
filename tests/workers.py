"""Processes of their own on the database of the test: the web server, and the sender of letters.

They are forked from one that has loaded the site, so that a test can start and kill many. Their clock is the test's.
"""

import multiprocessing
from collections.abc import Callable
from datetime import datetime
from multiprocessing.context import ForkServerProcess

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import run
from django.db import connections
from django.utils import timezone

from config.wsgi import application  # loads the site, where that was not done

HOST = "127.0.0.1"
SITE = [__name__, "config.urls", "events.management.commands.sendletters"]
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(SITE)


def start(act: Callable[..., None], *arguments: object, **site: object) -> ForkServerProcess:
    """A process that does `act`, with settings of its own beside those that all have; whoever starts it ends it."""
    database = str(connections["default"].settings_dict["NAME"])
    process = _forks.Process(target=_live, args=(act, arguments, site, database, timezone.now()), daemon=True)
    process.start()
    return process


def serve(port: int) -> None:
    run(HOST, port, application, threading=True)


def send_letters() -> None:
    call_command("sendletters", watch=True)


def _live(
    act: Callable[..., None], arguments: tuple[object, ...], site: dict[str, object], database: str, now: datetime
) -> None:
    time_machine.travel(now).start()
    connections.settings["default"]["NAME"] = database
    for name, value in site.items():
        setattr(settings, name, value)
    act(*arguments)
