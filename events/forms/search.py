"""The one question that visitors ask of the directory; listing, feeds and map answer it in their own dress."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from events import day, text
from events.forms.choices import country_choices, language_choices
from events.forms.fields import LineField
from events.models import Admission, Event, Format, Kind
from events.models.event import EventQuerySet


class CountryCodeField(forms.ChoiceField):
    """A country by its code, in small letters too, as in the addresses of pages."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


class SearchForm(forms.Form):
    """Read from a query string; everything is optional. Without `edition` it asks for the one coming at `now`."""

    q = LineField(label=_("Search"), required=False, max_length=100)
    country = CountryCodeField(label=_("Country"), required=False, choices=country_choices)
    city = LineField(label=_("City"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *Kind.choices])
    format = forms.ChoiceField(label=_("Format"), required=False, choices=[("", _("Any")), *Format.choices])
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=lambda: [("", _("Any")), *language_choices()]
    )
    admission = forms.ChoiceField(label=_("Admission"), required=False, choices=[("", _("Any")), *Admission.choices])
    date_from = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    date_to = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    edition = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=day.FIRST_EDITION,
        max_value=day.LAST_EDITION,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        self.fields["country"].choices = lambda: [("", _("Any")), *country_choices()[1:]]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("date_from"), data.get("date_to")
        if first and last and last < first:
            raise ValidationError({"date_to": _("The last day is before the first.")})
        return data

    @property
    def chosen_edition(self) -> int:
        """The edition asked for; that of a wrong question is the coming one."""
        return getattr(self, "cleaned_data", {}).get("edition") or day.coming_edition(self.now)

    @property
    def has_filters(self) -> bool:
        """Whether anything but the edition is asked for."""
        return bool(self.data.get("q")) or self.has_choices

    @property
    def has_choices(self) -> bool:
        """Whether anything but words and the edition is asked for: then the filters are to be seen."""
        return any(value for name, value in self.data.items() if name in self.fields and name not in {"q", "edition"})

    def events(self) -> EventQuerySet:
        """The published events that answer the question, by start; none when the question is wrong."""
        if not self.is_valid():
            return Event.objects.none()
        found = Event.objects.published().in_edition(self.chosen_edition).select_related("place")
        return self._by_words(self._by_choice(found)).order_by("starts_at", "id")

    def _by_choice(self, found: EventQuerySet) -> EventQuerySet:
        data = self.cleaned_data
        for name in ("country", "kind", "format", "admission"):
            if data[name]:
                found = found.filter(**{name: data[name]})
        if code := data["language"]:
            alone, first = Q(languages=code), Q(languages__startswith=f"{code},")
            found = found.filter(alone | first | Q(languages__endswith=f",{code}") | Q(languages__contains=f",{code},"))
        if data["date_from"]:
            found = found.annotate(last=Coalesce("end_date", "start_date")).filter(last__gte=data["date_from"])
        if data["date_to"]:
            found = found.filter(start_date__lte=data["date_to"])
        return found

    def _by_words(self, found: EventQuerySet) -> EventQuerySet:
        if city := text.fold(self.cleaned_data["city"]):
            found = found.filter(
                Q(place__search__contains=f"|{city}|") | Q(place=None, city__iexact=self.cleaned_data["city"])
            )
        terms = text.search_terms(self.cleaned_data["q"])
        if self.cleaned_data["q"] and not terms:
            return found.none()  # nothing but signs
        for keys in terms:
            anywhere = Q()
            for key in keys:
                # A city has hundreds of spellings: inside of one, any short word is found.
                in_city = Q(place__search__contains=f"|{key}") | Q(place__search__contains=f" {key}")
                anywhere |= Q(search_text__contains=key) | in_city
            found = found.filter(anywhere)
        return found
