"""A file of events: which columns it has, and the rules of one line, which are those of every event."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import tables, text
from events.forms.choices import language_choices
from events.forms.event import EventForm
from events.forms.fields import UNSHOWABLE, LinkField, MailboxField
from events.geo import countries
from events.models import AddressVisibility, Admission, Event, Format, Kind
from events.tables import BadFile, Record

# Of files that go out too, in this order.
COLUMNS = (
    *("title", "description", "kind", "format", "languages", "organiser", "supporters"),
    *("contact_name", "contact_email", "public_contact", "website", "registration_url", "online_url", "admission"),
    *("country", "city", "venue", "address", "address_visibility", "latitude", "longitude"),
    *("start_date", "start_time", "end_date", "end_time", "zone", "source_url"),
)
# What else stands in a file that went out. It comes in again without: an imported event begins its own life.
UNREAD = ("image_alt", "status", "condition", "edition", "contact_language", "created_at", "id")
MOST_COLUMNS = 100

DAY, CLOCK = gettext_lazy("Write the date as 2026-12-31."), gettext_lazy("Write the time as 19:00.")
NO_ORIGIN = gettext_lazy("Give an e-mail address, or in source_url where it was reported.")

Key = tuple[str, date, str, str]  # folded title, start date, country, folded city


@dataclass(frozen=True)
class Table:
    """A file whose columns are known; its records are read as they are asked for, and once."""

    columns: list[str]
    records: Iterator[Record]

    @property
    def unread(self) -> list[str]:
        return [name for name in self.columns if name in UNREAD]


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
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the constraints of the database forbid, the fields refuse already; to ask it for each line takes 10 ms.
        full_clean = partial(self.instance.full_clean, validate_constraints=False)
        self.instance.full_clean = full_clean
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.input_formats = ["%Y-%m-%d"]
                field.error_messages["invalid"] = DAY
            elif isinstance(field, forms.TimeField):
                field.input_formats = ["%H:%M", "%H:%M:%S"]
                field.error_messages["invalid"] = CLOCK
            elif isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = lazy(_closed_list, str)(name)
                field.valid_value = _codes(name).__contains__  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("source_url") == data.get("contact_email") == "":
            self.add_error("contact_email", NO_ORIGIN)
        return data


@cache
def _codes(name: str) -> frozenset[str]:
    """What may be chosen in a field. Forms make the list anew for each value: 2 ms a line."""
    field: Any = ImportedForm.base_fields[name]
    choices: Iterable[tuple[str, Any]] = flatten_choices(field.choices)
    return frozenset(code for code, _label in choices)


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


def hint(name: str) -> str:
    """What to write into a column, where its name does not say that."""
    field = ImportedForm.base_fields[name]
    if isinstance(field, forms.ChoiceField):
        return _closed_list(name)
    hints = {
        **dict.fromkeys(("start_date", "end_date"), DAY),
        **dict.fromkeys(("start_time", "end_time"), CLOCK),
        "contact_email": NO_ORIGIN,
        **{name: ImportedForm.base_fields[name].help_text for name in ("organiser", "city", "online_url")},
    }
    return str(hints.get(name, ""))


# Reading


def read(data: bytes) -> Table:
    """The table in the file; `BadFile` when there is none, or its columns are not those of events."""
    records = tables.read_csv(data)
    return Table(_columns(next(records, None)), records)


def judge(table: Table, *, within: Container[str] | None = None) -> Iterator[Line]:
    """Yield every line with an event, which is not stored. `within` are codes of countries; any other's are bad lines.

    Of a foreign event nothing is told, not even whether it is known.
    """
    seen: dict[Key, int] = {}
    known = cache(_known)
    for record in table.records:
        event, reasons = _judge(table.columns, record, within)
        if not event:
            yield Line(record.number, reasons=tuple(reasons))
        elif (first := seen.setdefault(key := key_of(event), record.number)) != record.number:
            reason = _("title: the same event stands in line %(number)s.") % {"number": first}
            yield Line(record.number, reasons=(reason,))
        elif key in known(event.start_date):
            yield Line(record.number, is_known=True)
        else:
            yield Line(record.number, event)


def _columns(header: Record | None) -> list[str]:
    """The names of the columns; `BadFile` names those that are unknown, missing or there twice."""
    if not header or header.problem or text.has_unshowable("".join(header.cells)):
        raise BadFile(_("The file does not begin with a line that names the columns, in UTF-8."))
    columns, fields = header.cells, ImportedForm.base_fields
    if len(columns) > MOST_COLUMNS:
        raise BadFile(_("The file has %(n)s columns, which are too many.") % {"n": len(columns)})
    wrong = [
        _("Unknown column: %(name)s.") % {"name": name[:60]} for name in columns if name not in (*COLUMNS, *UNREAD)
    ]
    wrong += [_("Missing column: %(name)s.") % {"name": name} for name in required() if name not in columns]
    twice = [name for name, number in Counter(columns).items() if number > 1]
    wrong += [_("Column that stands there twice: %(name)s.") % {"name": name[:60]} for name in twice]
    if wrong:
        known = _("The columns may be: %(names)s.") % {"names": ", ".join(fields)}
        raise BadFile(" ".join([*wrong, known]))
    return columns


def required() -> list[str]:
    """The columns that every file has."""
    return [name for name, field in ImportedForm.base_fields.items() if field.required and field.initial is None]


def _judge(columns: list[str], record: Record, within: Container[str] | None) -> tuple[Event | None, list[str]]:
    """The event that the record describes, or reasons against it, each led by the name of its column."""
    if record.problem:
        return None, [record.problem]
    if len(record.cells) != len(columns):
        counts = {"cells": len(record.cells), "columns": len(columns)}
        return None, [_("The line has %(cells)s cells, but there are %(columns)s columns.") % counts]
    row: dict[str, Any] = {name: cell for name, cell in zip(columns, record.cells, strict=True) if name in COLUMNS}
    if unshowable := [f"{name}: {UNSHOWABLE}" for name, cell in row.items() if text.has_unshowable(cell)]:
        return None, unshowable
    row["country"] = row["country"].upper()
    if foreign := _find_foreign(row["country"], within):
        return None, [foreign]
    if "languages" in row:
        codes = re.split(r"[;,\s]+", row["languages"])
        row["languages"] = [code for code in dict.fromkeys(codes) if code]
    form = ImportedForm({name: field.initial for name, field in ImportedForm.base_fields.items()} | row)
    reasons = [f"{name}: {message}" for name, messages in form.errors.items() for message in messages]
    return (None, reasons) if reasons else (form.instance, [])


def _find_foreign(country: str, within: Container[str] | None) -> str:
    """What is wrong with a country that is one, but not `within`; what is none, the form says."""
    if within is None or country in within or country not in countries.names("en"):
        return ""
    name = countries.name(country, language=text.current_language())
    return _("country: %(country)s is not one of your countries.") % {"country": name}


# Telling what is there already


def without_known(events: Iterable[Event]) -> list[Event]:
    """Those of `events` that nobody has stored meanwhile."""
    known = cache(_known)
    return [event for event in events if key_of(event) not in known(event.start_date)]


def key_of(event: Event) -> Key:
    """By what an event is known again. Rows of events are only looked at."""
    return _key(event.title, event.start_date, str(event.country), event.city)


def _key(title: str, start: date, country: str, city: str) -> Key:
    return text.fold(title) or title, start, country, text.fold(city)


def _known(start: date) -> frozenset[Key]:
    """The events of one day, in any status: what was declined or withdrawn does not come back by a file."""
    rows = Event.objects.filter(start_date=start).values_list("title", "start_date", "country", "city")
    return frozenset(_key(*row) for row in rows.iterator())
