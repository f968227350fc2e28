"""What lets an organiser in without an account: links in letters, and keys to the pictures of their own events.

Tokens are random and kept only as hashes; the letter that holds one is deleted by `purge`.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core import signing

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


PICTURE_KEY_LIFETIME = timedelta(hours=1)
_PICTURE_SALT = "picture of an own event"


def make_picture_key(name: str) -> str:
    """What opens the picture `name` for an hour to whoever was just shown the page that holds the key."""
    return signing.dumps(name, salt=_PICTURE_SALT)


def opens_picture(key: str, name: str) -> bool:
    try:
        return bool(signing.loads(key, salt=_PICTURE_SALT, max_age=PICTURE_KEY_LIFETIME) == name)
    except signing.BadSignature:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
