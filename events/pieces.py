"""Pieces of pages, rendered once and stored: rendering is what a page costs (docs/decisions/0009-stored-pieces.md).

A piece depends on its key and on nothing else: not on the moment, the query string or the visitor. Each is stored for
one language, and for one version of what it shows, so that none has to be deleted when something changes.
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
KEPT_FOR = 24 * 3600  # seconds; then nobody has asked for the version any more


def render(template: str, *key: object, context: Callable[[], dict[str, Any]]) -> SafeString:
    """Return `template` in the reader's language, from the store or with what `context` returns.

    `key` is all that the context depends on, the version of the directory included.
    """
    address = _address(template, *key)
    if (stored := cache.get(address)) is None:
        stored = render_to_string(template, context())
        cache.set(address, stored, KEPT_FOR)
    return stored


def cards(events: Iterable[Event]) -> list[SafeString]:
    """Return the cards of `events` in their order, in the reader's language."""
    addresses = {_address(CARD, event.pk, event.version): event for event in events}
    stored = cache.get_many(addresses)
    missing = addresses.keys() - stored.keys()
    rendered = {address: render_to_string(CARD, {"event": addresses[address]}) for address in missing}
    if rendered:
        cache.set_many(rendered, KEPT_FOR)
    return [stored.get(address) or rendered[address] for address in addresses]


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
