"""Trusted organisers: moderators see and end the trust of their countries; it is given where an event is decided."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from events import text
from events.geo import countries
from events.models import Trust

from .desk import is_moderator, say_moment

WHAT_IT_IS = _(
    "What they change in their published events in this country passes at once, and the history of the event says so. "
    "Trust is given on the page of an event. To end it, delete it here or use the button there."
)


@admin.register(Trust)
class TrustAdmin(admin.ModelAdmin):
    list_display = ("address", "land", "by", "since")
    list_select_related = ("by",)
    list_per_page = 50
    readonly_fields = ("address", "land", "by", "since")
    fieldsets = ((None, {"fields": readonly_fields, "description": WHAT_IT_IS}),)
    search_fields = ("address",)
    search_help_text = _("E-mail")
    sortable_by = ("address", "land", "since")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        words = {"title": _("Trusted organisers"), "what_it_is": WHAT_IT_IS}
        return super().changelist_view(request, words | (extra_context or {}))

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trust]:
        return Trust.objects.for_moderator(request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Trust:
        trust: Trust | None = super().get_object(request, object_id, from_field)
        if trust is None:  # a foreign one looks like one that never was
            raise Http404
        return trust

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Trust | None = None) -> bool:
        return is_moderator(request)

    has_delete_permission = has_view_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Trust | None = None) -> bool:
        return False

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Nothing is logged: "recent actions" would show the address to whoever lost the country, and keep it when its
        owner had all of theirs deleted."""
        return []

    @admin.display(description=_("since"), ordering="at")
    def since(self, trust: Trust) -> str:
        return say_moment(trust.at)

    @admin.display(description=_("country"), ordering="country")
    def land(self, trust: Trust) -> str:
        return countries.name(str(trust.country), language=text.current_language())
