"""Events at the desk: the queue, and the page on which one is decided."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from events.models import Event

from . import bulk, changelist, deciding, export, importing, merging
from .desk import is_moderator


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_per_page = 20  # a page of more costs more than a page may
    actions = None

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.for_moderator(request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Event:
        event = super().get_object(request, object_id, from_field)
        if event is None:  # a foreign event looks like one that never was
            raise Http404
        return event

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return is_moderator(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    # Its pages

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/preview/", wrap(deciding.preview), name="events_event_preview"),
            path("bulk/", wrap(partial(bulk.decide_all, model_admin=self)), name="events_event_bulk"),
            path("export/<str:format>/", wrap(partial(export.export, model_admin=self)), name="events_event_export"),
            path("import/", wrap(partial(importing.import_, model_admin=self)), name="events_event_import"),
            path(
                "import/example.csv",
                wrap(partial(importing.example, model_admin=self)),
                name="events_event_import_example",
            ),
            path(
                "<int:pk>/merge/<int:other>/", wrap(partial(merging.merge, model_admin=self)), name="events_event_merge"
            ),
        ]
        return own + super().get_urls()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[changelist.Question]:
        return changelist.Question

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return changelist.show(request, model_admin=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return deciding.decide(request, self, object_id)
