"""The public form for a new event: what it asks beyond the event itself, and what comes of it."""

import hashlib
import json
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events import doubles, text
from events.forms import stamp
from events.forms.entry import EVENT, WHEN, WHERE, WHO, EntryForm, with_more
from events.forms.when_and_where import NONE_OF_THESE
from events.models import City, Event

TEXTS = ("title", "description", "image_alt", "city", "venue", "address", "organiser", "supporters", "public_contact")
MOST_LINKS = 5  # in all of them; an advertiser needs more
CONSENT = _("I may publish this, and I agree that it is stored and, after review, shown to everybody.")


class NewEventForm(EntryForm):
    """What every new event needs: a person who may tell it, and an answer where it is in doubt."""

    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Without your consent we may not store the event.")}
    )
    is_new = forms.BooleanField(label=_("No, mine is another event."), required=False)  # asked where one is alike

    GROUPS = (EVENT, WHERE, WHEN, with_more(WHO, "consent"))
    DRAFT = "new"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.has_error("zone", code="unknown") and self.cities:
            del self.errors["zone"]  # which city is meant is asked first, and with it the zone may be known
        if sum(text.count_links(data.get(name) or "") for name in TEXTS) > MOST_LINKS:
            self.add_error("description", _("There are too many links in the text. Keep the five that matter most."))
        return data

    # Doubts, told before anything is stored

    @cached_property
    def doubles(self) -> list[Event]:
        """Published events that this one may be, unless the person said that it is another."""
        return [] if self.cleaned_data["is_new"] else doubles.find(self.instance)

    @cached_property
    def cities(self) -> list[City]:
        """Cities that may be meant by a name that we do not know, or that several have, unless that is answered."""
        data, found = self.cleaned_data, self.instance.place
        if data.get("place") == NONE_OF_THESE or not (data.get("country") and data.get("city")):
            return []
        if found:
            return [] if data.get("place") == found.pk else City.objects.namesakes(data["country"], data["city"])
        return list(City.objects.suggest(data["country"], data["city"]))

    @property
    def is_in_doubt(self) -> bool:
        """Whether a form without errors has something to ask before it is stored."""
        return self.is_valid() and bool(self.doubles or self.cities)

    @property
    def is_asked_again(self) -> bool:
        """Whether a question that is asked stood on the page that was sent too, and was left without an answer."""
        asked = cast(QueryDict, self.data).getlist("asked")
        return ("doubles" in asked and bool(self.doubles)) or ("cities" in asked and bool(self.cities))

    @property
    def unseen_fields(self) -> list[forms.BoundField]:
        """What goes with the form unseen, without the city where that is asked."""
        asked = {"place"} if self.is_in_doubt and self.cities else set()
        return [field for field in super().unseen_fields if field.name not in asked]

    # What comes of it

    def event(self) -> Event:
        """The event of a valid form, without its picture."""
        self.instance.contact_language = text.current_language()
        self.instance.submission = self._digest()
        return self.instance

    def _digest(self) -> str:
        """The same for the same content, and for nothing else: a double click, a reload, or back and send again."""
        content = {name: str(self.cleaned_data.get(name)) for name in (*self.Meta.fields, "image_kept")}
        content["contact_email"] = self.instance.contact_email
        if new := self.cleaned_data["image"]:
            content["image"] = hashlib.sha256(b"".join(new.files.values())).hexdigest()
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:40]


class SubmissionForm(NewEventForm):
    """The form for whoever comes: they give an address, which they prove later, and no robot gets through unnoticed."""

    GROUPS = (EVENT, WHERE, WHEN, with_more(WHO, "contact_email", "consent"))

    def __init__(self, data: Any = None, files: Any = None, *, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, files, now=now, **kwargs)
        self.guard = stamp.GuardForm(data, now=now)
