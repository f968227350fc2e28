"""The page on which one event is decided: it shows all there is to know, and obeys one button."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from events import inspection, pieces, queue
from events.forms.case import Case, find_case
from events.forms.comparison import Change, compare_versions, find_version
from events.forms.decision import LONGEST_REASON, DecisionForm, buttons_for, ready_reasons
from events.models import Event, Status
from events.models.moderator import is_moderator_of
from events.moves import NotAllowed

from .around import find_arrival, find_contact, look_beside, say_since
from .desk import MOST_DIGITS, find_done
from .flags import find_doubles
from .history import Past, tell_history
from .walk import Walk, read_walk

MOST_STEPS = 50  # of the history, and as many reports
# Declared for views of nothing but a request.
_with_frame: Any = csp_update({"frame-src": [SELF]})
_within_frame: Any = csp_replace({"frame-ancestors": [SELF]})


@dataclass(frozen=True)
class News:
    """Why nothing was decided, and what happened since the page was made."""

    refusal: str
    steps: list[Past] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reports: list[int] = field(default_factory=list)  # the numbers of the new ones


@require_http_methods(["GET", "HEAD", "POST"])
@_with_frame
def decide(request: HttpRequest, model_admin: admin.ModelAdmin, object_id: str) -> HttpResponse:
    """GET shows the event, and claims it for a while; POST does what the button says, and goes on to the next one."""
    walk, number = read_walk(request, now=timezone.now()), _read_number(object_id)
    by, now = walk.by, walk.now
    if request.method != "POST":
        return _show(request, model_admin, _find(number, by=by), walk)
    event, form = _find(number, by=by).event, DecisionForm(request.POST)
    if going := {"_skip", "_previous"} & request.POST.keys():
        return _go_on(event, walk, is_back="_previous" in going)
    try:
        button = form.decide(event, by=by, now=now)
    except NotAllowed as refusal:
        case = _find(number, by=by)  # as it is now
        news = _find_news(form, case, refusal)
        return _show(request, model_admin, case, walk, form=form, news=news)
    if button.is_decision:
        return _go_on(event, walk, done=event)
    if not button.is_step:
        messages.success(request, f"{event}: {button.done}")
        if form.typed(event):  # for the decision that is still to come
            return _show(request, model_admin, _find(number, by=by), walk, form=form)
    return redirect(walk.address_of(event, done=event if button.is_step else None))


def _read_number(object_id: str) -> int:
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) <= MOST_DIGITS):
        raise Http404
    return int(object_id)


def _find(pk: int, *, by: User) -> Case:
    case = find_case(pk, by=by)
    if not case:
        raise Http404  # a foreign event looks like one that never was
    return case


def _go_on(event: Event, walk: Walk, *, is_back: bool = False, done: Event | None = None) -> HttpResponse:
    """Leave the event to others, and open the one that waits after it, or before it."""
    queue.release(event, by=walk.by)
    other = walk.find_previous(before=event) if is_back else walk.find_next(after=event)
    return redirect(walk.address_of(other, done=done))


def _show(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    case: Case,
    walk: Walk,
    *,
    form: DecisionForm | None = None,
    news: News | None = None,
) -> HttpResponse:
    by, now, event = walk.by, walk.now, case.event
    try:
        opened_by = queue.claim(event, by=by, now=now)
    except NotAllowed as error:
        raise Http404 from error
    beside = look_beside(case, walk)
    context = {
        **model_admin.admin_site.each_context(request),
        "post": queue.find_post(by, number=beside.total),
        "lines": beside.lines,
        "onward": walk.query,
        "filters": walk.filters,
        **_describe(case, by=by, now=now),
        **_describe_form(case, form, is_new=news is not None),
        "opts": model_admin.opts,
        "title": str(event),
        "opened_by": opened_by,
        "done": find_done(request, request.GET.get("done", "")),
        "news": news,
    }
    return render(request, "admin/events/event/change_form.html", context)


def _describe(case: Case, *, by: User, now: datetime) -> dict[str, Any]:
    """The event, and all around it."""
    event, proposed = case.event, _find_proposed(case)
    survivor = event.merged_into if event.merged_into_id else None
    return {
        "event": event,
        "case": case,
        "proposed": proposed,
        "changes": compare_versions(event, proposed) if proposed else [],
        "sent": say_since(find_arrival(case), now=now),
        "doubles": [(other, Status(other.status).label) for other in (() if survivor else find_doubles(event, by))],
        "survivor": survivor if survivor and is_moderator_of(by, str(survivor.country)) else None,
        "contact": find_contact(case, by=by),
        "findings": inspection.inspect(proposed or event, now=now),
        **_describe_history(case),
    }


def _describe_history(case: Case) -> dict[str, Any]:
    """The newest of what happened and of what visitors report, and how much there was before."""
    history = tell_history(case)
    return {
        "history": history[:MOST_STEPS],
        "earlier_steps": len(history[MOST_STEPS:]),
        "reports": case.reports[-MOST_STEPS:],
        "earlier_reports": len(case.reports[:-MOST_STEPS]),
    }


def _find_proposed(case: Case) -> Event | None:
    """The event as it would be, with the place that was read already, if it stays there."""
    proposed = case.amendment.proposed() if case.amendment else None
    if proposed and proposed.place_id == case.event.place_id:
        proposed.place = case.event.place
    return proposed


class Press(NamedTuple):
    """A button as the page shows it."""

    name: str
    label: str
    key: str
    needs_reason: bool


def _describe_form(case: Case, form: DecisionForm | None, *, is_new: bool) -> dict[str, Any]:
    """The buttons, what travels with them, and what was typed into a `form` that came back.

    Unless the page tells what `is_new`, whoever decides on it has seen no more than before.
    """
    buttons = {
        Press(name, str(button.label), button.key, button.needs_reason): button
        for name, button in buttons_for(case).items()
    }
    return {
        "decisions": [press for press, button in buttons.items() if button.is_decision],
        "others": [press for press, button in buttons.items() if button.is_step and not button.is_decision],
        "trusts": [press for press, button in buttons.items() if not button.is_step and not button.is_decision],
        "seen": form.seen if form and not is_new else case.seen,
        "reason": form.typed(case.event) if form else "",
        "longest": LONGEST_REASON,
        "keys": pieces.render("admin/events/event/_keys.html", version="", context=dict),
        "reasons": ready_reasons(case.event) if any(press.needs_reason for press in buttons) else [],
    }


def _find_news(form: DecisionForm, case: Case, refusal: NotAllowed) -> News:
    """What happened since the page was made, as far as it said what it showed."""
    form.is_valid()  # nothing was asked of it yet, if no button was pressed
    version, step, report = (form.cleaned_data.get(name) for name in ("version", "step", "report"))
    if not version:
        return News(str(refusal))
    since = [past for past in tell_history(case) if (past.step > step if step else past.version > version)]
    changes = compare_versions(find_version(case.event, version), case.event) if version < case.event.version else []
    return News(str(refusal), since, changes, [row.pk for row in case.reports if row.pk > (report or 0)])


@require_safe
@xframe_options_sameorigin
@_within_frame
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The event as visitors will see it, or, asked for with `proposed`, as it would be then."""
    case = _find(pk, by=cast(User, request.user))
    event = (_find_proposed(case) if "proposed" in request.GET else None) or case.event
    return render(request, "admin/events/event/preview.html", {"event": event})
