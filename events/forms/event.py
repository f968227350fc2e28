"""What may be typed about an event: its fields and every rule on them, whoever types it and wherever."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events import day, markdown, text
from events.forms.choices import country_choices, language_choices, zone_choices
from events.forms.fields import LanguageBoxes, LineField, LinkField, MailboxField, ParagraphsField, PlainSelect
from events.forms.when_and_where import (
    check_place,
    check_position,
    check_times,
    find_end,
    find_place,
    find_position,
    find_zone,
)
from events.models import AddressVisibility, Admission, Event, Format, Kind

MAX_LANGUAGES = 10
MAX_NAMES = 200  # characters, of all names in a field together

# For the keyboards of phones, and what browsers know of their owner. Where autocomplete is off, browsers do not bring
# back what was typed when one goes back to the form, so it is not. What does not always apply has a placeholder,
# be it blank: by it a style sheet sees whether they are empty and may be hidden.
LINE = {"enterkeyhint": "next"}
SOME_LINE = {**LINE, "placeholder": " "}
LINK = {**SOME_LINE, "inputmode": "url", "placeholder": "https://"}


class EventForm(forms.ModelForm):
    """The fields of an event that are typed; which of them a page shows, and what else it asks, its own form adds."""

    title = LineField(
        label=_("Name of the event"),
        min_length=3,
        max_length=120,
        help_text=_("As it stands on the poster, in its own language."),
        error_messages={
            "required": _("Give the event a name."),
            "min_length": _("Give it a name of at least three letters."),
        },
        widget=forms.TextInput(LINE),
    )
    description = ParagraphsField(
        label=_("What happens there"),
        required=False,
        max_length=5000,
        help_text=_("Programme, guests, who is welcome. Plain text is fine."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose…")), *Kind.choices],
        widget=PlainSelect,
        error_messages={"required": _("Choose what kind of event it is.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=language_choices,
        initial=["az"],
        widget=LanguageBoxes,
        error_messages={"required": _("Tick at least one language.")},
    )
    admission = forms.ChoiceField(
        label=_("Admission"), choices=Admission.choices, initial=Admission.FREE, widget=forms.RadioSelect
    )
    registration_url = LinkField(
        label=_("Link for registration or tickets"), required=False, widget=forms.URLInput(LINK)
    )
    website = LinkField(
        label=_("Website"),
        required=False,
        help_text=_("The event’s or the organiser’s own page."),
        widget=forms.URLInput({**LINK, "autocomplete": "url"}),
    )
    image_alt = LineField(
        label=_("What the picture shows"),
        required=False,
        max_length=200,
        help_text=_("For people who cannot see it. Needed with a picture."),
        widget=forms.TextInput(SOME_LINE),
    )

    format = forms.ChoiceField(
        label=_("How people take part"), choices=Format.choices, initial=Format.IN_PERSON, widget=forms.RadioSelect
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
        widget=PlainSelect,
        help_text=_("For an online event: where the organiser is."),
        error_messages={"required": _("Choose a country.")},
    )
    city = LineField(
        label=_("City"),
        required=False,
        max_length=100,
        help_text=_("As people there write it. Needed unless online."),
        widget=forms.TextInput({**LINE, "list": "known-cities"}),
    )
    venue = LineField(
        label=_("Venue"),
        required=False,
        max_length=200,
        help_text=_("The hall or house."),
        widget=forms.TextInput(SOME_LINE),
    )
    address = LineField(
        label=_("Address"),
        required=False,
        max_length=300,
        help_text=_("Street and number."),
        widget=forms.TextInput(SOME_LINE),
    )
    address_visibility = forms.ChoiceField(
        label=_("Who may see venue and address"),
        choices=AddressVisibility.choices,
        initial=AddressVisibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text=_("What is not public is shown nowhere; only moderators see it."),
    )
    online_url = LinkField(
        label=_("Link to take part online"),
        required=False,
        help_text=_("Needed when online."),
        widget=forms.URLInput(LINK),
    )
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=_("Only to mark the exact spot; otherwise the city’s position is used."),
    )

    start_date = forms.DateField(
        label=_("Starts on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the day on which it starts.")},
    )
    start_time = forms.TimeField(
        label=_("Starts at"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Local time. Empty: all day."),
    )
    end_date = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: the same evening, also past midnight."),
    )
    end_time = forms.TimeField(
        label=_("Ends at"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        widget=PlainSelect,
        required=False,
        help_text=_("Found from the city; choose it only when we do not know the city."),
    )

    organiser = LineField(
        label=_("Organiser"),
        max_length=200,
        help_text=_("Public. Several names are separated by a semicolon."),
        error_messages={"required": _("Say who holds the event.")},
        widget=forms.TextInput({**LINE, "autocomplete": "organization"}),
    )
    supporters = LineField(label=_("With the support of"), required=False, max_length=200, widget=forms.TextInput(LINE))
    public_contact = LineField(
        label=_("How visitors can ask you"),
        required=False,
        max_length=200,
        help_text=_("Public, if you like: an e-mail address, a telephone number, an account."),
    )
    contact_name = LineField(
        label=_("Your name"),
        required=False,
        max_length=100,
        help_text=_("Only for moderators."),
        widget=forms.TextInput({**LINE, "autocomplete": "name"}),
    )
    contact_email = MailboxField(
        label=_("Your e-mail"),
        help_text=_("Only for moderators, never shown. We send a link there to confirm that it is yours."),
        error_messages={"required": _("Give your e-mail address: we send the link there.")},
        widget=forms.EmailInput({**LINE, "autocomplete": "email"}),
    )

    class Meta:
        model = Event
        fields = (
            *("title", "description", "kind", "languages", "admission", "registration_url", "website", "image_alt"),
            *("format", "country", "city", "venue", "address", "address_visibility", "online_url"),
            *("latitude", "longitude", "start_date", "start_time", "end_date", "end_time", "zone"),
            *("organiser", "supporters", "public_contact", "contact_name", "contact_email"),
        )

    # Rules of one field

    def clean_description(self) -> str:
        if refused := markdown.refused_links(self.cleaned_data["description"]):
            message = _("Links must begin with https://, http:// or mailto: – this one does not: %(link)s")
            raise ValidationError(message, code="link", params={"link": refused[0][:80]})
        return self.cleaned_data["description"]

    def clean_languages(self) -> str:
        codes = self.cleaned_data["languages"]
        if len(codes) > MAX_LANGUAGES:
            raise ValidationError(_("Choose at most %(n)s languages."), code="max", params={"n": MAX_LANGUAGES})
        return ",".join(codes)

    def clean_title(self) -> str:
        if not text.has_word(self.cleaned_data["title"]):
            raise ValidationError(_("Give it a name in words."), code="required")
        return self.cleaned_data["title"]

    def clean_organiser(self) -> str:
        if not text.has_word(self.cleaned_data["organiser"]):
            raise ValidationError(_("Say who holds the event."), code="required")
        return self._joined("organiser")

    def clean_supporters(self) -> str:
        return self._joined("supporters")

    def _joined(self, field: str) -> str:
        joined = "; ".join(text.names(self.cleaned_data[field]))
        if len(joined) > MAX_NAMES:
            raise ValidationError(_("Together the names are too long."), code="max_length")
        return joined

    def clean_start_date(self) -> date:
        if not day.is_in_window(start := self.cleaned_data["start_date"]):
            raise ValidationError(_("An event of the Day starts in December or January."), code="window")
        return start

    # Rules that join several

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._obey(check_place, data)
        self.instance.place = place = find_place(data)
        if zone := self._obey(find_zone, data, place):
            data["zone"] = zone
            data["end_date"] = find_end(data)
            self._obey(check_times, data, zone)
        self._obey(check_position, data, place)
        if position := find_position(data, place):
            data["latitude"], data["longitude"] = position
        return data

    def _obey(self, rule: Callable[..., Any], *args: Any) -> Any:
        """What `rule` finds, or None with its message put at the field."""
        try:
            return rule(*args)
        except ValidationError as error:
            self.add_error(None, error)
            return None
