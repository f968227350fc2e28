from __future__ import annotations

from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser, User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .choices import Status
from .event import Event
from .step import Step, Verb

UNDO_WITHIN = timedelta(days=7)  # the change of a picture: then the one before it is deleted
# What an organiser may propose to change: what the form asks, what is found from it, and the picture.
AMENDABLE = (
    *("title", "description", "kind", "languages", "admission", "registration_url", "website"),
    *("image", "image_width", "image_height", "image_alt"),
    *("format", "country", "city", "place", "venue", "address", "address_visibility", "online_url"),
    *("latitude", "longitude", "start_date", "start_time", "end_date", "end_time", "zone"),
    *("organiser", "supporters", "public_contact", "contact_name"),
)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def open(self) -> AmendmentQuerySet:
        """Those that wait for a moderator; not while the event is not published, which its organiser changes itself."""
        return self.filter(is_refused=False, event__status=Status.PUBLISHED)

    def for_moderator(self, user: User | AnonymousUser) -> AmendmentQuerySet:
        """Open proposals for events that `user` may decide; one that leads to a foreign country too, which is said."""
        return self.open().filter(event__in=Event.objects.for_moderator(user))


class Amendment(models.Model):
    """What an organiser proposes to change in a published event, which is shown as it is until a moderator accepts.

    One for each event. An accepted one is applied and gone; a refused one stays until the organiser sends it again
    or drops it, so that nothing typed is lost. What happened to it stands in the event's steps.
    """

    event = models.OneToOneField(Event, models.CASCADE, related_name="amendment", verbose_name=_("event"))
    changes = models.JSONField(_("changes"), encoder=DjangoJSONEncoder)  # {column: new value}, of AMENDABLE
    image = models.CharField(max_length=32, blank=True)  # a picture that is only in the changes, for the sweep
    base = models.PositiveIntegerField(_("version of the event that was changed"))
    version = models.PositiveIntegerField(default=1)  # one more each time it is sent
    is_refused = models.BooleanField(_("refused"), default=False)
    sent_at = models.DateTimeField(_("sent"))

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ("sent_at",)
        indexes = (
            # whether a picture asked for is in a proposal
            models.Index(fields=("image",), name="amendment_image", condition=~Q(image="")),
        )

    def __str__(self) -> str:
        return str(self.event)

    @property
    def is_outdated(self) -> bool:
        """Whether something else changed the event since: then it cannot be accepted as it is."""
        return self.base != self.event.version

    def is_same(self, changes: dict[str, Any], *, base: int) -> bool:
        """Whether exactly this was proposed already, and waits."""
        return (self.changes, self.base, self.is_refused) == (changes, base, False)

    def fill(self, changes: dict[str, Any], *, base: int, now: datetime) -> None:
        """Become the next version of the proposal, to be saved."""
        self.changes, self.image, self.base = changes, changes.get("image", ""), base
        self.version, self.is_refused, self.sent_at = self.version + 1, False, now

    def proposed(self) -> Event:
        """The event as it would be, not to be saved."""
        return apply_changes(self.event, self.changes)


def apply_changes(event: Event, changes: dict[str, Any]) -> Event:
    """A copy of the event, not to be saved, with some columns of AMENDABLE changed, given as JSON holds them."""
    event = copy(event)
    event._state = copy(event._state)
    event._state.fields_cache = {}
    for column, value in changes.items():
        setattr(event, _field(column).attname, _field(column).to_python(value))
    event.derive()
    return event


def find_changes(old: Event, new: Event) -> dict[str, Any]:
    """The columns of AMENDABLE in which two versions of an event differ, with the new values as JSON holds them."""
    before, after = _values(old), _values(new)
    return {name: value for name, value in after.items() if value != before[name]}


def _values(event: Event) -> dict[str, Any]:
    return {name: _to_json(getattr(event, _field(name).attname)) for name in AMENDABLE}


def _field(column: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", Event._meta.get_field(column))


def _to_json(value: Any) -> Any:
    """Dates and times in full, which the encoder would shorten; the country as its code."""
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)


def is_picture_in_use(name: str, *, now: datetime) -> bool:
    """Whether any event or proposal has the picture, or a change that can be undone took it off lately.

    Copies of an event share it.
    """
    if Event.objects.filter(image=name).exists() or Amendment.objects.filter(image=name).exists():
        return True
    accepted = Step.objects.filter(verb=Verb.ACCEPT, version=F("event__version"), at__gt=now - UNDO_WITHIN)
    return accepted.filter(before__image=name).exists()
