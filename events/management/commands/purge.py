from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from post_office.models import STATUS, Email

from events import images
from events.forms.picture import KEPT_FOR
from events.models import (
    Amendment,
    Bucket,
    Claim,
    Event,
    Link,
    Report,
    Status,
    Step,
    Trust,
    is_picture_in_use,
)

UNCONFIRMED_FOR = timedelta(days=7)
SENT_LETTERS_FOR = timedelta(days=1)
FAILED_LETTERS_FOR = timedelta(days=30)
CONTACTS_FOR = timedelta(days=2 * 365)
REPORTS_FOR = timedelta(days=90)  # from when nobody will look at them any more


class Command(BaseCommand):
    help = (
        "Deletes what its time has come for: unconfirmed events, links, letters, old contacts, old reports, pictures "
        "without event."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        events = self.delete_unconfirmed(now)
        links, _by_model = Link.objects.filter(expires_at__lt=now).delete()
        unknown = images.stored_names(now - KEPT_FOR - timedelta(days=1))
        orphans = [name for name in unknown if not is_picture_in_use(name, now=now)]
        for name in orphans:
            images.delete(name)
        Bucket.objects.filter(ends_at__lte=now).delete()
        Claim.objects.filter(until__lte=now).delete()
        SessionStore.clear_expired()
        letters = self.delete_letters(now)
        contacts = self.delete_contacts(now)
        reports = self.delete_reports(now)
        self.stdout.write(
            f"Deleted: {events} unconfirmed events, {links} links, {len(orphans)} pictures, {letters} letters, "
            f"{contacts} contacts, {reports} reports."
        )

    def delete_unconfirmed(self, now: datetime) -> int:
        """Held before anything that belongs to them goes, so that none is confirmed meanwhile."""
        stale = Event.objects.filter(status=Status.UNCONFIRMED, created_at__lt=now - UNCONFIRMED_FOR)
        with transaction.atomic():
            held = [*stale.order_by("pk").select_for_update().values_list("pk", flat=True)]
            return Event.objects.filter(pk__in=held).delete()[1].get("events.Event", 0)

    def delete_letters(self, now: datetime) -> int:
        """Sent letters hold addresses and links; those that were given up are kept for somebody to look into."""
        sent = Q(status=STATUS.sent, last_updated__lt=now - SENT_LETTERS_FOR)
        given_up = Q(status=STATUS.failed, last_updated__lt=now - FAILED_LETTERS_FOR)
        return Email.objects.filter(sent | given_up).delete()[1].get("post_office.Email", 0)

    def delete_contacts(self, now: datetime) -> int:
        """Names and addresses of old events, wherever they stand; what was changed may hold a name as well."""
        old = Event.objects.filter(starts_at__lt=now - CONTACTS_FOR)
        Amendment.objects.filter(event__in=old).delete()  # nobody is left to send it anew
        Step.objects.filter(event__in=old).exclude(before={}).update(before={})
        nothing = {"contact_email": "", "contact_name": "", "source": "", "submission": None}
        contacts = old.exclude(contact_email="", contact_name="").update(**nothing)
        known = Event.objects.annotate(owner=Lower("contact_email")).filter(owner=OuterRef("address"))
        Trust.objects.exclude(Exists(known)).delete()
        return contacts

    def delete_reports(self, now: datetime) -> int:
        """What was settled, or is about what is gone, and all about old events: a report may name anybody."""
        settled = Q(settled_at__lt=now - REPORTS_FOR)
        gone = Q(at__lt=now - REPORTS_FOR) & ~Q(event__status__in=(Status.PUBLISHED, Status.PENDING))
        return Report.objects.filter(settled | gone | Q(event__starts_at__lt=now - CONTACTS_FOR)).delete()[0]
