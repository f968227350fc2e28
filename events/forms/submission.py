"""The public form: what it asks beyond the event itself, how it is laid out, and what comes of it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events import day, text
from events.forms import picture
from events.forms.event import EventForm
from events.models import Event


@dataclass(frozen=True)
class Group:
    """A part of the form under one heading; `more` is folded away until somebody needs it."""

    heading: Any
    names: tuple[str, ...]
    more: tuple[str, ...] = ()


class SubmissionForm(EventForm):
    """Everything an organiser tells about an event. `now` decides the edition whose dates are taken."""

    image = picture.PictureField(
        label=_("Poster or photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 8 MB. Place and camera data in it are removed."),
    )
    image_kept = forms.CharField(required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_("I may publish this, and I agree that it is stored and, after review, shown to everybody."),
        error_messages={"required": _("Without your consent we may not store the event.")},
    )
    nickname = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )

    GROUPS = (
        Group(
            _("The event"),
            (
                "title",
                "description",
                "kind",
                "languages",
                "admission",
                "registration_url",
                "website",
                "image",
                "image_alt",
            ),
        ),
        Group(
            _("Where"),
            ("format", "country", "city", "venue", "address", "address_visibility", "online_url"),
            more=("latitude", "longitude"),
        ),
        Group(_("When"), ("start_date", "start_time", "end_date", "end_time"), more=("zone",)),
        Group(_("Who"), ("organiser", "supporters", "public_contact", "contact_name", "contact_email", "consent")),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = day.coming_edition(now)
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
        return [(self[name], str(message)) for name in shown for message in self.errors.get(name, [])]

    # Rules

    def clean_start_date(self) -> date:
        start = self.cleaned_data["start_date"]
        first, last = day.window(self.edition)
        if not first <= start <= last:
            message = _("The directory now takes events that start between %(first)s and %(last)s.")
            raise ValidationError(message, code="window", params={"first": _in_words(first), "last": _in_words(last)})
        return start

    def clean_image_kept(self) -> picture.StoredPicture | None:
        return picture.find_kept(self.cleaned_data["image_kept"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (data.get("image") or data.get("image_kept")) and data.get("image_alt") == "":
            self.add_error("image_alt", _("Describe the picture in a few words."))
        if self.data.get("image_kept") and not (data.get("image_kept") or data.get("image")):
            self.add_error("image", _("We could not keep the picture so long. Choose it again."))
        return data

    def full_clean(self) -> None:
        super().full_clean()
        if not (self.is_bound and self.errors):
            return
        self.data = sent = cast(QueryDict, self.data).copy()
        if new := self.cleaned_data.get("image"):
            sent["image_kept"] = picture.keep(new)
        elif not self.cleaned_data.get("image_kept"):
            sent["image_kept"] = ""  # not of our making, or too old: the next try goes without it

    @property
    def has_kept_picture(self) -> bool:
        return bool(picture.find_kept(self["image_kept"].value() or ""))

    # What comes of it

    @property
    def is_from_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("nickname"))

    def event(self) -> Event:
        """The event of a valid form, its picture stored, ready for `moderation.submit`."""
        event = self.instance
        event.contact_language = text.current_language()
        event.submission = self._digest()
        new = self.cleaned_data["image"]
        if stored := picture.store(new) if new else self.cleaned_data["image_kept"]:
            event.image, event.image_width, event.image_height = stored.name, stored.width, stored.height
        else:
            event.image_alt = ""
        return event

    def _digest(self) -> str:
        """The same for the same content, and for nothing else: a double click, a reload, or back and send again."""
        content = {name: str(self.cleaned_data[name]) for name in (*self.Meta.fields, "image_kept")}
        if new := self.cleaned_data["image"]:
            content["image"] = hashlib.sha256(b"".join(new.files.values())).hexdigest()
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:40]


def _in_words(value: date) -> str:
    return date_format(value, "j E Y")
