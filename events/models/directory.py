import uuid
from datetime import datetime
from typing import NamedTuple

from django.db import models


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

    class Meta:
        verbose_name_plural = "directory"

    def __str__(self) -> str:
        return self.version


def read_version() -> str:
    """The version of what visitors see; empty as long as there never was anything. One query."""
    return Directory.objects.values_list("version", flat=True).first() or ""


def read_moment(*, now: datetime) -> Moment:
    """The hour in which `now` lies, and the version. One query."""
    return Moment(now.replace(minute=0, second=0, microsecond=0), read_version())


def change_version() -> None:
    """What visitors see is about to change. Call it first in the transaction: two that wait for each other's rows
    would be a deadlock, so that whoever changes anything public begins with this one."""
    Directory.objects.update_or_create(pk=1, defaults={"version": uuid.uuid4().hex})
