"""What the pages of the desk share: who may look at them, and how a pressed button is answered."""

from datetime import date, time
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from events.forms.decision import DecisionForm
from events.models import Amendment, Event
from events.models.moderator import countries_of
from events.moves import NotAllowed
from events.templatetags.directory import picture_url


def is_moderator(request: HttpRequest) -> bool:
    """Whether the user decides anything at all; what of it, says `for_moderator`."""
    user = request.user
    return user.is_active and user.is_staff and (user.is_superuser or bool(countries_of(user)))


def is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


def press(request: HttpRequest, decision: DecisionForm, subject: Event | Amendment) -> bool:
    """Do what the pressed button says; False if that was not possible. The next page says which, and why."""
    try:
        verb = decision.decide(subject, by=cast(User, request.user))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, _("%(event)s: %(what)s") % {"event": subject, "what": verb.label})
    return True


def show_clock(day: date | None, clock: time | None) -> str:
    if not day:
        return "–"
    return f"{day:%Y-%m-%d} {clock:%H:%M}" if clock else f"{day:%Y-%m-%d}"


def show_picture(event: Event) -> str:
    """The picture in its smallest width, as an element."""
    if not event.image:
        return "–"
    width = event.image_widths[0]
    url = picture_url(event, width, "avif")
    return format_html('<img src="{}" alt="{}" width="{}">', url, event.image_alt, width)
