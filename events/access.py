"""What lets an organiser in without an account: links in letters. Tokens are random and kept only as hashes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from events.models import Event, Link

LIFETIME = {Link.Purpose.CONFIRM: timedelta(days=7)}


def make_link(event: Event, *, purpose: Link.Purpose, now: datetime) -> str:
    """Store a link for `event` and return its token, which nothing but the letter may hold."""
    token = secrets.token_urlsafe(32)
    event.links.create(digest=_digest(token), purpose=purpose, expires_at=now + LIFETIME[purpose])
    return token


def find_event(token: str, *, purpose: Link.Purpose, now: datetime) -> Event | None:
    """The event that a valid link of this purpose was made for, or None."""
    links = Link.objects.select_related("event__place").filter(purpose=purpose, expires_at__gt=now)
    link = links.filter(digest=_digest(token)).first()
    return link.event if link else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
