"""Bringing many events to the desk by a file: first it is looked at, then all of it is stored, or nothing."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from events import moderation, tables
from events.forms import imported
from events.forms.upload import MOST_LINES, Preview, UploadForm, describe_columns, look_into, open_sealed, seal
from events.models import Event, Status
from events.models.moderator import countries_of
from events.moves import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """GET asks for a file, POST of a file shows what would happen, POST of `sealed` does it.

    Everything is judged anew then: the same events may have come meanwhile, and countries may have been taken away.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if "sealed" in request.POST:
        return _import(request, model_admin)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if not form.is_valid():
        return _show(request, model_admin, form=form)
    data = form.cleaned_data["file"]
    try:
        preview = _look_into(data, request)
    except tables.BadFile as error:
        form.add_error("file", str(error))
        return _show(request, model_admin, form=form)
    sealed = seal(data, by=cast(User, request.user))
    return _show(request, model_admin, name=form.file_name, preview=preview, sealed=sealed)


@require_safe
def example(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """A table with nothing but the names of the columns."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    headers = {"Content-Disposition": 'attachment; filename="events.csv"'}
    return HttpResponse(tables.write_csv(imported.COLUMNS, []), content_type=tables.CSV, headers=headers)


def _import(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    by, sealed = cast(User, request.user), request.POST["sealed"]
    data = open_sealed(sealed, by=by)
    if data is None:
        messages.error(request, _("The preview was open for more than an hour. Choose the file again."))
        return redirect("admin:events_event_import")
    try:
        preview = _look_into(data, request)
        if preview.bad:
            return _show(request, model_admin, preview=preview)
        number = _store(preview.events, by=by)
    except (tables.BadFile, NotAllowed) as error:
        messages.error(request, str(error))
        return redirect("admin:events_event_import")
    text = ngettext("%(n)d event was imported and waits.", "%(n)d events were imported and wait.", number)
    messages.success(request, text % {"n": number})
    if known := len(preview.lines) - number:
        messages.info(request, _("Already there: %(n)d.") % {"n": known})
    return redirect("admin:events_event_changelist")


def _look_into(data: bytes, request: HttpRequest) -> Preview:
    user = cast(User, request.user)
    return look_into(data, within=None if user.is_superuser else countries_of(user))


def _store(events: Sequence[Event], *, by: User) -> int:
    """Queue all of them, but those that came meanwhile. Returns how many."""
    with transaction.atomic():
        # Of a double click the second waits here until the first is done, and then finds its events.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        new = imported.without_known(events)
        moderation.add_all(new, status=Status.PENDING, by=by)
    return len(new)


def _show(
    request: HttpRequest,
    model_admin: admin.ModelAdmin,
    *,
    form: UploadForm | None = None,
    preview: Preview | None = None,
    name: str = "",
    sealed: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Import events"),
        "form": form or UploadForm(),
        "most_lines": MOST_LINES,
        "columns": describe_columns(),
        "preview": preview,
        "name": name,
        "sealed": sealed,
    }
    return render(request, "admin/events/event/import.html", context)
