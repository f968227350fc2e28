"""The one question that visitors ask of the directory; listing, feeds and map answer it in their own dress."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events import day, text
from events.forms.choices import any_of, country_choices, edition_choices, language_choices, name_of, with_events_first
from events.forms.fields import LineField, PlainSelect
from events.models import Admission, Event, Format, Kind
from events.models.event_queryset import EventQuerySet


class DayInput(forms.DateInput):
    """A day; what is none is shown again as text, because a date field would show nothing."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = "date" if not shown or _is_day(shown) else "text"
        return context


class CountryCodeField(forms.ChoiceField):
    """A country by its code, in small letters too, as in the addresses of pages."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


@dataclass(frozen=True)
class Filter:
    """One filter in use: the fields it is typed into, what it says there, and what it demands of an event."""

    fields: tuple[str, ...]
    label: str
    value: str
    demand: Q
    day: date | None = None  # instead of a value: its words are the templates'


class SearchForm(forms.Form):
    """Read from a query string; everything is optional. Without `edition` it asks for the one coming at `now`."""

    q = LineField(
        label=_("City, organiser or event"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "enterkeyhint": "search"}),
    )
    country = CountryCodeField(label=_("Country"), required=False, choices=any_of(country_choices), widget=PlainSelect)
    city = LineField(label=_("City"), required=False, max_length=100)
    date_from = forms.DateField(label=pgettext_lazy("day", "From"), required=False, widget=DayInput(format="%Y-%m-%d"))
    date_to = forms.DateField(label=pgettext_lazy("day", "Until"), required=False, widget=DayInput(format="%Y-%m-%d"))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=any_of(Kind.choices), widget=PlainSelect)
    admission = forms.ChoiceField(
        label=_("Admission"), required=False, choices=any_of(Admission.choices), widget=PlainSelect
    )
    language = forms.ChoiceField(
        label=_("Language spoken"), required=False, choices=any_of(language_choices), widget=PlainSelect
    )
    format = forms.ChoiceField(label=_("Format"), required=False, choices=any_of(Format.choices), widget=PlainSelect)
    edition = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=day.FIRST_EDITION,
        max_value=day.LAST_EDITION,
        widget=PlainSelect,
    )

    def __init__(self, data: Any, *, now: datetime) -> None:
        # Blanks ask for nothing. Were they an error here and nothing in `query`, all would see that error, stored.
        super().__init__({name: data.get(name, "").strip() for name in self.base_fields})
        self.coming = day.coming_edition(now)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("date_from"), data.get("date_to")
        if first and last and last < first:
            raise ValidationError({"date_to": _("The last day is before the first.")})
        return data

    def offer(self, *, countries: Iterable[str], first_edition: int) -> None:
        """Put the `countries` that have events before all others, and the years from `first_edition` on to choose."""
        self.fields["country"].widget.choices = with_events_first(countries)
        editions = edition_choices(first_edition, self.coming)
        self.fields["edition"].widget.choices = editions

    @property
    def chosen_edition(self) -> int:
        """The edition asked for; that of a wrong question is the coming one."""
        return getattr(self, "cleaned_data", {}).get("edition") or self.coming

    @property
    def has_filters(self) -> bool:
        """Whether anything but the coming edition is asked for, rightly or wrongly."""
        return bool(self._asked().keys() - {"edition"} or self.errors or self.chosen_edition != self.coming)

    def query(self, **changes: object) -> str:
        """The question as a query string, with some fields changed; what is empty is left out."""
        return urlencode({name: value for name, value in {**self._asked(), **changes}.items() if value})

    def days(self) -> list[tuple[str, str, bool]]:
        """The days that most people ask for: how each is called, its query string, and whether it is in use."""
        the_day = date(self.chosen_edition, 12, 31)
        before, after = the_day - timedelta(days=1), the_day + timedelta(days=1)
        offered: list[tuple[Any, date | None, date | None]] = [
            (_("All days"), None, None),
            (_("On 31 December"), the_day, the_day),
            (_("Before 31 December"), None, before),
            (_("After 31 December"), after, None),
        ]
        in_use = tuple(getattr(self, "cleaned_data", {}).get(name) for name in ("date_from", "date_to"))
        return [
            (str(name), self.query(date_from=first, date_to=last), in_use == (first, last))
            for name, first, last in offered
        ]

    def _query_without(self, left_out: Filter) -> str:
        return self.query(**dict.fromkeys(left_out.fields))

    def _query_alone(self, kept: Filter) -> str:
        return self.query(**dict.fromkeys(self.fields.keys() - {*kept.fields, "edition"}))

    def _asked(self) -> dict[str, str]:
        return {name: value for name in self.fields if (value := self.data[name])}

    def events(self) -> EventQuerySet:
        """The published events that answer the question, by start; none when the question is wrong."""
        if not self.is_valid():
            return Event.objects.none()
        found = self._of_the_edition().select_related("place").order_by("starts_at", "id")
        return found.filter(*(filter.demand for filter in self.filters()))

    def _of_the_edition(self) -> EventQuerySet:
        return Event.objects.published().in_edition(self.chosen_edition)

    def find_ways_out(self) -> dict[str, list[tuple[Filter, str, int]]]:
        """Of several filters that together find nothing: "without" which of them, or with which "alone", they would.

        Each with that question's query string and its number of events, the greatest first. One query.
        """
        filters = self.filters() if self.is_valid() else []
        if len(filters) < 2:
            return {}
        counts: dict[str, Count] = {}
        for index, one in enumerate(filters):
            others = [other.demand for other in filters if other is not one]
            counts |= {f"without_{index}": _count(*others), f"alone_{index}": _count(one.demand)}
        found = self._of_the_edition().aggregate(**counts)
        without = [(one, self._query_without(one), found[f"without_{n}"]) for n, one in enumerate(filters)]
        alone = [(one, self._query_alone(one), found[f"alone_{n}"]) for n, one in enumerate(filters)]
        return {"without": _by_number(without), "alone": _by_number(alone)}

    def chips(self) -> list[tuple[Filter, str]]:
        """Each filter in use, an earlier edition too, with the query string that asks the same without it."""
        filters = self.filters()
        if self.chosen_edition != self.coming:
            filters.append(self._filter("edition", str(self.chosen_edition), Q()))
        return [(chip, self._query_without(chip)) for chip in filters]

    def filters(self) -> list[Filter]:
        """The filters in use, those of wrong fields left out; the edition is none of them."""
        return [*self._by_words(), *self._by_choice(), *self._by_day()]

    def _by_words(self) -> Iterator[Filter]:
        if words := self.cleaned_data.get("q"):
            yield Filter(("q",), str(_("Words")), words, _demand_words(words))
        if city := self.cleaned_data.get("city"):
            named = Q(place__search__contains=f"|{text.fold(city)}|") if text.fold(city) else Q(pk__in=())
            yield self._filter("city", city, named | Q(place=None, city__iexact=city))

    def _by_choice(self) -> Iterator[Filter]:
        for name in ("country", "kind", "admission", "language", "format"):
            if value := self.cleaned_data.get(name):
                demand = _demand_language(value) if name == "language" else Q(**{name: value})
                field = cast(forms.ChoiceField, self.fields[name])
                yield self._filter(name, name_of(value, field.choices), demand)

    def _by_day(self) -> Iterator[Filter]:
        first, last = self.cleaned_data.get("date_from"), self.cleaned_data.get("date_to")
        if first and first == last:
            demand = _demand_last_day(first) & Q(start_date__lte=first)
            yield Filter(("date_from", "date_to"), str(_("Day")), "", demand, day=first)
            return
        if first:
            yield self._filter("date_from", "", _demand_last_day(first), day=first)
        if last:
            yield self._filter("date_to", "", Q(start_date__lte=last), day=last)

    def _filter(self, name: str, value: str, demand: Q, *, day: date | None = None) -> Filter:
        return Filter((name,), str(self.fields[name].label), value, demand, day)


def _is_day(text: str) -> bool:
    try:
        return bool(parse_date(text))
    except ValueError:
        return False


def _count(*demands: Q) -> Count:
    return Count("pk", filter=reduce(and_, demands))


def _by_number(ways: list[tuple[Filter, str, int]]) -> list[tuple[Filter, str, int]]:
    return sorted((way for way in ways if way[2]), key=lambda way: -way[2])


def _demand_language(code: str) -> Q:
    """One of those that are joined by commas."""
    is_alone, is_first = Q(languages=code), Q(languages__startswith=f"{code},")
    return is_alone | is_first | Q(languages__endswith=f",{code}") | Q(languages__contains=f",{code},")


def _demand_last_day(first: date) -> Q:
    """That it goes on to the day `first` or longer."""
    return Q(end_date__gte=first) | Q(end_date=None, start_date__gte=first)


def _demand_words(words: str) -> Q:
    """Each of the words, anywhere; nothing is found by nothing but signs."""
    terms = text.search_terms(words)
    return reduce(and_, (_demand_any(keys) for keys in terms)) if terms else Q(pk__in=())


def _demand_any(keys: Iterable[str]) -> Q:
    anywhere = Q()
    for key in keys:
        # A city has hundreds of spellings: inside of one, any short word is found.
        in_city = Q(place__search__contains=f"|{key}") | Q(place__search__contains=f" {key}")
        anywhere |= Q(search_text__contains=key) | in_city
    return anywhere
