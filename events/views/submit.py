"""From the form to a confirmed submission. No session and no cookie: what these pages need is in the request.

They are exempt from the check against forged requests because they act with no authority of the visitor's: anybody
may submit, and a confirmation is authorised by the token in its address.
"""

from contextlib import suppress
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from events import access, images, limits, moderation
from events.forms.submission import SubmissionForm
from events.models import Event, Status
from events.views import sending


@csrf_exempt
@cache_control(private=True, no_cache=True)  # but not no-store: going back to a form brings it back as it was left
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """The form; a good one becomes an unconfirmed event."""
    now = timezone.now()
    if request.method != "POST":
        initial = {"country": request.GET.get("country", "").upper()}
        return _show(request, SubmissionForm(now=now, initial=initial))
    form, refusal = sending.read_form(request, partial(SubmissionForm, now=now), now=now)
    if refusal:
        return sending.mark_refused(_show(request, form), refusal)
    if form.guard.is_from_robot:
        return redirect("sent")  # looks like success, so that nothing is learnt
    if not form.is_valid():
        return _show(request, form)
    return _take(request, form, now=now)


def _take(request: HttpRequest, form: SubmissionForm, *, now: datetime) -> HttpResponse:
    """Store the event of a valid form, unless something is against it: then the form comes back with all in it."""
    if fault := form.guard.find_fault():
        return _show_again(request, form, fault)
    if form.is_in_doubt:
        return _show_again(request, form)
    event = form.event()
    if moderation.find_twin(event, now=now):
        return redirect("sent")
    if limits.has_too_many_waiting(event.contact_email):
        return _show_again(request, form, str(limits.MANY_WAIT))
    return _store(request, form, event, now=now)


def _store(request: HttpRequest, form: SubmissionForm, event: Event, *, now: datetime) -> HttpResponse:
    try:
        form.fill_picture(event)
        with transaction.atomic():  # what is not stored is not counted
            _count(request, form, now=now)
            moderation.submit(event, now=now)
    except images.NotStored as error:
        form.add_error("image", str(error))
        return _show_again(request, form)
    except limits.TooMany as refusal:
        return sending.mark_refused(_show_again(request, form, sending.explain(refusal)), refusal)
    return redirect("sent")


def _count(request: HttpRequest, form: SubmissionForm, *, now: datetime) -> None:
    """The narrowest first, so that whoever is refused there waits for nobody else's turn."""
    sending.count_stamp(form.guard, now=now)
    limits.count(limits.CONFIRMATIONS, limits.fold_address(form.instance.contact_email), now=now)
    limits.count(limits.SUBMISSIONS, limits.find_network(request), now=now)
    limits.count(limits.SUBMISSIONS_OF_ALL, limits.EVERYBODY, now=now)


def _show(request: HttpRequest, form: SubmissionForm) -> HttpResponse:
    return render(request, "events/submit.html", {"form": form})


def _show_again(request: HttpRequest, form: SubmissionForm, message: str = "") -> HttpResponse:
    """The form with all that was typed, the picture too, and what stands against storing it."""
    if form.is_valid():  # else it has kept all already
        form.keep_all()
    if message:
        form.add_error(None, message)
    return _show(request, form)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "events/sent.html", {"letters_folder": settings.DEBUG and settings.LETTERS_FOLDER})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter: GET shows the event and a button, only POST confirms, so a mail scanner cannot."""
    response = _answer_confirmation(request, token)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address lets in whoever reads it
    return response


@sensitive_variables("token", "context")
def _answer_confirmation(request: HttpRequest, token: str) -> HttpResponse:
    event = access.find_event(token, now=timezone.now())
    if event and event.status == Status.PUBLISHED:
        return redirect(event)
    if event and event.status == Status.PENDING:
        return redirect("confirmed")
    if not event or event.status != Status.UNCONFIRMED:
        return render(request, "events/confirm_expired.html", status=404)
    if request.method == "POST":
        with suppress(moderation.NotAllowed):  # pressed twice: the other press has done it
            moderation.confirm(event)
        return redirect("confirmed")
    context = {"event": event, "token": token, "picture_key": access.make_picture_key(event.image)}
    return render(request, "events/confirm.html", context)


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """The address is proven, and what happens next."""
    return render(request, "events/confirmed.html")
