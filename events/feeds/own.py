"""All that the directory keeps of one organiser, for themselves to take along."""

import json
import logging
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import Email

from events import access, images
from events.models import AMENDABLE, Event, Link, Trust

TYPED = ("contact_email", "contact_language", *AMENDABLE)
FOUND = ("status", "condition", "version", "edition", "starts_at", "ends_at", "created_at")
_log = logging.getLogger(__name__)


@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """A ZIP archive of `events.json` and the pictures, of whoever has entered by a link of a letter."""
    address = access.find_address(request.session, now=timezone.now())
    if not address:
        raise access.NotEntered
    response = HttpResponse(_pack(address), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-events.zip"'
    return response


def _pack(address: str) -> bytes:
    events = Event.objects.of_organiser(address).select_related("amendment").prefetch_related("steps").order_by("pk")
    data = {
        "address": address,
        "events": [_describe(event) for event in events],
        "letters": [*Email.objects.filter(to__iexact=address).values("to", "subject", "created")],
        "trusted_in": [str(trust.country) for trust in Trust.objects.filter(address=address.lower())],
        "links": [*Link.objects.filter(address=address).values("purpose", "expires_at")],
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        for name, picture in _pictures(events):
            archive.writestr(f"pictures/{name}.jpg", picture)
    return buffer.getvalue()


def _pictures(events: Iterable[Event]) -> Iterator[tuple[str, bytes]]:
    """The largest JPEG of each picture, with what to call it. One that cannot be read keeps nobody from the rest."""
    for event in events:
        amendment = getattr(event, "amendment", None)
        proposed = amendment.proposed() if amendment and amendment.image else event
        for name, version in {event.image: event, proposed.image: proposed}.items():
            try:
                if name:
                    yield f"{event.pk}-{name}", _read_picture(version)
            except (OSError, ValueError):
                _log.exception("A picture of event %s cannot be read", event.pk)


def _read_picture(event: Event) -> bytes:
    with default_storage.open(images.path(event.image, f"{event.image_jpeg_width}.jpg")) as file:
        return bytes(file.read())


def _describe(event: Event) -> dict[str, Any]:
    amendment = getattr(event, "amendment", None)
    return {
        "id": event.pk,
        **{name: _plain(event, name) for name in (*TYPED, *FOUND)},
        "history": [
            {
                "at": step.at,
                "what": access.find_verb(step),
                "reason": access.find_reason(step),
                "replaced": step.before,
            }
            for step in event.steps.all()
        ],
        "proposed_changes": amendment.changes if amendment else None,
    }


def _plain(event: Event, name: str) -> Any:
    value = event.serializable_value(name)
    return str(value) if name == "country" else value
