"""Where everything that shows events begins, and what is asked of them again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from .choices import Status
from .moderator import countries_of

if TYPE_CHECKING:
    from .event import Event  # noqa: F401 - in the name of its own queryset

ASSUMED_LENGTH = timedelta(hours=3)  # of an event whose end nobody told: then it counts as over


def is_over(now: datetime) -> Q:
    """What `upcoming` leaves out. The bound on the start, which follows from the rest, lets an index answer."""
    ended = Q(ends_at=None, starts_at__lte=now - ASSUMED_LENGTH)
    return Q(starts_at__lte=now) & (Q(ends_at__lte=now) | ended)


class EventQuerySet(models.QuerySet["Event"]):
    """`published`, `for_moderator` and `of_organiser` are the only beginnings of all that shows events."""

    def published(self) -> EventQuerySet:
        """What visitors may see: cancelled and postponed events too, marked as such."""
        return self.filter(status=Status.PUBLISHED)

    def for_moderator(self, user: User | AnonymousUser) -> EventQuerySet:
        """What `user` may see and decide at the moderation desk: all for superusers, else their own countries'."""
        if not (user.is_active and user.is_staff):
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(country__in=countries_of(user))

    def of_organiser(self, address: str) -> EventQuerySet:
        """The events whose contact has this address, which only its proven owner may see; none for an empty one."""
        # The domain is kept in lower case; a Latin letter in the part before it is folded alike by all databases.
        return self.annotate(owner=Lower("contact_email")).filter(owner=address.lower()) if address else self.none()

    def withdrawn_after_publishing(self) -> EventQuerySet:
        """What was public once. That it was is no secret; what it was is: only to tell "gone" from "never there", and
        which published event stands in its place."""
        return self.filter(status=Status.WITHDRAWN, steps__status=Status.PUBLISHED)

    def in_edition(self, edition: int) -> EventQuerySet:
        return self.filter(edition=edition)

    def upcoming(self, *, now: datetime) -> EventQuerySet:
        """Not over at `now`, next first. An event without a known end counts as over three hours after its start."""
        begun = Q(ends_at=None, starts_at__gt=now - ASSUMED_LENGTH)
        return self.filter(Q(ends_at__gt=now) | begun).order_by("starts_at", "id")

    def over(self, *, now: datetime) -> EventQuerySet:
        """The others, those that ended last first."""
        return self.filter(is_over(now)).order_by("-starts_at", "-id")

    def abridged(self) -> EventQuerySet:
        """With their places, and without what is long and on no card or line: most of what a row weighs."""
        return self.select_related("place").defer("description", "search_text", "place__search")
