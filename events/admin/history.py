"""What happened to an event, as the page on which it is decided tells it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from events.forms.case import Case
from events.forms.comparison import Change, compare_versions
from events.models import Step, Verb, apply_changes
from events.models.step import PASSED

from .desk import say_moment

MOST_COMPARED = 20  # changes; an organiser may have made hundreds
SHORT = 200  # letters of a value


class Past(NamedTuple):
    """Something that happened; `step` is the number of its row, if it is a step, and `version` that after it."""

    at: datetime
    what: Any
    who: Any
    reason: str
    changes: list[Change]
    step: int = 0
    version: int = 0

    @property
    def when(self) -> str:
        return say_moment(self.at)


def tell_history(case: Case) -> list[Past]:
    """The last first: the steps, and reports that were settled."""
    return sorted([*_tell_steps(case), *_tell_settled(case)], key=lambda past: past.at, reverse=True)


def _tell_steps(case: Case) -> Iterator[Past]:
    """The last first, each with what it changed in the event, shortened."""
    after, compared = case.event, 0
    for step in reversed(case.steps):
        changes: list[Change] = []
        if step.before and compared < MOST_COMPARED:
            before, compared = apply_changes(after, step.before), compared + 1
            changes, after = [_shorten(change) for change in compare_versions(before, after)], before
        what = PASSED if step.has_passed else Verb(step.verb).label
        yield Past(step.at, what, name_person(step), step.reason, changes, step.pk, step.version)


def _tell_settled(case: Case) -> Iterator[Past]:
    """Together what was settled together."""
    together = attrgetter("settled_at", "settled_by")
    for (at, by), reports in groupby(sorted(case.settled, key=attrgetter("settled_at")), key=together):
        words = "\n".join(f"{report.get_subject_display()}: {report.text}" for report in reports)
        yield Past(at, _("reports settled"), by.get_username(), words, [])


def name_person(step: Step) -> str:
    if step.by:
        return step.by.get_username()
    return {Verb.IMPORT: _("import"), Verb.SPLIT: _("the site")}.get(Verb(step.verb), _("organiser"))


def _shorten(change: Change) -> Change:
    old, new = (Truncator(value).chars(SHORT) for value in (change.old, change.new))
    return Change(change.name, change.label, old, new)
