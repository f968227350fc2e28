"""Pieces of pages, rendered once and stored: rendering is what a page costs (docs/decisions/0009-stored-pieces.md).

A piece depends on its key and on the version of what it shows, and on nothing else: not on the moment, the query string
or the visitor. Each language has its own. The store keeps the newest version alone, so that it does not grow with every
decision; whoever finds another version renders anew.
"""

from collections.abc import Callable, Iterable
from functools import cache as remember
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from events.models import Event

CARD = "events/_event_card.html"


def render(template: str, *key: object, version: str, context: Callable[[], dict[str, Any]]) -> SafeString:
    """Return `template` in the reader's language: the stored piece, or rendered with what `context` returns.

    `key` and `version`, that of the directory, are all that the context depends on.
    """
    address = _address(template, *key)
    stored_version, piece = cache.get(address, ("", None))
    if piece is None or stored_version != version:
        piece = render_to_string(template, context())
        cache.set(address, (version, piece), timeout=None)
    return piece


def cards(events: Iterable[Event]) -> list[SafeString]:
    """Return the cards of `events` in their order, in the reader's language."""
    wanted = {_address(CARD, event.pk): event for event in events}
    stored = cache.get_many(wanted)
    missing = {
        address: (event.version, render_to_string(CARD, {"event": event}))
        for address, event in wanted.items()
        if stored.get(address, (None,))[0] != event.version
    }
    if missing:
        cache.set_many(missing, timeout=None)
    return [piece for _version, piece in map((stored | missing).__getitem__, wanted)]


def _address(*key: object) -> str:
    return ":".join(map(str, ("piece", _release(), get_language(), *key)))


@remember
def _release() -> str:
    """Changes with every file that a piece may be made from, so that after an update none is of the release before."""
    digest = sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder in ("events", "locale", "templates"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if file.suffix in {".py", ".html", ".po"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
