"""Two registrations of one gathering: put together, and taken apart again."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from events import mail
from events.amendments import demand_seen
from events.models import Event, Status, Verb, change_version
from events.moderation import make_move
from events.moves import NotAllowed


def merge(
    event: Event,
    *,
    by: User,
    into: Event,
    version: int | None = None,
    into_version: int | None = None,
    proposal: int | None = None,
    reason: str = "",
) -> None:
    """Withdraw the event, which is the published one `into` once more, and tell its organiser where that stands.

    The versions are those of both that were looked at, and of the open `proposal` for the one to be withdrawn, 0 if
    none was there: it would leave the queue unseen.
    """
    with transaction.atomic():
        change_version()
        both = Event.objects.for_moderator(by).filter(pk__in={event.pk, into.pk}).order_by("pk")
        held = {row.pk: row for row in both.select_for_update()}  # so that none of the two goes meanwhile
        remains = held.pop(into.pk, None)
        if not held or not remains or remains.status != Status.PUBLISHED:
            raise NotAllowed(_("The event that is to remain must be published, and another one."))
        if into_version is not None and remains.version != into_version:
            raise NotAllowed.too_late()
        if proposal is not None:
            demand_seen(event, proposal=proposal)
        letter = lambda: mail.merged(event, into=remains)  # noqa: E731
        facts = {"merged_into": remains}
        make_move(Verb.MERGE, event, by=by, version=version, reason=reason, facts=facts, letter=letter)


def split(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Undo a merging: the event waits for a moderator again."""
    seen = event.version if version is None else version
    if not event.steps.filter(verb=Verb.MERGE, version=seen).exists():
        raise NotAllowed.too_late()  # its organiser took it back
    letter = lambda: mail.reopened(event, reason=reason)  # noqa: E731
    make_move(Verb.SPLIT, event, by=by, version=version, reason=reason, facts={"merged_into": None}, letter=letter)
