"""A file of events: how it is read, and the rules of one line, which are those of every event."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import StringIO
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import text
from events.forms.choices import language_choices
from events.forms.event import EventForm
from events.forms.fields import UNSHOWABLE, LinkField, MailboxField
from events.models import AddressVisibility, Admission, Event, Format, Kind

Key = tuple[str, date, str, str]  # folded title, start date, country, folded city


class BadFile(ValueError):
    """Not one line of the file can be read; the message says why."""


@dataclass(frozen=True)
class Line:
    """What a line holds: a new event, or one that is there already, or reasons why it is neither."""

    number: int  # of the line in the file at which the record starts, as editors count
    event: Event | None = None
    reasons: tuple[str, ...] = ()
    is_known: bool = False


class ImportedForm(EventForm):
    """The rules of one line. What was reported needs no contact, and its broadcast may be over; dates are ISO 8601."""

    image_alt = None  # type: ignore[assignment]  # a line has no picture
    # What a report does not tell stays unknown.
    languages = forms.MultipleChoiceField(required=False, choices=language_choices)
    admission = forms.ChoiceField(required=False, choices=Admission.choices)
    contact_email = MailboxField(required=False)
    source_url = LinkField(required=False)

    class Meta(EventForm.Meta):
        fields = (  # type: ignore[assignment]
            *(name for name in EventForm.Meta.fields if name != "image_alt"),
            "source_url",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.input_formats = ["%Y-%m-%d"]
                field.error_messages["invalid"] = gettext_lazy("Write the date as 2026-12-31.")
            elif isinstance(field, forms.TimeField):
                field.input_formats = ["%H:%M", "%H:%M:%S"]
                field.error_messages["invalid"] = gettext_lazy("Write the time as 19:00.")
            elif isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _closed_list(name)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("source_url") == data.get("contact_email") == "":
            self.add_error("contact_email", _("Give an e-mail address, or in source_url where it was reported."))
        return data


def _closed_list(name: str) -> str:
    """The message for a value that is not in the list; it does not repeat the value, which may be a whole page."""
    lists = {
        "kind": Kind.values,
        "format": Format.values,
        "admission": Admission.values,
        "address_visibility": AddressVisibility.values,
    }
    codes = {
        "country": _("Give the country’s code of two letters (ISO 3166), such as DE."),
        "languages": _("Give the codes of languages (BCP 47), such as az or az;de."),
        "zone": _("Give the name of a time zone, such as Europe/Berlin."),
    }
    return codes.get(name) or _("Give one of these: %(codes)s.") % {"codes": ", ".join(lists[name])}


# Reading


def read(data: bytes) -> Iterator[Line]:
    """Yield every line with an event; `BadFile` when there is no table to read. Rows of events are only looked at."""
    records = _records(_decode(data))
    columns = _columns(next(records, None))
    seen: dict[Key, int] = {}
    known = cache(_known)
    for number, cells, problem in records:
        event, reasons = (None, [problem]) if problem else _judge(columns, cells)
        if event:
            key = _key(event.title, event.start_date, str(event.country), event.city)
            if (first := seen.setdefault(key, number)) != number:
                reasons = [_("title: the same event stands in line %(number)s.") % {"number": first}]
            elif key in known(event.start_date):
                yield Line(number, is_known=True)
                continue
        yield Line(number, reasons=tuple(reasons)) if reasons else Line(number, event)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        message = _("Line %(number)s is not in UTF-8. Save the file as “CSV UTF-8” and try again.")
        raise BadFile(message % {"number": number}) from error


def _records(table: str) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells, and what is wrong with the line, if anything; lines without any text are left out."""
    first_line = table.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)  # some offices write semicolons
    reader = csv.reader(StringIO(table, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            message = _("The line cannot be split into columns, look at its quotation marks: %(error)s.")
            yield number, [], message % {"error": error}
        else:
            if any(cells):
                yield number, cells, ""


def _columns(header: tuple[int, list[str], str] | None) -> list[str]:
    """The names of the columns; `BadFile` names those that are unknown, missing or there twice."""
    if not header or header[2] or text.has_unshowable("".join(header[1])):
        raise BadFile(_("The file does not begin with a line that names the columns, in UTF-8."))
    columns, fields = header[1], ImportedForm.base_fields
    required = [name for name, field in fields.items() if field.required and field.initial is None]
    wrong = [_("Unknown column: %(name)s.") % {"name": name[:60]} for name in columns if name not in fields]
    wrong += [_("Missing column: %(name)s.") % {"name": name} for name in required if name not in columns]
    twice = dict.fromkeys(name for name in columns if columns.count(name) > 1)
    wrong += [_("Column that stands there twice: %(name)s.") % {"name": name[:60]} for name in twice]
    if wrong:
        known = _("The columns may be: %(names)s.") % {"names": ", ".join(fields)}
        raise BadFile(" ".join([*wrong, known]))
    return columns


def _judge(columns: list[str], cells: list[str]) -> tuple[Event | None, list[str]]:
    """The event that the cells describe, or reasons against it, each led by the name of its column."""
    if len(cells) != len(columns):
        counts = {"cells": len(cells), "columns": len(columns)}
        return None, [_("The line has %(cells)s cells, but there are %(columns)s columns.") % counts]
    row: dict[str, Any] = dict(zip(columns, cells, strict=True))
    if unshowable := [f"{name}: {UNSHOWABLE}" for name, cell in row.items() if text.has_unshowable(cell)]:
        return None, unshowable
    row["country"] = row["country"].upper()
    if "languages" in row:
        row["languages"] = [code for code in re.split(r"[;,\s]+", row["languages"]) if code]
    form = ImportedForm({name: field.initial for name, field in ImportedForm.base_fields.items()} | row)
    reasons = [f"{name}: {message}" for name, messages in form.errors.items() for message in messages]
    return (None, reasons) if reasons else (form.instance, [])


# Telling what is there already


def _key(title: str, start: date, country: str, city: str) -> Key:
    return text.fold(title) or title, start, country, text.fold(city)


def _known(start: date) -> frozenset[Key]:
    """The events of one day, in any status: what was declined or withdrawn does not come back by a file."""
    rows = Event.objects.filter(start_date=start).values_list("title", "start_date", "country", "city")
    return frozenset(_key(*row) for row in rows.iterator())
