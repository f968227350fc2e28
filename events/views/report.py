"""Reporting a mistake in a published event. Nobody is asked who they are: no session, no cookie, no token.

These pages are exempt from the check against forged requests because a report acts with no authority of the visitor's
(docs/decisions/0003-no-cookie-for-visitors.md).
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events import limits, reports
from events.forms.report import ReportForm
from events.models import Event
from events.moves import NotAllowed
from events.views import errors, sending

MERGED = _(
    "The event that you wrote about was put together with this entry meanwhile. See whether what you wrote is still "
    "so, and send it once more."
)


@csrf_exempt
@cache_control(private=True, no_cache=True)  # but not no-store: going back to a form brings it back as it was left
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; a good one becomes a report that waits for the moderators of the event."""
    now = timezone.now()
    event = Event.objects.published().filter(pk=pk).first()
    if request.method != "POST":
        return _show(request, ReportForm(now=now), event) if event else _lead_on(request, pk)
    form, refusal = sending.read_form(request, partial(ReportForm, now=now), now=now)
    if not event:
        return _give_back(request, form, pk)
    if refusal:
        return sending.mark_refused(_show(request, form, event), refusal)
    if form.guard.is_from_robot:
        return redirect("report-sent", pk)  # looks like success, so that nothing is learnt
    return _take(request, form, event, now=now) if form.is_valid() else _show(request, form, event)


def _take(request: HttpRequest, form: ReportForm, event: Event, *, now: datetime) -> HttpResponse:
    """Store the report of a valid form, unless something is against it: then the form comes back with all in it."""
    if fault := form.guard.find_fault():
        return _show_again(request, form, event, fault)
    if reports.is_waiting(event, **form.cleaned_data):  # pressed twice, which counts once
        return redirect("report-sent", event.pk)
    try:
        with transaction.atomic():  # what is not stored is not counted
            _count(request, form, event, now=now)
            reports.add(event, **form.cleaned_data)
    except limits.TooMany as refusal:
        return sending.mark_refused(_show_again(request, form, event, sending.explain(refusal)), refusal)
    except NotAllowed:
        return _give_back(request, form, event.pk)
    return redirect("report-sent", event.pk)


def _count(request: HttpRequest, form: ReportForm, event: Event, *, now: datetime) -> None:
    """The narrowest first, so that whoever is refused there waits for nobody else's turn."""
    sending.count_stamp(form.guard, now=now)
    limits.count(limits.REPORTS, limits.find_network(request), now=now)
    limits.count(limits.REPORTS_OF_EVENT, str(event.pk), now=now)
    limits.count(limits.REPORTS_OF_ALL, limits.EVERYBODY, now=now)


def _show(request: HttpRequest, form: ReportForm, event: Event) -> HttpResponse:
    return render(request, "events/report.html", {"form": form, "event": event})


def _show_again(request: HttpRequest, form: ReportForm, event: Event, message: str) -> HttpResponse:
    form.add_error(None, message)
    return _show(request, form, event)


# Of what is not published, nothing is told but what its own page tells.


def _find_gone(pk: int) -> Event | None:
    return Event.objects.withdrawn_after_publishing().filter(pk=pk).first()


def _lead_on(request: HttpRequest, pk: int) -> HttpResponse:
    """To the event that stands in the place of this one, or to the word that it is gone."""
    gone = _find_gone(pk)
    if not gone:
        raise Http404
    return redirect("report", gone.survivor.pk) if gone.survivor else errors.gone(request)


def _give_back(request: HttpRequest, form: ReportForm, pk: int) -> HttpResponse:
    """The event went away while somebody wrote about it: nothing is stored, and what they wrote is not lost."""
    gone = _find_gone(pk)
    if gone and gone.survivor:
        return _show_again(request, form, gone.survivor, str(MERGED))
    context = {"text": form["text"].value(), "is_gone": bool(gone)}
    return render(request, "events/report_closed.html", context, status=410 if gone else 404)


@require_safe
@cache_control(public=True, max_age=60)
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens next. It asks nothing of the event, and so tells nothing of it."""
    return render(request, "events/report_sent.html", {"number": pk})
