"""How an event stands, told to its organiser: what happens next, what a moderator wrote, what can be done, its past."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events import access
from events.forms.edit import EDITABLE, STEPS, find_amendment, steps_for
from events.models import Amendment, Condition, Event, Status, Step, Trust, Verb
from events.models.step import PASSED

NEXT = {
    Status.UNCONFIRMED: _("Confirm it, and a moderator will look at it. Otherwise it is deleted after seven days."),
    Status.PENDING: _("A moderator will look at it, usually within two days, and write to you."),
    Status.RETURNED: _(
        "A moderator asks you for a change. Change the event and send it again; until then nobody sees it."
    ),
    Status.PUBLISHED: _("Everybody can find it."),
    Status.DECLINED: _("A moderator could not accept it. Visitors do not see it."),
    Status.WITHDRAWN: _("It was taken back. Visitors do not see it."),
}
NEXT_OF_CONDITION = {
    Condition.CANCELLED: _("Visitors find its page and see that it does not take place."),
    Condition.POSTPONED: _("Visitors see that it is postponed. As soon as you know the new date, change the event."),
}
MERGED = _(
    "The event was registered twice. A moderator put this entry together with the other one. Visitors do not see this "
    "one."
)
IS_OVER = _("It is over. Its page stays, as a record of the edition.")
IS_PROPOSED = _("Your change waits for a moderator. Until then visitors see the event as it was.")
IS_OUTDATED = _("The event has changed since you proposed your change. Look at it once more and send it again.")
IS_REFUSED = _("A moderator could not accept your change. Visitors see the event as it was.")
# In its history, what the desk says more shortly
TOLD_AS = {
    Verb.MERGE: _("put together with another entry of the same event"),
    Verb.SPLIT: _("taken apart from the other entry again"),
}
# What is told of a change that was just sent
CHANGE_SENT = _("Your changes were sent to a moderator.")
CHANGE_PUBLISHED = _("Your change is published.")
# What is told of it to somebody who was about to do something else
NOT_NOW = _("That is not possible any more. Here you see how the event stands now.")
MEANWHILE = _(
    "Something happened to the event while you were writing. Nothing that you wrote is lost: read what happened, "
    "and send it again."
)
CLOSED = _("The event cannot be changed any more. What you wrote is all here, so that you can use it for another one.")


@dataclass(frozen=True)
class Past:
    """One step of the history. `at` is an instant by the clocks of the event's place."""

    at: datetime
    what: Any
    who: Any
    reason: str


@dataclass(frozen=True)
class Standing:
    """One event as its organiser may know it, at the moment `now`."""

    event: Event
    now: datetime

    @property
    def amendment(self) -> Amendment | None:
        """What is proposed; of an event that is not public any more it is only what the form begins with."""
        return find_amendment(self.event) if self.event.status == Status.PUBLISHED else None

    @property
    def next(self) -> list[Any]:
        """What happens next, in sentences."""
        event, sentences = self.event, []
        if event.status != Status.PUBLISHED:
            return [MERGED if self._is_merged else NEXT[Status(event.status)]]
        if event.condition != Condition.PLANNED:
            sentences.append(NEXT_OF_CONDITION[Condition(event.condition)])
        else:
            sentences.append(IS_OVER if event.local_over <= self.now else NEXT[Status.PUBLISHED])
        return sentences + ([_tell(self.amendment)] if self.amendment else [])

    @property
    def survivor(self) -> Event | None:
        """The event that visitors find in the place of this one, if it was merged and that one is public."""
        return self.event.survivor

    @property
    def proposed(self) -> Event | None:
        """The event as it would be with what is proposed, open or refused."""
        return self.amendment.proposed() if self.amendment else None

    @property
    def is_in_your_hands(self) -> bool:
        """Whether nothing happens until its organiser does something."""
        is_stuck = self.amendment and (self.amendment.is_refused or self.amendment.is_outdated)
        return self.event.status in {Status.UNCONFIRMED, Status.RETURNED} or bool(is_stuck)

    @property
    def note(self) -> str:
        """What a moderator wrote last, as long as it is to be answered or explains how the event stands."""
        explain = {Status.RETURNED: Verb.RETURN, Status.DECLINED: Verb.DECLINE}
        of_change = Verb.REVERT if self._last_verb == Verb.REVERT else Verb.REFUSE if self._is_refused else None
        verb = explain.get(Status(self.event.status), of_change)
        last = next((step for step in reversed(self._steps) if access.find_verb(step) == verb), None)
        return access.find_reason(last) if last else ""

    @property
    def history(self) -> list[Past]:
        """The last first."""
        return [_describe(step, self.event) for step in reversed(self._steps)]

    def find_news(self, version: int, *, is_proposal_new: bool) -> list[Past]:
        """What happened since the event had this version; of proposals, which leave that as it is, the last."""
        since = [_describe(step, self.event) for step in reversed(self._steps) if step.version > version]
        return since or self.history[: int(is_proposal_new)]

    @property
    def steps(self) -> list[str]:
        """The names of the steps that can be taken."""
        return steps_for(self.event, now=self.now)

    @property
    def ways(self) -> list[tuple[str, Any, str]]:
        """The name of each of these steps, what it is called, and the address that asks about it."""
        return [(name, STEPS[name].label, reverse(f"my-event-{name}", args=(self.event.pk,))) for name in self.steps]

    @property
    def is_editable(self) -> bool:
        return self.event.status in EDITABLE

    @property
    def passes_at_once(self) -> bool:
        """Whether a change would be public without a moderator, because its organiser is trusted. One query."""
        return self.event.status == Status.PUBLISHED and Trust.objects.in_owner_of(self.event).exists()

    @property
    def _is_merged(self) -> bool:
        """By its history, because the other event may have been deleted since."""
        return self.event.status == Status.WITHDRAWN and self._last_verb == Verb.MERGE

    @property
    def _is_refused(self) -> bool:
        return bool(self.amendment and self.amendment.is_refused)

    @property
    def _last_verb(self) -> str:
        return self._steps[-1].verb if self._steps else ""

    @property
    def _steps(self) -> list[Step]:
        return list(self.event.steps.all())  # read before, with the events


def _tell(amendment: Amendment) -> Any:
    if amendment.is_refused:
        return IS_REFUSED
    return IS_OUTDATED if amendment.is_outdated else IS_PROPOSED


def _describe(step: Step, event: Event) -> Past:
    at = step.at.replace(microsecond=0).astimezone(ZoneInfo(event.zone))  # pages tell whole seconds
    verb = access.find_verb(step)
    what = PASSED if step.has_passed else TOLD_AS.get(verb, verb.label)
    return Past(at, what, _name_person(step), access.find_reason(step))


def _name_person(step: Step) -> Any:
    """No moderator is named."""
    if step.by_id:
        return _("a moderator")
    return {Verb.IMPORT: _("import"), Verb.SPLIT: _("the site")}.get(Verb(step.verb), _("you"))
