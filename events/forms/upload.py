"""A file of events that a moderator gives the desk: how large it may be, what is in it, and how it waits for a yes."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import text
from events.forms import imported
from events.forms.imported import ImportedForm, Line
from events.models import Event
from events.tables import BadFile

MOST_BYTES = 1_000_000
MOST_LINES = 500  # a line takes 10 ms to judge, twice; what is longer, the command imports
SHOWN = 20
KEPT_FOR = timedelta(hours=1)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table of events"),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB. Divide it into several."), code="size")
        return bytes(file.read())

    @property
    def file_name(self) -> str:
        file: Any = self.files["file"]
        return text.clean_line(file.name or "")


# What is in it


@dataclass(frozen=True)
class Preview:
    """What would happen if the file were imported now."""

    lines: list[Line]
    unread: list[str]  # columns

    @property
    def events(self) -> list[Event]:
        return [line.event for line in self.lines if line.event]

    @property
    def known(self) -> int:
        return sum(line.is_known for line in self.lines)

    @property
    def bad(self) -> list[Line]:
        return [line for line in self.lines if line.reasons]

    @property
    def first(self) -> list[Line]:
        """Those of the new ones that are shown."""
        return [line for line in self.lines if line.event][:SHOWN]

    @property
    def is_importable(self) -> bool:
        return not self.bad and bool(self.events)


def look_into(data: bytes, *, within: Container[str] | None) -> Preview:
    """Judge every line; `BadFile` when there is no table of events in it, or too long a one. Nothing is stored."""
    table = imported.read(data)
    lines = [*islice(imported.judge(table, within=within), MOST_LINES + 1)]
    if len(lines) > MOST_LINES:
        message = _("The file has more than %(n)s lines. Divide it, or let whoever runs the site import it.")
        raise BadFile(message % {"n": MOST_LINES})
    if not lines:
        raise BadFile(_("Under the names of the columns the file has no line."))
    return Preview(lines, table.unread)


# How it waits


def seal(data: bytes, *, by: User) -> str:
    """The file as the page keeps it until the moderator says yes: nobody else can send it, nor change it."""
    return signing.dumps(data.decode("utf-8-sig"), salt=_salt(by), compress=True)


def open_sealed(sealed: str, *, by: User) -> bytes | None:
    """The file again; None if it is not of our making for this moderator, or older than an hour."""
    try:
        table: str = signing.loads(sealed, salt=_salt(by), max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return table.encode()


def _salt(user: User) -> str:
    return f"table of events of {user.pk}"


# What it is to look like


class Column(NamedTuple):
    name: str
    label: str
    hint: str
    is_required: bool


def describe_columns() -> list[Column]:
    required = imported.required()
    return [Column(name, _label(name), imported.hint(name), name in required) for name in imported.COLUMNS]


def _label(name: str) -> str:
    """What moderators call it; where the form says "you", it speaks to organisers."""
    field: Any = Event._meta.get_field(name)
    label = "" if "contact" in name else ImportedForm.base_fields[name].label
    return str(label or capfirst(field.verbose_name))
