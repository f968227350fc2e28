"""Every letter of the directory: one function and one template each, in the language the organiser used.

A letter is a row of the outbox, written in the transaction of the step that causes it; `sendletters` sends it.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from post_office.models import PRIORITY, STATUS, Email

from events import text
from events.models import Event


def confirm_submission(event: Event, *, token: str) -> None:
    """Ask whoever submitted to prove the address. Holds nothing they wrote, so that nobody can spread it by us."""
    _queue("confirm", event, link=("confirm", token))


def received(event: Event) -> None:
    """The address is proven; a moderator will look at the event."""
    _queue("received", event)


def published(event: Event) -> None:
    _queue("published", event, link=("event", event.pk, event.slug))


def returned(event: Event, *, reason: str) -> None:
    _queue("returned", event, reason=reason)


def declined(event: Event, *, reason: str) -> None:
    _queue("declined", event, reason=reason)


def _queue(name: str, event: Event, *, link: tuple[object, ...] = (), reason: str = "") -> None:
    """Render `mail/<name>.txt`, whose first line is the subject, and put it in the outbox.

    The row is made here and not by post_office's `send`, which would render what people typed as a template.
    """
    if not event.contact_email:  # reported events have no organiser of ours
        return
    with translation.override(event.contact_language):
        url = settings.SITE_URL + reverse(str(link[0]), args=link[1:]) if link else ""
        context = {"event": event, "url": url, "reason": reason, "site_name": settings.SITE_NAME}
        subject, _, body = render_to_string(f"mail/{name}.txt", context).strip().partition("\n")
    Email.objects.create(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[event.contact_email],
        subject=text.clean_line(subject),
        message=text.clean_text(body) + "\n",
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
