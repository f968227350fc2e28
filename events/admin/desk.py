"""What the pages of the desk share: who may look at them, and how they say what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef
from django.http import HttpRequest

from events import moves, text
from events.forms.decision import BUTTONS, Button
from events.models import Event, Report, Step, Verb
from events.models.moderator import countries_of

MOST_DIGITS = 18  # of the number of an event: a longer one fits in no column
# What takes a decision back at once. A change that was accepted is undone with a reason, on the page of its event.
UNDO = {
    **dict.fromkeys((Verb.PUBLISH, Verb.RETURN, Verb.DECLINE, Verb.SPAM), (Verb.REOPEN, "_reopen")),
    Verb.MERGE: (Verb.SPLIT, "_split"),
}


def is_moderator(request: HttpRequest) -> bool:
    """Whether the user decides anything at all; what of it, says `for_moderator`."""
    user = request.user
    return user.is_active and user.is_staff and (user.is_superuser or bool(countries_of(user)))


def is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


class SuperusersOnly:
    """What superusers alone see and change."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_superuser(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)


def say_moment(moment: datetime) -> str:
    """An instant as all pages of the desk tell it; `moment` is in UTC."""
    return f"{text.say_day(moment.date())}, {moment:%H:%M} UTC"


@dataclass(frozen=True)
class Done:
    """What the moderator did last, for the page after it, and the button that takes it back, if any."""

    event: Event
    words: Any  # after the name of the event
    undo: tuple[str, Button] | None
    proposal: int | None = None  # its version, if that was refused


def find_done(request: HttpRequest, pk: str) -> Done | None:
    """What the user did to the event `pk`, which stands in the address and so may be anything; only their own deed.

    One query.
    """
    if not pk.isdecimal() or len(pk) > MOST_DIGITS:
        return None
    by = cast(User, request.user)
    events = Event.objects.for_moderator(by).filter(pk=pk)
    settled = Report.objects.filter(event=OuterRef("event"), settled_by=by, settled_at__gte=OuterRef("at"))
    later = Step.objects.filter(by=by, pk__gt=OuterRef("pk"))  # they went back to a page from before
    steps = Step.objects.filter(event__in=events).select_related("event__amendment")
    step = steps.annotate(is_settled=Exists(settled), is_last=~Exists(later)).order_by("-id").first()
    if not step or not (step.is_settled or (step.by_id == by.pk and step.is_last)):
        return None
    if step.is_settled:
        return Done(step.event, BUTTONS["_settle"].done, ("_unsettle", BUTTONS["_unsettle"]))
    return Done(step.event, Verb(step.verb).label, _find_undo(step), _find_proposal(step))


def _find_proposal(step: Step) -> int | None:
    amendment = getattr(step.event, "amendment", None)
    return amendment.version if amendment and amendment.is_refused else None


def _find_undo(step: Step) -> tuple[str, Button] | None:
    if step.verb == Verb.REFUSE:
        return ("_reconsider", BUTTONS["_reconsider"]) if _find_proposal(step) else None
    verb, name = UNDO.get(Verb(step.verb), (None, ""))
    return (name, BUTTONS[name]) if verb and moves.allows(verb, step.event) else None
