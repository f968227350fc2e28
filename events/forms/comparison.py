"""Two versions of an event side by side, field by field, in the words of the form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from events import text
from events.forms.event import EventForm
from events.geo import countries, languages
from events.models import Amendment, Event, apply_changes, find_changes

PICTURE = "image"
UNSEEN = {"image_width", "image_height", "place"}  # they follow from others


@dataclass(frozen=True)
class Change:
    """One field in which two versions differ; values as people read them, the name of a file for the picture."""

    name: str
    label: Any
    old: str
    new: str


def compare(amendment: Amendment) -> list[Change]:
    """What the proposal changes of the event as it is now, in the order of the form."""
    return compare_versions(amendment.event, amendment.proposed())


def compare_versions(old: Event, new: Event) -> list[Change]:
    """What an organiser may change in which the two differ, in the order of the form."""
    changed = find_changes(old, new).keys() - UNSEEN
    return [
        Change(name, _find_label(name), _say(old, name), _say(new, name))
        for name in (PICTURE, *EventForm.Meta.fields)
        if name in changed
    ]


def find_version(event: Event, version: int) -> Event:
    """The event as it was when it had this version, not to be saved, as far as its steps tell."""
    for step in event.steps.filter(version__gt=version).order_by("-version", "-id"):
        event = apply_changes(event, step.before)
    return event


def _find_label(name: str) -> Any:
    return _("Picture") if name == PICTURE else EventForm.base_fields[name].label


def _say(event: Event, name: str) -> str:
    value = getattr(event, name)
    if name in _WORDS and value:
        return _WORDS[name](value)
    display: Callable[[], str] | None = getattr(event, f"get_{name}_display", None)
    return str(display() if display else "" if value is None else value)


def _name_languages(codes: str) -> str:
    return ", ".join(languages.name(code, language=text.current_language()) for code in codes.split(","))


_WORDS: dict[str, Callable[[Any], str]] = {
    "country": lambda code: countries.name(str(code), language=text.current_language()),
    "languages": _name_languages,
    **dict.fromkeys(("start_date", "end_date"), lambda day: date_format(day, "j E Y")),
    **dict.fromkeys(("start_time", "end_time"), lambda clock: time_format(clock, "H:i")),
}
