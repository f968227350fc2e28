"""The switches of the whole directory, for superusers."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events.models import Directory

from .desk import SuperusersOnly

THE_ROW = 1


@admin.register(Directory)
class DirectoryAdmin(SuperusersOnly, admin.ModelAdmin):
    """There is one row, and before anything was published none: then a new one is shown, and stored with the form."""

    fields = ("asks_for_work",)  # the version belongs to the verbs

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:events_directory_change", THE_ROW)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Directory | None:
        found: Directory | None = super().get_object(request, object_id, from_field)
        return found or (Directory(pk=THE_ROW) if object_id == str(THE_ROW) else None)

    def save_model(self, request: HttpRequest, obj: Directory, form: Any, change: bool) -> None:
        """Store the switch alone: while the page was open, the version may have changed."""
        Directory.objects.update_or_create(pk=THE_ROW, defaults={"asks_for_work": obj.asks_for_work})

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_delete_permission = has_add_permission
