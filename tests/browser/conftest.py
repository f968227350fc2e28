"""A real browser. Every page fails its test when it asks another host for anything or logs an error.

A test takes `page`. It is a phone with JavaScript, unless the test is parametrised otherwise:

    @pytest.mark.parametrize("screen", ["phone", "desktop"])
    @pytest.mark.parametrize("has_javascript", [True, False])
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.conftest import NOW
from tools.machine import CHROMIUM_ARGUMENTS, find_chromium

SCREENS = {
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}


def refuse(reason: str) -> NoReturn:
    """Leaves the test out because the machine lacks something; CI lacks nothing."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in the thread of the tests, where Django would refuse to ask its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        except Error as error:
            refuse(f"No Chromium could be started: {error.message}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The site as a web server runs it: static files by their hashed names, pictures by our own views."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = site_alone
    server.start()
    yield server
    server.stop()


def site_alone(media_handler: WSGIHandler) -> WSGIHandler:
    """Takes off the handler with which Django's test server would show every stored picture to anybody."""
    return media_handler.application


@pytest.fixture
def screen() -> str:
    return "phone"


@pytest.fixture
def has_javascript() -> bool:
    return True


@pytest.fixture
def context(
    browser: Browser, live_server: LiveServer, settings: Settings, screen: str, has_javascript: bool
) -> Iterator[BrowserContext]:
    """A browser that never was on the site: no cookie, nothing cached."""
    settings.SITE_URL = live_server.url  # links in letters lead here
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", java_script_enabled=has_javascript, **SCREENS[screen]
    )
    context.set_default_timeout(10_000)
    context.clock.set_fixed_time(NOW)  # what scripts say of times, they say of those of the tests
    complaints = listen(context, host=urlsplit(live_server.url).netloc)
    yield context
    context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def failing_site(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """The site, and addresses where something fails, as page_types.FAILURES ask for."""
    settings.ROOT_URLCONF = "tests.failing_urls"
    caplog.set_level(logging.CRITICAL, "django")


def wait_until(is_so: Callable[[], object]) -> None:
    """Asks again until it is so; the pages' policy forbids the browser to evaluate texts by itself."""
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def listen(context: BrowserContext, *, host: str) -> list[str]:
    """A list that fills with what no page may do."""
    complaints: list[str] = []
    documents: set[str] = set()

    def hear_request(request: Request) -> None:
        address = urlsplit(request.url)
        if request.is_navigation_request():
            documents.add(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != host:
            complaints.append(f"asked another host: {request.url}")

    def hear_console(message: ConsoleMessage) -> None:
        # Chromium logs an error page because of its status, and its own wish for an icon where a page names none.
        expected = {*documents, f"http://{host}/favicon.ico"}
        is_expected = message.text.startswith("Failed to load") and message.location["url"] in expected
        if message.type == "error" and not is_expected:
            complaints.append(f"logged an error: {message.text} ({message.location['url']})")

    context.on("request", hear_request)
    context.on("console", hear_console)
    context.on("weberror", lambda error: complaints.append(f"raised: {error.error}"))
    return complaints
