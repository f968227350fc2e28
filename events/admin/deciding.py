"""The page on which one event is decided: it shows all there is to know, and obeys one button."""

from datetime import datetime
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from events import queue
from events.forms.comparison import Change, compare, compare_versions, find_version
from events.forms.decision import DecisionForm, buttons_for, find_case
from events.models import Event, Step
from events.moves import NotAllowed

from .desk import find_done


@csp_update({"frame-src": [SELF]})
def decide(request: HttpRequest, model_admin: admin.ModelAdmin, event: Event) -> HttpResponse:
    """GET shows the event, and claims it for a while; POST does what the button says, and goes on to the next one."""
    now, by, news = timezone.now(), cast(User, request.user), {}
    if request.method == "POST":
        form = DecisionForm(request.POST)
        try:
            button = form.decide(event, by=by, now=now)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            event = _find(by, event.pk)
            news = _find_news(form, event)
        else:
            queue.release(event, by=by)
            following = queue.find_next(by, after=event, now=now) if button.is_decision else event
            return redirect(_address(following, done=event))
    return _show(request, model_admin, event, by=by, now=now, news=news)


def _show(
    request: HttpRequest, model_admin: admin.ModelAdmin, event: Event, *, by: User, now: datetime, news: dict[str, Any]
) -> HttpResponse:
    try:
        other = queue.claim(event, by=by, now=now)
    except NotAllowed as error:
        raise Http404 from error
    case = find_case(event, by=by)
    seen = {
        "version": event.version,
        "proposal": case.amendment and case.amendment.version,
        "report": case.reports[-1].pk if case.reports else None,
    }
    following = queue.find_next(by, after=event, now=now)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": str(event),
        "event": event,
        "case": case,
        "changes": compare(case.amendment) if case.amendment else [],
        "buttons": buttons_for(case),
        "form": DecisionForm(initial={**seen, "reason": request.POST.get("reason", "")}),
        "claimed_by": other,
        "next": _address(following) if following else "",
        "done": find_done(request, request.GET.get("done", "")),
        **news,
    }
    return render(request, "admin/events/event/change_form.html", context)


def _find(by: User, pk: int) -> Event:
    event = Event.objects.for_moderator(by).select_related("place").filter(pk=pk).first()
    if not event:
        raise Http404
    return event


def _address(event: Event | None, *, done: Event | None = None) -> str:
    """Of the page of an event, or of the queue if there is none."""
    page = reverse("admin:events_event_change", args=(event.pk,)) if event else reverse("admin:events_event_changelist")
    return page + (f"?done={done.pk}" if done else "")


def _find_news(form: DecisionForm, event: Event) -> dict[str, Any]:
    """What happened to the event since the version that was on the screen."""
    version = form.cleaned_data.get("version")
    if not version or version >= event.version:
        return {}
    steps: list[Step] = [*event.steps.filter(version__gt=version).select_related("by")]
    changes: list[Change] = compare_versions(find_version(event, version), event)
    return {"news": {"steps": steps, "changes": changes}}


@require_safe
@xframe_options_sameorigin
@csp_update({"frame-ancestors": [SELF]})
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The event as visitors will see it, or, asked for with `proposed`, as it would be then."""
    event = _find(cast(User, request.user), pk)
    return render(request, "admin/events/event/preview.html", {"event": event})


def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two events side by side; POST withdraws one of them in favour of the other."""
    raise Http404
