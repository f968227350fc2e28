"""What lets an organiser in without an account: links in letters, sessions, keys to the pictures of their own events.

Tokens are random and kept only as hashes; the sender empties the letter that held one, when it has left.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.db.models import QuerySet
from django.http import Http404
from django.views.decorators.debug import sensitive_variables

from events.models import Event, Link, Step, Verb

CONFIRM_WITHIN = timedelta(days=7)
ENTER_WITHIN = timedelta(hours=1)  # by a link that was asked for
ANSWER_WITHIN = timedelta(days=7)  # by the link of a letter that asks for an answer
SESSION_LASTS = timedelta(hours=4)


class NotEntered(Http404):
    """Whoever asks has not entered (any more), and so finds nothing; the page tells how to enter."""


# Links in letters


def make_confirmation(event: Event, *, now: datetime) -> str:
    """Store a link for `event` and return its token, which nothing but the letter may hold."""
    return _make(Link(event=event, purpose=Link.Purpose.CONFIRM, expires_at=now + CONFIRM_WITHIN))


@sensitive_variables("token")
def find_event(token: str, *, now: datetime) -> Event | None:
    """The event that a valid confirmation link was made for, or None."""
    links = Link.objects.select_related("event__place").filter(purpose=Link.Purpose.CONFIRM, expires_at__gt=now)
    link = links.filter(digest=_digest(token)).first()
    return link.event if link else None


def make_entry(address: str, *, now: datetime, event: Event | None = None) -> str:
    """Store a link that lets in whoever reads the mail of `address`, and return its token.

    Of a letter about `event` that asks for an answer, it leads there and is valid for days.
    """
    lifetime = ANSWER_WITHIN if event else ENTER_WITHIN
    return _make(Link(address=address.lower(), event=event, purpose=Link.Purpose.ENTER, expires_at=now + lifetime))


@sensitive_variables("token")
def is_entry(token: str, *, now: datetime) -> bool:
    """Whether the token would let somebody in; looking at it, as mail scanners do, does not use it up."""
    return _valid(token, purpose=Link.Purpose.ENTER, now=now).exists()


# Sessions

_SESSION_KEY = "organiser"


@sensitive_variables("token", "new")
def enter(token: str, session: SessionBase, *, now: datetime) -> tuple[bool, int | None]:
    """Turn the entry into a session of this browser. Returns whether it was valid, and which event to show first.

    One conditional UPDATE, so that of two who press at once one gets in.
    """
    entry, new = _valid(token, purpose=Link.Purpose.ENTER, now=now), secrets.token_urlsafe(32)
    event = entry.values_list("event", flat=True).first()
    turned = {"digest": _digest(new), "purpose": Link.Purpose.SESSION, "expires_at": now + SESSION_LASTS}
    if not entry.update(**turned, event=None):
        return False, None
    _end(session)  # who enters by another address leaves the one before
    session.cycle_key()
    session[_SESSION_KEY] = new
    return True, event


def find_address(session: SessionBase, *, now: datetime) -> str:
    """The address whose owner has entered in this browser, in lower case; empty if nobody has lately."""
    token = session.get(_SESSION_KEY, "")
    if not token:
        return ""
    return _valid(token, purpose=Link.Purpose.SESSION, now=now).values_list("address", flat=True).first() or ""


def hold(session: SessionBase, *, now: datetime) -> None:
    """Nobody ends the organiser's session, or deletes their data, before the transaction is over; else `NotEntered`."""
    entered = _valid(session.get(_SESSION_KEY, ""), purpose=Link.Purpose.SESSION, now=now)
    if not entered.select_for_update().values_list("pk").first():
        raise NotEntered


def leave(session: SessionBase) -> None:
    """End the organiser's session; a moderator who uses the same browser stays signed in."""
    _end(session)
    if not session.keys():
        session.flush()  # nobody is known by the cookie any more, and so it goes


def _end(session: SessionBase) -> None:
    if token := session.pop(_SESSION_KEY, ""):
        Link.objects.filter(digest=_digest(token), purpose=Link.Purpose.SESSION).delete()


def forget(address: str) -> None:
    """Delete the links and end the sessions of an address, in whichever browsers they are."""
    Link.objects.filter(address=address.lower()).delete()


# Pictures

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


# What an organiser may know of the history of their event

# What a moderator writes with these is meant for the organiser, who got it in a letter as well.
TOLD = {
    *(Verb.PUBLISH, Verb.RETURN, Verb.DECLINE, Verb.REOPEN, Verb.CANCEL, Verb.POSTPONE, Verb.RESTORE),
    *(Verb.ACCEPT, Verb.REFUSE, Verb.RECONSIDER, Verb.REVERT, Verb.SPLIT),
}


def find_verb(step: Step) -> Verb:
    """Spam is refused in silence: it reads like any refusal."""
    return Verb.DECLINE if step.verb == Verb.SPAM else Verb(step.verb)


def find_reason(step: Step) -> str:
    """What was written with the step: their own words, and those of a moderator that were meant for them."""
    is_own = not step.by_id and step.verb != Verb.IMPORT
    return step.reason if is_own or (step.verb in TOLD and not _follows_spam(step)) else ""


def _follows_spam(step: Step) -> bool:
    """Whether it took back a refusal in silence, and so there was no letter of it either.

    No query where the steps were read with their event.
    """
    before = step.version - 1
    return step.verb == Verb.REOPEN and any(
        other.verb == Verb.SPAM and other.version == before for other in step.event.steps.all()
    )


@sensitive_variables("token")
def _make(link: Link) -> str:
    token = secrets.token_urlsafe(32)
    link.digest = _digest(token)
    link.save(force_insert=True)
    return token


@sensitive_variables("token")
def _valid(token: str, *, purpose: Link.Purpose, now: datetime) -> QuerySet[Link]:
    return Link.objects.filter(digest=_digest(token), purpose=purpose, expires_at__gt=now)


@sensitive_variables("token")
def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
