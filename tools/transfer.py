"""What a page costs on the wire: measured by the browser, as it comes."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Page


class Answer(NamedTuple):
    """One answer that a page needed: the path asked for, and its bytes, compressed and with the headers."""

    path: str
    size: int


def measure_transfer(page: Page, address: str) -> list[Answer]:
    """What a visit to the page brings over the wire until nothing more comes; what the browser has is left out."""
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def hear_request(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def hear_end(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    session = page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", hear_request)
    session.on("Network.loadingFinished", hear_end)
    session.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    session.detach()
    # What comes from the browser's own cache has no size.
    return [Answer(asked[request], size) for request, size in sizes.items() if size]


def weigh(answers: list[Answer], *, has_pictures: bool = True) -> int:
    """The bytes of all, or of all but the pictures of events."""
    return sum(answer.size for answer in answers if has_pictures or not answer.path.startswith("/pictures/"))
