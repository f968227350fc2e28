"""An event as its organiser types it: what the pages for a new one and for changing one's own have in common."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events import access, day, images
from events.forms import picture
from events.forms.event import EventForm
from events.forms.fields import UnseenField, UnseenNumberField
from events.forms.when_and_where import find_city_name, find_end, find_place
from events.geo import countries
from events.models import City, Event


@dataclass(frozen=True)
class Group:
    """A part of the form under one heading; `more` is folded away until somebody needs it."""

    heading: Any
    names: tuple[str, ...]
    more: tuple[str, ...] = ()


EVENT = Group(
    _("The event"),
    (
        *("title", "description", "kind", "languages", "admission", "registration_url", "website"),
        *("image", "image_removed", "image_alt"),
    ),
)
WHERE = Group(
    _("Where"),
    ("format", "country", "city", "venue", "address", "address_visibility", "online_url"),
    more=("latitude", "longitude"),
)
WHEN = Group(_("When"), ("start_date", "start_time", "end_date", "end_time"), more=("zone",))
WHO = Group(_("Who"), ("organiser", "supporters", "public_contact", "contact_name"))


def with_more(group: Group, *names: str) -> Group:
    return replace(group, names=(*group.names, *names))


class EntryForm(EventForm):
    """Everything an organiser tells about an event. `now` decides the edition whose dates are taken."""

    image = picture.PictureField(
        label=_("Poster or photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 8 MB. Place and camera data in it are removed."),
    )
    image_kept = UnseenField(required=False)
    image_removed = forms.BooleanField(label=_("Without this picture"), required=False)  # asked where one is kept
    place = UnseenNumberField(required=False, min_value=0)  # the city that was chosen, 0 for none of those offered

    GROUPS: ClassVar[tuple[Group, ...]] = (EVENT, WHERE, WHEN, WHO)
    DRAFT = ""  # under which name a browser keeps what is typed, if it does

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = {name for group in self.GROUPS for name in (*group.names, *group.more)}
        for name in set(self.Meta.fields) - shown:
            del self.fields[name]
        self.now = now
        self.first, self.last = self.find_window()
        window = {"first": _in_words(self.first), "last": _in_words(self.last)}
        self.fields["start_date"].help_text = _("From %(first)s to %(last)s.") % window
        for name in ("start_date", "end_date"):
            latest = self.last + timedelta(days=7)
            self.fields[name].widget.attrs |= {"min": self.first.isoformat(), "max": latest.isoformat()}

    def find_window(self) -> tuple[date, date]:
        """The first and the last day on which the event may start."""
        return day.window(day.coming_edition(self.now))

    # What stands on the page

    def groups(self) -> Iterator[dict[str, Any]]:
        """The form for the template: each group's heading, its fields, and those folded away with whether to unfold."""
        for group in self.GROUPS:
            more = [self[name] for name in group.more]
            yield {
                "heading": group.heading,
                "fields": [self[name] for name in group.names if name != "image_removed" or self.kept_picture_url],
                "more": more,
                "is_open": any(field.errors or field.value() for field in more),
            }

    def errors_with_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Every message with its field, in the order of the page: for the summary at its top."""
        shown = [name for group in self.GROUPS for name in (*group.names, *group.more)]
        return [(self[name], str(message)) for name in shown for message in self.errors.get(name, [])]

    @property
    def unseen_fields(self) -> list[forms.BoundField]:
        """What goes with the form unseen."""
        return self.hidden_fields()

    def known_cities(self) -> list[str]:
        """The largest cities of the country that is chosen already, for browsers that do not ask as one types."""
        country = self["country"].value()
        return City.objects.largest_names(country) if country in countries.names("en") else []

    # Rules

    def clean_start_date(self) -> date:
        start = self.cleaned_data["start_date"]
        if not self.first <= start <= self.last:
            message = _("The directory now takes events that start between %(first)s and %(last)s.")
            params = {"first": _in_words(self.first), "last": _in_words(self.last)}
            raise ValidationError(message, code="window", params=params)
        return start

    def clean_image_kept(self) -> picture.StoredPicture | None:
        return picture.find_kept(self.cleaned_data["image_kept"])

    def clean(self) -> dict[str, Any]:
        if self._has_zone_of_another_city and find_place(self.cleaned_data):
            self.cleaned_data["zone"] = ""  # the new city has its own
        data = super().clean()
        if "city" in data:
            data["city"] = find_city_name(data, self.instance.place)
        if data.get("image_removed"):
            data["image_kept"] = None
        elif self.data.get("image_kept") and not (data.get("image_kept") or data.get("image")):
            self.add_error("image", _("We could not keep the picture so long. Choose it again."))
        if (data.get("image") or data.get("image_kept")) and data.get("image_alt") == "":
            self.add_error("image_alt", _("Describe the picture in a few words."))
        return data

    @property
    def _has_zone_of_another_city(self) -> bool:
        """Whether only the city was changed in what stood in the form, and not the zone."""
        return bool(self.initial.get("zone")) and "city" in self.changed_data and "zone" not in self.changed_data

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.keep_all()

    # Pictures

    def keep_all(self) -> None:
        """Keep the picture for when the form comes again: browsers do not send a file a second time."""
        self.data = sent = cast(QueryDict, self.data).copy()
        try:
            stored = self.stored_picture
        except images.NotStored as error:
            self.add_error("image", str(error))
            stored = None
        if not stored:
            sent["image_kept"] = ""  # not of our making, or too old: the next try goes without it
        elif self.cleaned_data.get("image"):
            sent["image_kept"] = picture.make_token(stored)

    @cached_property
    def stored_picture(self) -> picture.StoredPicture | None:
        """The picture that was sent, stored now, else the one that is kept; `images.NotStored` if there is no room."""
        new = self.cleaned_data.get("image")
        return picture.store(new) if new else self.cleaned_data.get("image_kept")

    @cached_property
    def kept_picture_url(self) -> str:
        """Where the person who sees this page sees the picture that is kept for it; empty if there is none."""
        kept = picture.find_kept(self["image_kept"].value() or "")
        if not kept:
            return ""
        address = reverse("picture", args=(kept.name, images.widths(kept.width)[0], "avif"))
        return f"{address}?key={access.make_picture_key(kept.name)}"

    # What comes of it

    def fill_picture(self, event: Event) -> None:
        """Give the event the picture of a valid form; `images.NotStored` if there is no room for it."""
        if stored := self.stored_picture:
            event.image, event.image_width, event.image_height = stored.name, stored.width, stored.height
        else:
            event.image, event.image_width, event.image_height, event.image_alt = "", None, None, ""


def describe(event: Event) -> dict[str, Any]:
    """What to show in a form for `event`: what was typed, and not what was found from it, which a new city changes."""
    typed = model_to_dict(event, fields=EventForm.Meta.fields) | {"languages": event.language_codes}
    if not event.has_exact_point:
        typed |= {"latitude": None, "longitude": None}
    if event.place and event.zone == event.place.zone:
        typed["zone"] = ""
    if event.end_date == find_end(typed | {"end_date": None}):
        typed["end_date"] = None
    if event.image:
        kept = picture.StoredPicture(event.image, event.image_width or 0, event.image_height or 0)
        typed["image_kept"] = picture.make_token(kept)
    return typed | {"country": str(event.country), "place": event.place_id}


def _in_words(value: date) -> str:
    return date_format(value, "j E Y")
