"""What a moderator should know of an event before reading it, and which other events it may be once more.

Everything is found in what the moderator may see: nothing here tells of events in other countries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import In
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import doubles, text
from events.doubles import ALIKE, Candidate, find_likeness
from events.inspection import FREE_TEXTS
from events.models import Condition, Event, Report, Status, Step, Trust, Verb
from events.models.event_queryset import EventQuerySet
from events.models.trust import IS_TRUSTED

_read_texts = attrgetter(*FREE_TEXTS)
MAY_BE_DOUBLES = (Status.PENDING, Status.PUBLISHED)
NO_DOUBLES = [status for status in Status if status not in MAY_BE_DOUBLES]

# Made once, because half of what a query costs is to make it.
_STEPS = Step.objects.order_by("id").values_list("event", "at", "verb")
_REPORTS = Report.objects.open().order_by("at").values_list("event", "at")
_TRUSTED = Trust.objects.order_by().values_list("address", "country")

# What `find_proposed_at` asks of an event: read together with it, which is cheaper than a query of its own.
PROPOSAL = {f"proposal_{column}": F(f"amendment__{column}") for column in ("is_refused", "base", "sent_at")}


class Flag(NamedTuple):
    """A word or two; `name` is that of its kind, for the style sheet."""

    name: str
    label: str


@dataclass(frozen=True)
class Facts:
    """What the rows of other tables say of some events, by number."""

    proposals: dict[int, datetime]  # when the open proposal was sent
    reports: dict[int, list[datetime]]  # when the open reports came, the first first
    steps: dict[int, datetime]  # when something happened last
    answers: set[int]  # events that a moderator had sent back before
    known: set[str]  # addresses of which something was published
    trusted: set[tuple[str, str]]  # addresses and countries

    def waits(self, event: Event) -> bool:
        return event.status == Status.PENDING or event.pk in self.proposals or event.pk in self.reports

    def find_since(self, event: Event) -> datetime:
        """Since when it waits."""
        if event.status == Status.PENDING:
            return self.steps.get(event.pk, event.created_at)
        asked = [*self.reports.get(event.pk, [])[:1], *filter(None, [self.proposals.get(event.pk)])]
        return min(asked, default=event.created_at)


def find_proposed_at(event: Any) -> datetime | None:
    """When the change was sent that waits for a moderator, of an event with what `PROPOSAL` names."""
    is_open = event.status == Status.PUBLISHED and event.proposal_is_refused is False
    return event.proposal_sent_at if is_open and event.proposal_base == event.version else None


def say_flags(events: Sequence[Event], user: User, *, facts: Facts) -> dict[int, list[Flag]]:
    """For each event by its number what stands beside its title, what matters most first. One query."""
    rivals = _Rivals(_read_candidates(_find_rivals(events, user)))
    flags = {}
    for event in events:
        country = str(event.country)  # which makes an object: once is enough
        flags[event.pk] = [*_say(event, facts, country, is_double=rivals.has_double_of(event, country))]
    return flags


def find_doubles(event: Event, user: User) -> list[Event]:
    """At most three events that wait or are published and that this one may be once more, the likeliest first.

    With no more columns than a page shows of them. One query.
    """
    shown = ("status", "start_time", "venue")
    return doubles.choose(event, among=_find_rivals([event], user).only(*Candidate._fields, *shown))


def find_facts(events: Sequence[Event], user: User) -> Facts:
    """Four queries, three where nothing is published."""
    numbers, owners = [event.pk for event in events], {event.contact_email.lower() for event in events} - {""}
    public = [event.pk for event in events if event.status == Status.PUBLISHED]  # reports of others do not count
    steps = [*_STEPS.filter(event__in=numbers)]
    return Facts(
        {event.pk: sent_at for event in events if (sent_at := find_proposed_at(event))},
        _find_reports(public) if public else {},
        {number: at for number, at, _verb in steps},  # the last of each
        {number for number, _at, verb in steps if verb == Verb.RETURN},
        _find_known(owners, user),
        {*_TRUSTED.filter(address__in=owners)},
    )


def _find_reports(numbers: list[int]) -> dict[int, list[datetime]]:
    reports = defaultdict(list)
    for number, at in _REPORTS.filter(event__in=numbers):
        reports[number].append(at)
    return reports


def _find_known(owners: set[str], user: User) -> set[str]:
    """Of the addresses those of which anything was published."""
    theirs = _find_ever_published(user).annotate(owner=Lower("contact_email")).filter(owner__in=owners)
    return {*theirs.values_list("owner", flat=True).distinct()}


def _find_ever_published(user: User) -> EventQuerySet:
    """What is published, or what was: it makes its organiser known."""
    return Event.objects.for_moderator(user).filter(steps__status=Status.PUBLISHED).order_by()


@cache
def _labels(language: str) -> dict[str, str]:
    """The flags without a number, by their names."""
    return {
        "double": _("double?"),
        "answered": _("sent back before"),
        "trusted": _("trusted"),
        "first": _("first time"),
        "amended": _("amended"),
    }


def _make(name: str) -> Flag:
    return Flag(name, _labels(text.current_language())[name])


def _say(event: Event, facts: Facts, country: str, *, is_double: bool) -> Iterator[Flag]:
    if is_double:
        yield _make("double")
    if event.status == Status.PUBLISHED:
        yield from _say_of_published(event, facts)
    elif event.pk in facts.answers:
        yield _make("answered")
    if n := text.count_links("\n".join(_read_texts(event))):
        yield Flag("links", ngettext("%(n)s link", "%(n)s links", n) % {"n": n})
    owner = event.contact_email.lower()
    if (owner, country) in facts.trusted:
        yield _make("trusted")
    elif owner and owner not in facts.known:
        yield _make("first")


def _say_of_published(event: Event, facts: Facts) -> Iterator[Flag]:
    if n := len(facts.reports.get(event.pk, [])):
        yield Flag("reported", ngettext("%(n)s report", "%(n)s reports", n) % {"n": n})
    if event.pk in facts.proposals:
        yield _make("amended")
    if event.condition != Condition.PLANNED:
        yield Flag("condition", event.get_condition_display())


# The same flags asked of all events at once


def demand_first(user: User) -> Q:
    """That the organiser is new to the moderator."""
    is_known = In(Lower("contact_email"), _find_ever_published(user).values_list(Lower("contact_email")))
    return ~Q(contact_email="") & ~Q(is_known) & ~Q(IS_TRUSTED)


def demand_links(events: EventQuerySet) -> Q:
    """That one of `events` has a link: by a scheme it surely has, else only `text.count_links` knows."""
    sure = _hold("http://", "https://")
    others = events.filter(_hold("http", "www."), ~sure).order_by().values_list("pk", *FREE_TEXTS)
    return sure | Q(pk__in=[pk for pk, *texts in others if text.count_links("\n".join(texts))])


def _hold(*words: str) -> Q:
    """That any of the texts holds any of the words."""
    demands = ((f"{name}__icontains", word) for name in FREE_TEXTS for word in words)
    return Q(*demands, _connector=Q.OR)


def demand_double(events: EventQuerySet, user: User) -> Q:
    """That one of `events` may be another once more. One query; they are compared here, as beside an event."""
    days, is_asked = events.order_by().values("start_date"), Q(pk__in=events.order_by().values("pk"))
    facts = {
        "is_asked": ExpressionWrapper(is_asked, BooleanField()),
        "is_gone": ExpressionWrapper(Q(status__in=NO_DOUBLES), BooleanField()),
    }
    there = Event.objects.for_moderator(user).filter(start_date__in=days).order_by().annotate(**facts)
    rows = [*there.filter(Q(is_gone=False) | Q(is_asked=True)).values_list(*Candidate._fields, *facts)]
    read = [(Candidate._make(values), is_asked, is_gone) for *values, is_asked, is_gone in rows]
    rivals = _Rivals(one for one, _is_asked, is_gone in read if not is_gone)
    return Q(pk__in=[one.pk for one, is_asked, _ in read if is_asked and rivals.has_double_of(one, one.country)])


# Doubles


def _read_candidates(events: EventQuerySet) -> Iterable[Candidate]:
    return map(Candidate._make, events.order_by().values_list(*Candidate._fields))


def _find_rivals(events: Sequence[Event], user: User) -> EventQuerySet:
    """Among these are all that any of `events` may be once more.

    What is not in a city of the data, or in none, is compared by the city's name with what is neither.
    """
    days, places = {event.start_date for event in events}, {event.place_id for event in events if event.place_id}
    unplaced = {str(event.country) for event in events if not event.place_id}
    there = Q(place__in=places) | Q(place=None, country__in=unplaced) if unplaced else Q(place__in=places)
    # Said so, the index of places leads to them, and none to all events that wait or are published.
    rivals = Event.objects.for_moderator(user).exclude(status__in=NO_DOUBLES)
    return rivals.filter(there, start_date__in=days).order_by()


class _Rivals:
    """Candidates by day and place, so that each event is compared with few of them."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.by_place: dict[tuple[object, object], list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            self.by_place[_find_key(candidate, candidate.country)].append(candidate)

    def has_double_of(self, event: Event | Candidate, country: str) -> bool:
        others = self.by_place.get(_find_key(event, country), [])
        return any(other.pk != event.pk and find_likeness(event, other) >= ALIKE for other in others)


def _find_key(event: Event | Candidate, country: str) -> tuple[object, object]:
    return event.start_date, event.place_id or (country, doubles.fold_city(event))
