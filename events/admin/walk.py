"""A walk through the queue, one event after another: all that waits, or what of it the queue was asked for.

The question stands in the address of each page on the way, as it stands in that of the queue.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.auth.models import User
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from django.urls import reverse

from events import queue
from events.forms.search import Filter
from events.models import Event
from events.models.event_queryset import EventQuerySet

from .filters import QuestionForm, asks_something

QUEUE = "admin:events_event_changelist"


@dataclass(frozen=True)
class Walk:
    by: User
    now: datetime
    question: QuestionForm | None  # a valid one; None: all that waits

    @property
    def events(self) -> EventQuerySet:
        # First what waits, so that no question reads the texts of all events.
        waiting = queue.waiting(Event.objects.for_moderator(self.by))
        return self.question.narrow(waiting) if self.question else waiting

    @property
    def query(self) -> str:
        """The question as the end of an address; empty if all that waits is gone through."""
        return f"?{self.question.query()}" if self.question else ""

    @property
    def filters(self) -> list[Filter]:
        return self.question.filters() if self.question else []

    def find_order(self, *, event: Event) -> tuple[list[int], set[int]]:
        """The numbers of all that waits, and of `event`, in their order; and those by which one comes.

        One query, and one more if the question asks for doubles or links.
        """
        mine = Event.objects.for_moderator(self.by)
        found = mine.filter(queue.IS_WAITING | Q(pk=event.pk))
        if not self.question:
            order = queue.find_order(found, now=self.now)
            return order, {*order}
        is_asked = ExpressionWrapper(Q(pk__in=self.events.order_by().values("pk")), BooleanField())
        rows = [*queue.in_order(found, now=self.now).annotate(is_asked=is_asked).values_list("pk", "is_asked")]
        return [number for number, _is_asked in rows], {number for number, is_asked in rows if is_asked}

    def find_next(self, *, after: Event) -> Event | None:
        return queue.find_next(self.events, by=self.by, after=after, now=self.now)

    def find_previous(self, *, before: Event) -> Event | None:
        return queue.follow(self.events, after=before, now=self.now).last()

    def address_of(self, event: Event | None, *, done: Event | None = None) -> str:
        """Of the page of an event, or of the queue if there is none; there it is said what was `done`."""
        page = reverse("admin:events_event_change", args=(event.pk,)) if event else reverse(QUEUE)
        return page + self.query + (f"{'&' if self.query else '?'}done={done.pk}" if done else "")


def read_walk(request: HttpRequest, *, now: datetime) -> Walk:
    """From the address, which anybody may have written: what makes no sense as a question asks for nothing."""
    by = cast(User, request.user)
    question = QuestionForm(request.GET, user=by, now=now) if asks_something(request.GET) else None
    return Walk(by, now, question if question and question.is_valid() else None)
