"""What the pages of the desk share: who may look at them, and how they say what was done."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from events.forms.decision import BUTTONS, Button, find_case
from events.models import Event, Step
from events.models.moderator import countries_of

UNDO = ("_reopen", "_split")  # what takes a decision back at once, as far as it is possible


def is_moderator(request: HttpRequest) -> bool:
    """Whether the user decides anything at all; what of it, says `for_moderator`."""
    user = request.user
    return user.is_active and user.is_staff and (user.is_superuser or bool(countries_of(user)))


def is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


@dataclass(frozen=True)
class Done:
    """What the moderator did last, for the page after it, and the button that takes it back, if any."""

    event: Event
    step: Step
    undo: tuple[str, Button] | None


def find_done(request: HttpRequest, pk: str) -> Done | None:
    """What the user did to the event `pk`, which stands in the address and so may be anything; only their own deed."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    by = cast(User, request.user)
    event = Event.objects.for_moderator(by).filter(pk=pk).first()
    step = event and event.steps.order_by("-id").first()
    if not event or not step or step.by_id != by.pk:
        return None
    case = find_case(event, by=by)
    undo: Any = next(((name, BUTTONS[name]) for name in UNDO if BUTTONS[name].is_offered(case)), None)
    return Done(event, step, undo)
