"""An event with all that a moderator may have to decide about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from events import amendments
from events.models import Amendment, Event, Report, Status, Step, Verb
from events.models.step import is_address_proven
from events.models.trust import IS_TRUSTED


@dataclass(frozen=True)
class Case:
    """An event with all that a moderator may have to decide about it."""

    event: Event
    amendment: Amendment | None  # the open one; with an `obstacle`, it waits for its organiser or another moderator
    obstacle: str  # why it cannot be accepted
    reports: list[Report]  # the open ones, the first that came first
    settled: list[Report]  # the others, while the event is public
    steps: list[Step]  # the first first
    is_trusted: bool

    @property
    def refused(self) -> Amendment | None:
        """A proposal that was refused, and could be accepted still."""
        amendment: Amendment | None = getattr(self.event, "amendment", None)
        if not amendment or not amendment.is_refused or amendment.is_outdated:
            return None
        return amendment if self.event.status == Status.PUBLISHED else None

    @property
    def seen(self) -> dict[str, int | None]:
        """What travels with the page, so that a decision is one on what was shown."""
        proposal = self.amendment or self.refused
        return {
            "version": self.event.version,
            "proposal": proposal.version if proposal else None,
            "report": self.reports[-1].pk if self.reports else None,
            "step": self.steps[-1].pk if self.steps else None,
        }

    @property
    def is_waiting(self) -> bool:
        """Whether it stands in the queue; an outdated proposal waits for its organiser."""
        is_proposed = self.amendment and not self.amendment.is_outdated
        return self.event.status == Status.PENDING or bool(is_proposed or self.reports)

    @property
    def state(self) -> Any:
        """What there is to decide, or else how the event stands."""
        if self.amendment:
            return _("amendment to a published event")
        if self.reports:
            return _("reported by visitors")
        return _("new") if self.event.status == Status.PENDING else Status(self.event.status).label

    @property
    def was_changed(self) -> bool:
        """Whether the last that happened was a change of the published event, which can be undone."""
        return any(step.verb == Verb.ACCEPT and step.version == self.event.version for step in self.steps)

    @property
    def was_merged(self) -> bool:
        """Whether it is withdrawn in favour of another event, though that may be deleted by now."""
        return any(step.verb == Verb.MERGE and step.version == self.event.version for step in self.steps)

    @property
    def has_known_organiser(self) -> bool:
        """Whether somebody has proven the address."""
        return bool(self.event.contact_email) and is_address_proven(self.event, self.steps)


def find_case(pk: int, *, by: User) -> Case | None:
    """All about the event with this number, if `by` may decide it. Three queries, or two of one that is not public."""
    events = Event.objects.for_moderator(by).select_related("place", "amendment", "claim")
    try:
        event = events.annotate(is_trusted=IS_TRUSTED).get(pk=pk)
    except Event.DoesNotExist:
        return None
    is_public = event.status == Status.PUBLISHED
    amendment = amendments.find_open(event)
    reports = [*event.reports.select_related("settled_by")] if is_public else []
    return Case(
        event,
        amendment,
        amendments.find_obstacle(amendment, by=by) if amendment else "",
        [report for report in reports if not report.settled_at],
        [report for report in reports if report.settled_at],
        [*Step.objects.filter(event=event).order_by("id").select_related("by")],
        event.is_trusted,
    )
