import uuid
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Moment(NamedTuple):
    """What a piece is of that also depends on which events are over: the version, and the hour in UTC.

    By the full hour, so that all that is stored for it agrees; a script marks what ended since.
    """

    hour: datetime
    version: str


class Directory(models.Model):
    """All that visitors see of the events, as one row. Whatever changes that changes the version in its transaction.

    Stored pieces of pages hold the version that they show: none is served that shows another.
    """

    # Random and not a count, so that a restored backup never gives a version out a second time.
    version = models.CharField(max_length=32)
    asks_for_work = models.BooleanField(
        _("ask for proof of work"),
        default=False,
        help_text=_(
            "While the form is flooded by robots: whoever sends it lets their browser reckon for some seconds. "
            "People without JavaScript cannot send it meanwhile."
        ),
    )

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directory")

    def __str__(self) -> str:
        return str(_("The directory"))


def read_version() -> str:
    """The version of what visitors see; empty as long as there never was anything. One query."""
    return Directory.objects.values_list("version", flat=True).first() or ""


def read_moment(*, now: datetime) -> Moment:
    """The hour in which `now` lies, and the version. One query."""
    return Moment(now.replace(minute=0, second=0, microsecond=0), read_version())


def asks_for_work() -> bool:
    """Whether the public form demands a proof of work. One query."""
    return Directory.objects.filter(asks_for_work=True).exists()


def change_version() -> None:
    """What visitors see is about to change. Call it first in the transaction: two that wait for each other's rows
    would be a deadlock, so that whoever changes anything public begins with this one."""
    Directory.objects.update_or_create(pk=1, defaults={"version": uuid.uuid4().hex})
