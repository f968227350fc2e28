"""Two versions of an event side by side, field by field, in the words of the form."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from events import text
from events.forms.event import EventForm
from events.geo import countries, languages
from events.models import Event, apply_changes, find_changes

PICTURE = "image"
UNSEEN = {"image_width", "image_height", "place"}  # they follow from others
_WORD = re.compile(r"\s*\w+(?:[^\w\s]+\w+)*|\s*[^\w\s]|\s+")  # a time, a date and an address are one word each
# Pairs of equal words in two texts. A description of 5,000 letters makes some thousands; "a a a a…", written to that
# end, makes millions, which take minutes to compare.
MOST_PAIRS = 12_000


class Part(NamedTuple):
    """Some words of a text, and whether the other version has other ones there."""

    words: str
    is_changed: bool


@dataclass(frozen=True)
class Change:
    """One field in which two versions differ; values as people read them, the name of a file for the picture."""

    name: str
    label: Any
    old: str
    new: str

    @property
    def is_picture(self) -> bool:
        return self.name == PICTURE

    @property
    def parts(self) -> tuple[list[Part], list[Part]]:
        """The old and the new value, in words that are in both and words that are not."""
        return mark_words(self.old, self.new)


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


def mark_words(old: str, new: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts; together the parts of each are the whole text."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    head = _count_equal(before, after)
    before_middle, after_middle = before[head:], after[head:]
    tail = _count_equal(before_middle[::-1], after_middle[::-1])
    middles = before_middle[: len(before_middle) - tail], after_middle[: len(after_middle) - tail]
    blocks = [(before[:head], after[:head], False), *_compare(*middles)]
    blocks.append((before_middle[len(middles[0]) :], after_middle[len(middles[1]) :], False))
    return _join([(words, is_changed) for words, _new, is_changed in blocks]), _join(
        [(words, is_changed) for _old, words, is_changed in blocks]
    )


def _count_equal(one: list[str], other: list[str]) -> int:
    """How many words two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (word, same) in pairs if word != same), min(len(one), len(other)))


def _compare(before: list[str], after: list[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """Words of both that stand against each other, and whether they differ."""
    here, there = Counter(before), Counter(after)
    if sum(number * there[word] for word, number in here.items()) > MOST_PAIRS:
        yield before, after, True
        return
    for kind, first, last, new_first, new_last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield before[first:last], after[new_first:new_last], kind != "equal"


def _join(blocks: list[tuple[list[str], bool]]) -> list[Part]:
    """A blank before a changed word belongs to what stands before it: marks begin with a letter."""
    parts: list[Part] = []
    for words, is_changed in blocks:
        joined = "".join(words)
        bare = joined.lstrip() if is_changed and parts else joined
        if bare != joined:
            parts[-1] = Part(parts[-1].words + joined[: len(joined) - len(bare)], parts[-1].is_changed)
        if bare:
            parts.append(Part(bare, is_changed))
    return parts


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
    **dict.fromkeys(("start_date", "end_date"), text.say_day),
    **dict.fromkeys(("start_time", "end_time"), lambda clock: time_format(clock, "H:i")),
}
