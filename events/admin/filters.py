"""What a moderator may ask of the list of events: what visitors ask of the listing, and what only the desk knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events import day, queue
from events.forms.choices import ANY, country_choices
from events.forms.fields import PlainSelect
from events.forms.search import Filter, SearchForm
from events.models import Status
from events.models.event_queryset import EventQuerySet
from events.models.moderator import countries_of
from events.models.trust import IS_TRUSTED

from . import flags

EVERYTHING = "all"
STATES = [("", _("Waiting")), *Status.choices, (EVERYTHING, _("All events"))]
FLAGS = [
    ANY,
    ("amended", _("A change is proposed")),
    ("reported", _("Visitors report something")),
    ("first", _("The organiser is new")),
    ("trusted", _("The organiser is trusted")),
    ("links", _("Links in its texts")),
    ("double", _("Looks like another event")),
    ("soon", _("Starts within 48 hours")),
]


def asks_something(data: QueryDict) -> bool:
    """Whether an address asks for anything but what waits; if not, no form is needed to answer."""
    return any(data.get(name, "").strip() for name in QuestionForm.base_fields)


class QuestionForm(SearchForm):
    """Read from a query string; without `state` it asks for what waits, and without `edition` for all years."""

    state = forms.ChoiceField(label=_("Status"), required=False, choices=STATES, widget=PlainSelect)
    flag = forms.ChoiceField(label=_("Flag"), required=False, choices=FLAGS, widget=PlainSelect)

    field_order = ("q", "state", "flag", "country", "city", "date_from", "date_to")

    def __init__(self, data: Any, *, user: User, now: datetime) -> None:
        super().__init__(data, now=now)
        self.now, self.user = now, user
        self.own = () if user.is_superuser else tuple(countries_of(user))  # none: all
        self.fields["q"].label = _("City, organiser, event or e-mail")
        self.fields["edition"].widget = forms.NumberInput({"min": day.FIRST_EDITION, "max": day.LAST_EDITION})
        country = cast(forms.ChoiceField, self.fields["country"])
        country.choices = lambda: _choose_countries(self.own)  # hundreds, if they are shown

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """Of `events` those asked for; none when the question is wrong."""
        if not self.is_valid():
            return events.none()
        if not self.cleaned_data["state"]:
            events = queue.waiting(events)
        found = events.filter(*(filter.demand for filter in self.filters()))
        return found.filter(self._demand_read_flag(found))

    @property
    def asks_for_waiting(self) -> bool:
        return not self.data["state"]

    @property
    def query_for_all(self) -> str:
        """The same question to all events, not only to those that wait."""
        return self.query(state=EVERYTHING)

    @property
    def in_use(self) -> int:
        """How many fields are filled in besides that of the words."""
        return len(self._asked().keys() - {"q"})

    def chips(self) -> list[tuple[Filter, str]]:
        return [(chip, self._query_without(chip)) for chip in self.filters()] if self.is_valid() else []

    def filters(self) -> list[Filter]:
        return [*self._by_status(), *super().filters()]

    def _by_status(self) -> Iterator[Filter]:
        data = self.cleaned_data
        if state := data.get("state"):
            yield self._choice("state", STATES, Q() if state == EVERYTHING else Q(status=state))
        if flag := data.get("flag"):
            yield self._choice("flag", FLAGS, self._demand_flag(flag))
        if edition := data.get("edition"):
            yield self._filter("edition", str(edition), Q(edition=edition))

    def _demand_flag(self, flag: str) -> Q:
        public = Q(status=Status.PUBLISHED)
        demands = {
            "amended": public & queue.IS_PROPOSED,
            "reported": public & Q(queue.IS_REPORTED),
            "first": flags.demand_first(self.user),
            "trusted": Q(IS_TRUSTED),
            "soon": queue.is_soon(self.now),
        }
        return demands.get(flag, Q())

    def _demand_read_flag(self, events: EventQuerySet) -> Q:
        """What the database alone cannot tell is read of the `events` that all other filters leave."""
        flag = self.cleaned_data["flag"]
        if flag == "links":
            return flags.demand_links(events)
        return flags.demand_double(events, self.user) if flag == "double" else Q()

    def _by_words(self) -> Iterator[Filter]:
        """The contact's address too, whole or a part of it, which visitors must not find anything by."""
        for found in super()._by_words():
            is_of_words = found.fields == ("q",)
            is_address = Q(contact_email__icontains=self.cleaned_data["q"]) if is_of_words else Q(pk__in=())
            yield replace(found, demand=found.demand | is_address)

    def _choice(self, name: str, choices: Any, demand: Q) -> Filter:
        return self._filter(name, str(dict(choices)[self.cleaned_data[name]]), demand)


def _choose_countries(own: tuple[str, ...]) -> list[Any]:
    """No others than those of which the user sees events: a foreign one is as unknown as one that never was."""
    return [ANY, *(choice for choice in country_choices() if choice[0] and (not own or choice[0] in own))]
