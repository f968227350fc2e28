"""The form with which an organiser submits an event: its fields, and every rule on what may be typed there."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import day, images, markdown, text
from events.forms.choices import country_choices, language_choices, zone_choices
from events.forms.fields import LineField, LinkField, ParagraphsField
from events.forms.when_and_where import check_place, check_times, find_end, find_place, find_position, find_zone
from events.models import AddressVisibility, Admission, Event, Format, Kind

KEPT_PICTURE = "kept picture"  # salt of the signature
MAX_LANGUAGES = 10


@dataclass(frozen=True)
class KeptPicture:
    """A stored picture, and the size in pixels of its largest rendition."""

    name: str
    width: int
    height: int


@dataclass(frozen=True)
class Group:
    """A part of the form under one heading; `more` is folded away until somebody needs it."""

    heading: Any
    names: tuple[str, ...]
    more: tuple[str, ...] = ()


class SubmissionForm(forms.ModelForm):
    """Everything an organiser tells about an event. `now` decides the edition whose dates are taken."""

    title = LineField(
        label=_("Name of the event"),
        min_length=3,
        max_length=120,
        help_text=_("As it stands on the poster, in its own language."),
    )
    description = ParagraphsField(
        label=_("What happens there"),
        required=False,
        max_length=5000,
        help_text=_("Programme, guests, who is welcome. *emphasis*, lists and [links](https://…) are fine."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose…")), *Kind.choices])
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=language_choices,
        initial=["az"],
        widget=forms.CheckboxSelectMultiple,
    )
    admission = forms.ChoiceField(
        label=_("Admission"), choices=Admission.choices, initial=Admission.FREE, widget=forms.RadioSelect
    )
    registration_url = LinkField(label=_("Link for registration or tickets"), required=False)
    website = LinkField(label=_("Website"), required=False, help_text=_("The event’s or the organiser’s own page."))
    image = forms.FileField(
        label=_("Poster or photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 8 MB. Place and camera data in it are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    image_alt = LineField(
        label=_("What the picture shows"),
        required=False,
        max_length=200,
        help_text=_("For people who cannot see it. Needed with a picture."),
    )
    image_kept = forms.CharField(required=False, widget=forms.HiddenInput)

    format = forms.ChoiceField(
        label=_("How people take part"), choices=Format.choices, initial=Format.IN_PERSON, widget=forms.RadioSelect
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, help_text=_("For an online event: where the organiser is.")
    )
    city = LineField(
        label=_("City"), required=False, max_length=100, help_text=_("As people there write it. Needed unless online.")
    )
    venue = LineField(label=_("Venue"), required=False, max_length=200, help_text=_("The hall or house."))
    address = LineField(label=_("Address"), required=False, max_length=300, help_text=_("Street and number."))
    address_visibility = forms.ChoiceField(
        label=_("Who may see venue and address"),
        choices=AddressVisibility.choices,
        initial=AddressVisibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text=_("What is not public is shown nowhere; only moderators see it."),
    )
    online_url = LinkField(label=_("Link to take part online"), required=False, help_text=_("Needed when online."))
    latitude = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(
        label=_("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=_("Only to mark the exact spot; otherwise the city’s position is used."),
    )

    start_date = forms.DateField(label=_("Starts on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
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
        required=False,
        help_text=_("Found from the city; choose it only when we do not know the city."),
    )

    organiser = LineField(
        label=_("Organiser"), max_length=200, help_text=_("Public. Several names are separated by a semicolon.")
    )
    supporters = LineField(label=_("With the support of"), required=False, max_length=200)
    public_contact = LineField(
        label=_("How visitors can ask you"),
        required=False,
        max_length=200,
        help_text=_("Public, if you like: an e-mail address, a telephone number, an account."),
    )
    contact_name = LineField(label=_("Your name"), required=False, max_length=100, help_text=_("Only for moderators."))
    contact_email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("Only for moderators, never shown. We send a link there to confirm that it is yours."),
    )
    consent = forms.BooleanField(
        label=_("I may publish this, and I agree that it is stored and, after review, shown to everybody.")
    )
    nickname = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput, initial=secrets.token_urlsafe)

    GROUPS = (
        Group(
            _("The event"),
            ("title", "description", "kind", "languages", "admission", "registration_url", "website", "image", "image_alt"),
        ),
        Group(
            _("Where"),
            ("format", "country", "city", "venue", "address", "address_visibility", "online_url"),
            more=("latitude", "longitude"),
        ),
        Group(_("When"), ("start_date", "start_time", "end_date", "end_time"), more=("zone",)),
        Group(_("Who"), ("organiser", "supporters", "public_contact", "contact_name", "contact_email", "consent")),
    )

    class Meta:
        model = Event
        fields = (
            *("title", "description", "kind", "languages", "admission", "registration_url", "website", "image_alt"),
            *("format", "country", "city", "venue", "address", "address_visibility", "online_url"),
            *("latitude", "longitude", "start_date", "start_time", "end_date", "end_time", "zone"),
            *("organiser", "supporters", "public_contact", "contact_name", "contact_email"),
        )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = day.coming_edition(now)
        self.picture: images.CleanPicture | None = None
        first, last = day.window(self.edition)
        for name in ("start_date", "end_date"):
            self.fields[name].widget.attrs |= {"min": first.isoformat(), "max": (last + timedelta(days=7)).isoformat()}

    # What stands on the page

    def groups(self) -> Iterator[dict[str, Any]]:
        """The form for the template: each group's heading, its fields, and those folded away with whether to unfold."""
        for group in self.GROUPS:
            more = [self[name] for name in group.more]
            yield {
                "heading": group.heading,
                "fields": [self[name] for name in group.names],
                "more": more,
                "is_open": any(field.errors or field.value() for field in more),
            }

    def errors_with_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Every message with its field, in the order of the page: for the summary at its top."""
        shown = [name for group in self.GROUPS for name in (*group.names, *group.more)]
        return [(self[name], message) for name in shown for message in self.errors.get(name, [])]

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

    def clean_organiser(self) -> str:
        if not (names := text.names(self.cleaned_data["organiser"])):
            raise ValidationError(_("Say who holds the event."), code="required")
        return "; ".join(names)

    def clean_supporters(self) -> str:
        return "; ".join(text.names(self.cleaned_data["supporters"]))

    def clean_image(self) -> None:
        if upload := self.cleaned_data["image"]:
            try:
                self.picture = images.clean(upload.file)
            except images.BadPicture as error:
                raise ValidationError(str(error), code="picture") from error

    def clean_image_kept(self) -> KeptPicture | None:
        try:
            return KeptPicture(**signing.loads(self.cleaned_data["image_kept"], salt=KEPT_PICTURE, max_age=24 * 3600))
        except signing.BadSignature:
            return None  # nothing was kept, or too long ago: the person is asked for the picture again

    def clean_start_date(self) -> date:
        start = self.cleaned_data["start_date"]
        first, last = day.window(self.edition)
        if not first <= start <= last:
            message = _("The directory now takes events that start between %(first)s and %(last)s.")
            raise ValidationError(message, code="window", params={"first": first, "last": last})
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
        if position := find_position(data, place):
            data["latitude"], data["longitude"] = position
        if (self.picture or data.get("image_kept")) and data.get("image_alt") == "":
            self.add_error("image_alt", _("Describe the picture in a few words."))
        if self.errors:
            self._keep_picture()
        return data

    def _obey(self, rule: Callable[..., Any], *args: Any) -> Any:
        """What `rule` finds, or None with its message put at the field."""
        try:
            return rule(*args)
        except ValidationError as error:
            self.add_error(None, error)
            return None

    def _keep_picture(self) -> None:
        """A browser does not send a file again with a corrected form: keep the picture and let the form name it."""
        if self.picture:
            self.data = self.data.copy()
            self.data["image_kept"] = signing.dumps(asdict(self._stored(self.picture)), salt=KEPT_PICTURE)

    @property
    def has_kept_picture(self) -> bool:
        return bool(self["image_kept"].value())

    # What comes of it

    @property
    def is_from_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("nickname"))

    def event(self) -> Event:
        """The event of a valid form, its picture stored, ready for `moderation.submit`."""
        event = self.instance
        event.contact_language = get_language() or "en"
        event.submission = self._digest()
        kept = self._stored(self.picture) if self.picture else self.cleaned_data["image_kept"]
        if kept:
            event.image, event.image_width, event.image_height = kept.name, kept.width, kept.height
        else:
            event.image_alt = ""
        return event

    @staticmethod
    def _stored(picture: images.CleanPicture) -> KeptPicture:
        return KeptPicture(images.store(picture), picture.width, picture.height)

    def _digest(self) -> str:
        """The same for the same content sent again from the same page, and for nothing else."""
        content = {name: str(self.cleaned_data[name]) for name in (*self.Meta.fields, "key")}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
