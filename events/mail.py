"""Every letter of the directory: one function and one template each, in the language of whoever reads it.

All are rendered at once and put in the outbox in the transaction of the step that causes them; `sendletters` sends
them. Who reported an event gave no address of an organiser, and so there is no letter about it.
"""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from events import outbox, text
from events.models import Event

Link = tuple[object, ...]  # the name of an address and its parts

# To an address that is not proven (yet): they hold nothing that anybody typed, so that nobody can spread it by us.


@sensitive_variables("token")
def confirm_submission(event: Event, *, token: str) -> None:
    """Ask whoever submitted to prove the address."""
    if event.contact_email:
        _queue("confirm", event.contact_email, language=event.contact_language, link=("confirm", token))


@sensitive_variables("token")
def enter(address: str, *, language: str, token: str) -> None:
    """The link to my events that somebody asked for."""
    _queue("enter", address, language=language, link=("enter", token))


# About an event, to its organiser


def received(event: Event) -> None:
    """A moderator will look at the event."""
    _tell("received", event)


def published(event: Event, *, reason: str = "") -> None:
    """`reason` is a note of the moderator, or empty."""
    _tell("published", event, reason=reason, link=_page(event))


@sensitive_variables("token")
def returned(event: Event, *, reason: str, token: str = "") -> None:
    """A moderator asks for a change; with `token`, an entry, the letter leads to where it is made."""
    _tell("returned", event, reason=reason, link=("enter", token) if token else ())


def declined(event: Event, *, reason: str) -> None:
    _tell("declined", event, reason=reason)


def cancelled(event: Event, *, reason: str) -> None:
    """`reason` is a note of whoever did it, or empty."""
    _tell("cancelled", event, reason=reason, link=_page(event))


def postponed(event: Event, *, reason: str) -> None:
    """`reason` is a note of whoever did it, or empty."""
    _tell("postponed", event, reason=reason, link=_page(event))


def restored(event: Event, *, reason: str = "") -> None:
    """It is no longer cancelled or postponed; `reason` is a note of whoever did it, or empty."""
    _tell("restored", event, reason=reason, link=_page(event))


def reopened(event: Event, *, reason: str = "") -> None:
    """A decision is taken back, and the event waits for another; `reason` is a note of the moderator, or empty."""
    _tell("reopened", event, reason=reason)


def withdrawn(event: Event) -> None:
    _tell("withdrawn", event)


def merged(event: Event, *, into: Event) -> None:
    """The event was registered twice, and visitors find the other one."""
    _tell("merged", event, link=_page(into))


def amendment_accepted(event: Event, *, reason: str = "") -> None:
    """Visitors see what the organiser proposed; `reason` is a note of the moderator, or empty."""
    _tell("amendment_accepted", event, reason=reason, link=_page(event))


@sensitive_variables("token")
def amendment_refused(event: Event, *, reason: str, token: str = "") -> None:
    """The event stays as it was; `token` as in `returned`."""
    _tell("amendment_refused", event, reason=reason, link=("enter", token) if token else ())


def amendment_reconsidered(event: Event, *, reason: str = "") -> None:
    """What was refused is looked at again; `reason` is a note of the moderator, or empty."""
    _tell("amendment_reconsidered", event, reason=reason)


@sensitive_variables("token")
def amendment_reverted(event: Event, *, reason: str, token: str = "") -> None:
    """The event is again as it was before a change that was published; `token` as in `returned`."""
    _tell("amendment_reverted", event, reason=reason, link=("enter", token) if token else ())


# To moderators


def digest(address: str, *, language: str, counts: Sequence[str], first: Sequence[object]) -> None:
    """What waits at the desk: how much of each kind, and the `words` and `address` of what comes first."""
    _queue("digest", address, language=language, link=("admin:events_event_changelist",), counts=counts, first=first)


# The one way


def _page(event: Event) -> Link:
    return ("event", event.pk, event.slug)


def _tell(name: str, event: Event, *, link: Link = (), reason: str = "") -> None:
    if event.contact_email:
        facts = {"event": event, "reason": reason}
        _queue(name, event.contact_email, language=event.contact_language, link=link, **facts)


@sensitive_variables("link", "message")
def _queue(name: str, address: str, *, language: str, link: Link, **facts: object) -> None:
    """Render `mail/<name>.txt`, whose first line is the subject, and put it in the outbox."""
    with translation.override(language):
        context = {
            **facts,
            "url": _find_url(link) if link else "",
            "my_events": _find_url(("my-events",)),
            "site_name": settings.SITE_NAME,
        }
        subject, _, message = render_to_string(f"mail/{name}.txt", context).strip().partition("\n")
    outbox.add(address, subject=text.clean_line(subject), message=text.clean_text(message) + "\n")


@sensitive_variables("link")
def _find_url(link: Link) -> str:
    return settings.SITE_URL + reverse(str(link[0]), args=link[1:])
