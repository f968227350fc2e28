"""Taking events along from the desk: what a question to the list finds, as a file."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import queue, tables
from events.forms.imported import COLUMNS, UNREAD
from events.models import Event
from events.models.moderator import countries_of

HEADINGS = (*COLUMNS, *UNREAD)  # the names of the fields, so that the file can be imported again
MOST_NAMED = 5  # countries in the name of a file
BATCH = 2_000
WRITERS = {"csv": (tables.write_csv, tables.CSV), "xlsx": (tables.write_xlsx, tables.XLSX)}


@require_safe
def export(request: HttpRequest, model_admin: admin.ModelAdmin, *, format: str) -> HttpResponse:
    """All events that the list shows the moderator for the same query string, on all its pages; "csv" or "xlsx"."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if format not in WRITERS:
        raise Http404
    write, content_type = WRITERS[format]
    try:
        shown = _find_shown(request, model_admin)
        content = write(HEADINGS, shown.values_list(*HEADINGS).iterator(chunk_size=BATCH))
    except (IncorrectLookupParameters, SuspiciousOperation, DataError):
        messages.error(request, _("The list cannot be asked this, and so nothing was exported."))
        return redirect("admin:events_event_changelist")
    name = _name_file(cast(User, request.user), now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _find_shown(request: HttpRequest, model_admin: admin.ModelAdmin) -> QuerySet[Event]:
    """What the list shows, on whichever page, in its order; `IncorrectLookupParameters` if it cannot be asked that."""
    changelist: Any = model_admin.get_changelist_instance(request)
    if not changelist.form.is_valid():
        raise IncorrectLookupParameters
    return queue.in_order(changelist.queryset, now=changelist.now)  # which is in none where nothing is asked


def _name_file(user: User, *, now: datetime) -> str:
    """Whose events they are, and of which day."""
    countries = sorted(countries_of(user))
    scope = "-".join(countries) if len(countries) <= MOST_NAMED else f"{len(countries)}-countries"
    return f"events-{'all' if user.is_superuser else scope}-{now:%Y-%m-%d}"
