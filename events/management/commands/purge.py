from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events import images
from events.forms.picture import KEPT_FOR
from events.models import Event, Link, Status

UNCONFIRMED_FOR = timedelta(days=7)


class Command(BaseCommand):
    help = "Deletes what its time has come for: unconfirmed events, links and pictures that no event has."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        stale = Event.objects.filter(status=Status.UNCONFIRMED, created_at__lt=now - UNCONFIRMED_FOR)
        events = stale.delete()[1].get("events.Event", 0)
        links, _by_model = Link.objects.filter(expires_at__lt=now).delete()
        unknown = images.stored_names(now - KEPT_FOR - timedelta(days=1))
        orphans = [name for name in unknown if not Event.objects.filter(image=name).exists()]
        for name in orphans:
            images.delete(name)
        self.stdout.write(f"Deleted: {events} unconfirmed events, {links} links, {len(orphans)} pictures.")
