"""Which organisers are trusted: what they change in their published events in that country passes at once."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Event, Trust
from events.models.step import is_address_proven
from events.moves import NotAllowed, hold


def grant(event: Event, *, by: User) -> None:
    """From now on trust the organiser of the event in its country."""
    with transaction.atomic():
        event = hold(Event.objects.for_moderator(by).filter(pk=event.pk))
        if not event.contact_email or not is_address_proven(event, event.steps.all()):
            raise NotAllowed(_("Nobody has confirmed an e-mail address for this event."))
        row = Trust(address=event.contact_email.lower(), country=event.country, by=by)
        Trust.objects.bulk_create([row], ignore_conflicts=True)


def end(event: Event, *, by: User) -> None:
    """Let changes of its organiser in its country wait for a moderator again."""
    if not Event.objects.for_moderator(by).filter(pk=event.pk).exists():
        raise NotAllowed.too_late()
    Trust.objects.in_owner_of(event).delete()
