"""Pieces of pages, rendered once and stored: rendering is what a page costs (docs/decisions/0009-stored-pieces.md).

A piece depends on its key and on the version of what it shows, and on nothing else: not on the moment, the query string
or the visitor. Each language has its own. The store keeps the newest version alone, so that it does not grow with every
decision; whoever finds another version renders anew. Without the store the site is slower, and that is all.
"""

import functools
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from events import text
from events.models import Event

CARD = "events/_event_card.html"
KEPT_FOR = 7 * 24 * 3600  # seconds: what was withdrawn, or is of an earlier release, does not stay for ever
PAUSE = 10  # seconds for which a store that failed is left alone, so that not every page waits for it

_logger = logging.getLogger(__name__)
_pause = {"until": 0.0}  # on the clock of `time.monotonic`


def render(template: str, *key: object, version: object, context: Callable[[], dict[str, Any]]) -> SafeString:
    """Return `template` in the reader's language: the stored piece, or rendered with what `context` returns."""
    return remember(template, *key, version=version, make=lambda: render_to_string(template, context()))


def remember(*key: object, version: object, make: Callable[[], Any]) -> Any:
    """Return what `make` returns, from the store where it was made for this `version` before.

    `key` and `version`, mostly that of the directory, are all that it may depend on besides the language.
    """
    address = _address(*key)
    stored = _read([address]).get(address)
    if stored is None or stored[0] != version:
        stored = (version, make())
        _write({address: stored})
    return stored[1]


def cards(versions: Iterable[tuple[int, int]], *, rows: Mapping[int, Event] | None = None) -> dict[int, SafeString]:
    """Return cards in the reader's language, by the numbers of their events and in the order of `versions`.

    `versions` are numbers and versions of published events. Whole rows cost more to read than cards to join: they are
    read only for cards that are not stored, unless the caller has the `rows`. What was withdrawn just now has no card.
    """
    wanted = {pk: (_address(CARD, pk), version) for pk, version in versions}
    stored = _read([address for address, _version in wanted.values()])
    found = {pk: stored[address][1] for pk, (address, version) in wanted.items() if _is(version, stored.get(address))}
    if missing := wanted.keys() - found.keys():
        if rows is None:
            rows = Event.objects.published().abridged().in_bulk(missing)
        fresh = {pk: render_to_string(CARD, {"event": rows[pk]}) for pk in missing if pk in rows}
        _write({wanted[pk][0]: (rows[pk].version, card) for pk, card in fresh.items()})
        found |= fresh
    return {pk: found[pk] for pk in wanted if pk in found}


def _is(version: object, stored: tuple[object, SafeString] | None) -> bool:
    return stored is not None and stored[0] == version


def _read(addresses: list[str]) -> dict[str, Any]:
    return _ask_store(lambda: cache.get_many(addresses)) or {}


def _write(stored: dict[str, Any]) -> None:
    if stored:  # nothing at all is an error to some stores
        _ask_store(lambda: cache.set_many(stored, timeout=KEPT_FOR))


def _ask_store(ask: Callable[[], Any]) -> Any:
    """Return its answer; None while it cannot be reached."""
    if time.monotonic() < _pause["until"]:
        return None
    try:
        return ask()
    except Exception as error:  # every kind of store has errors of its own
        _pause["until"] = time.monotonic() + PAUSE
        _logger.error("Pages are rendered without the store of pieces, which failed: %r", error)
        return None


def _address(*key: object) -> str:
    return ":".join(map(str, ("piece", _release(), text.current_language(), *key)))


@functools.cache
def _release() -> str:
    """Changes with every file and setting that a piece is made from: after an update none is of the release before."""
    named = (getattr(staticfiles_storage, "manifest_hash", ""), settings.SITE_URL)
    digest = sha256("\n".join(named).encode())
    for folder in ("events", "locale", "templates"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
