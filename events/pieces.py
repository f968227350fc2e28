"""Pieces of pages, rendered once and stored: rendering is what a page costs (docs/decisions/0009-stored-pieces.md).

A piece depends on its key and on the version of what it shows, and on nothing else: not on the moment, the query string
or the visitor. Each language has its own. The store keeps the newest version alone, so that it does not grow with every
decision; whoever finds another version renders anew.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
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


def render(template: str, *key: object, version: object, context: Callable[[], dict[str, Any]]) -> SafeString:
    """Return `template` in the reader's language: the stored piece, or rendered with what `context` returns."""
    return remember(template, *key, version=version, make=lambda: render_to_string(template, context()))


def remember(*key: object, version: object, make: Callable[[], Any]) -> Any:
    """Return what `make` returns, from the store where it was made for this `version` before.

    `key` and `version`, mostly that of the directory, are all that it may depend on besides the language.
    """
    address = _address(*key)
    stored = cache.get(address)
    if not _is(version, stored):
        stored = (version, make())
        cache.set(address, stored, timeout=None)
    return stored[1]


def cards(versions: Iterable[tuple[int, int]], *, rows: Mapping[int, Event] | None = None) -> dict[int, SafeString]:
    """Return cards in the reader's language, by the numbers of their events and in the order of `versions`.

    `versions` are numbers and versions of published events. Whole rows cost more to read than cards to join: they are
    read only for cards that are not stored, unless the caller has the `rows`. What was withdrawn just now has no card.
    """
    wanted = {pk: (_address(CARD, pk), version) for pk, version in versions}
    stored = cache.get_many([address for address, _version in wanted.values()])
    found = {pk: stored[address][1] for pk, (address, version) in wanted.items() if _is(version, stored.get(address))}
    if missing := wanted.keys() - found.keys():
        if rows is None:
            rows = Event.objects.published().select_related("place").in_bulk(missing)
        fresh = {pk: render_to_string(CARD, {"event": rows[pk]}) for pk in missing if pk in rows}
        cache.set_many({wanted[pk][0]: (rows[pk].version, card) for pk, card in fresh.items()}, timeout=None)
        found |= fresh
    return {pk: found[pk] for pk in wanted if pk in found}


def _is(version: object, stored: tuple[object, SafeString] | None) -> bool:
    return stored is not None and stored[0] == version


def _address(*key: object) -> str:
    return ":".join(map(str, ("piece", _release(), get_language(), *key)))


@functools.cache
def _release() -> str:
    """Changes with every file that a piece may be made from, so that after an update none is of the release before."""
    digest = sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder in ("events", "locale", "templates"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            if file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
