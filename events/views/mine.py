"""An organiser's own events: seeing, changing, and taking steps. Private, and kept by no cache.

Whoever has not entered by a link sent to the address of an event gets the same 404 as for an event that never was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import access, amendments, erasure, images, limits, moderation
from events.forms.comparison import compare_versions
from events.forms.edit import EDITABLE, STEPS, AskForm, CopyForm, DeleteForm, EditForm, StepForm, TakeBackForm
from events.forms.entry import EntryForm
from events.models import Event
from events.views import entering, sending
from events.views.standing import CHANGE_PUBLISHED, CHANGE_SENT, CLOSED, MEANWHILE, NOT_NOW, Standing

UNDO = "undo"  # marks the message of what can be undone at once


@csrf_exempt  # asking for a link needs no authority of the visitor's, and this page then sets no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest) -> HttpResponse:
    """The events of whoever has entered, the latest edition first; others are asked for their address."""
    now = timezone.now()
    if request.method == "POST":
        return entering.send_link(request, now=now)
    address = access.find_address(request.session, now=now)
    if not address:
        return render(request, "events/mine_ask.html", {"form": AskForm()})
    events = _own(address).order_by("-edition", "starts_at", "id")
    standings = [Standing(event, now) for event in events]
    return render(request, "events/mine.html", {"standings": standings, "address": address})


# One event


@never_cache
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """All that its organiser may know of an event: as visitors see it, its status and history, and what can be done."""
    now = timezone.now()
    event = _find(request, pk, now=now)
    standing = Standing(event, now)
    context = {"event": event, "standing": standing, "picture_key": access.make_picture_key(event.image)}
    if proposed := standing.proposed:
        context |= {"changes": compare_versions(event, proposed), "proposed": proposed}
        context["proposed_key"] = access.make_picture_key(proposed.image)
    return render(request, "events/mine_event.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an event, or propose the change of a published one."""
    now = timezone.now()
    event = _find(request, pk, now=now)
    if request.method != "POST":
        if event.status not in EDITABLE:
            return _say_how_it_stands(request, event)
        return _show_form(request, "edit", EditForm(event=event, now=now), event)
    form, too_many = sending.read_form(request, partial(EditForm, event=event, now=now), now=now)
    if too_many:
        return sending.mark_refused(_show_form(request, "edit", form, event), too_many)
    if not form.is_valid():
        return _show_form(request, "edit", form, event)
    try:
        with _counted(event, now=now):
            is_public = form.save()
    except (moderation.NotAllowed, images.NotStored, limits.TooMany) as refusal:
        page = _show_edit_again(request, form, Standing(event, now), str(refusal))
        return sending.mark_refused(page, refusal)
    messages.success(request, CHANGE_PUBLISHED if is_public else CHANGE_SENT, extra_tags=form.DRAFT)
    return redirect("my-event", pk)


def _show_edit_again(request: HttpRequest, form: EditForm, standing: Standing, message: str) -> HttpResponse:
    """The form with all that was typed, and with what happened meanwhile, if that is why it was not taken."""
    news = standing.find_news(form.cleaned_data["version"], is_proposal_new=form.is_proposal_new)
    differences = compare_versions(standing.proposed or standing.event, form.instance) if news else []
    form.renew()
    form.add_error(None, (MEANWHILE if news else message) if standing.is_editable else CLOSED)
    return _show_form(request, "edit", form, standing.event, news=news, differences=differences)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A new event of the coming edition with all but the dates of this one; it needs no confirmation."""
    now = timezone.now()
    event = _find(request, pk, now=now)
    if request.method != "POST":
        return _show_form(request, "copy", CopyForm(event=event, now=now), event)
    form, too_many = sending.read_form(request, partial(CopyForm, event=event, now=now), now=now)
    if too_many:
        return sending.mark_refused(_show_form(request, "copy", form, event), too_many)
    if not form.is_valid():
        return _show_form(request, "copy", form, event)
    return _take_copy(request, form, event)


def _take_copy(request: HttpRequest, form: CopyForm, event: Event) -> HttpResponse:
    if form.is_in_doubt:
        return _show_copy_again(request, form, event)
    new = form.event()
    if not moderation.find_twin(new, now=form.now) and limits.has_too_many_waiting(new.contact_email, is_proven=True):
        return _show_copy_again(request, form, event, str(limits.MANY_WAIT))
    try:
        with _counted(event, now=form.now):
            access.hold(request.session, now=form.now)
            form.fill_picture(new)
            new = moderation.submit(new, now=form.now, is_proven=True)
    except (images.NotStored, limits.TooMany) as refusal:
        return sending.mark_refused(_show_copy_again(request, form, event, str(refusal)), refusal)
    messages.success(request, _("The new event was sent to a moderator."), extra_tags=form.DRAFT)
    return redirect("my-event", new.pk)


def _show_copy_again(request: HttpRequest, form: CopyForm, event: Event, message: str = "") -> HttpResponse:
    form.keep_all()
    if message:
        form.add_error(None, message)
    return _show_form(request, "copy", form, event)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Cancel, postpone, restore or withdraw: GET asks, POST does it."""
    now = timezone.now()
    event = _find(request, pk, now=now)
    step = STEPS[name]
    if name not in Standing(event, now).steps:
        # Whoever pressed twice is about to read that it is done.
        return redirect("my-event", pk) if step.is_taken(event) else _say_how_it_stands(request, event)
    form = StepForm(request.POST if request.method == "POST" else None, initial={"version": event.version})
    page = {"event": event, "form": form, "step": step}
    if not form.is_valid():
        return render(request, "events/mine_step.html", page)
    try:
        with _counted(event, now=now):
            step.act(event, by=None, **form.cleaned_data)
    except (moderation.NotAllowed, limits.TooMany) as refusal:
        form.data = request.POST.dict() | {"version": event.version}
        form.add_error(None, str(refusal))
        return sending.mark_refused(render(request, "events/mine_step.html", page), refusal)
    is_undoable = "restore" in Standing(event, now).steps
    messages.success(request, step.done, extra_tags=UNDO if is_undoable else "")
    return redirect("my-event", pk)


@never_cache
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever entered by a letter has proven the address: the event needs no other letter."""
    now = timezone.now()
    event = _find(request, pk, now=now)
    done = _("Confirmed. A moderator will look at the event.")
    return _act(request, event, lambda: moderation.confirm(event), now=now, done=done)


@never_cache
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop what was proposed for a published event."""
    now = timezone.now()
    event = _find(request, pk, now=now)
    amendment = Standing(event, now).amendment
    form = TakeBackForm(request.POST)
    if not amendment or not form.is_valid():
        return _say_how_it_stands(request, event)
    take_back = partial(amendments.take_back, amendment, version=form.cleaned_data["proposal"])
    return _act(request, event, take_back, now=now, done=_("Your change is taken back."))


# All of it


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete all own data: GET asks, POST does it."""
    address = access.find_address(request.session, now=timezone.now())
    if not address:
        raise access.NotEntered
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "events": _own(address).order_by("-edition", "starts_at"), "address": address}
        return render(request, "events/mine_delete.html", context)
    erasure.forget(address)
    access.leave(request.session)
    return redirect("my-data-deleted")


@require_safe
@never_cache
def deleted(request: HttpRequest) -> HttpResponse:
    """All of it is gone."""
    return render(request, "events/mine_deleted.html")


def _own(address: str) -> QuerySet[Event]:
    events = Event.objects.of_organiser(address).prefetch_related("steps")
    return events.select_related("place", "amendment", "merged_into")


def _find(request: HttpRequest, pk: int, *, now: datetime) -> Event:
    address = access.find_address(request.session, now=now)
    if not address:
        raise access.NotEntered
    return get_object_or_404(_own(address), pk=pk)


@contextmanager
def _counted(event: Event, *, now: datetime) -> Iterator[None]:
    """What an organiser does in the block, against their limit; what comes to nothing is not counted."""
    with transaction.atomic():
        limits.count(limits.CHANGES, limits.fold_address(event.contact_email), now=now)
        yield


def _say_how_it_stands(request: HttpRequest, event: Event) -> HttpResponse:
    messages.info(request, NOT_NOW)
    return redirect("my-event", event.pk)


def _act(request: HttpRequest, event: Event, act: Callable[[], None], *, now: datetime, done: str) -> HttpResponse:
    """Do it, and say so, or why not."""
    try:
        with _counted(event, now=now):
            act()
    except (moderation.NotAllowed, limits.TooMany) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("my-event", event.pk)


def _show_form(request: HttpRequest, name: str, form: EntryForm, event: Event, **more: Any) -> HttpResponse:
    standing = Standing(event, form.now)
    context = {"form": form, "event": event, "note": standing.note, "passes_at_once": standing.passes_at_once, **more}
    return render(request, f"events/mine_{name}.html", context)
