"""Events at the desk: the queue, and the page on which one is decided."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from events.forms.decision import DecisionForm, buttons_for
from events.models import Amendment, Event, Status
from events.templatetags.directory import country_name

from .desk import is_moderator, press, show_clock, show_picture


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ("title", "status", "in_country", "city", "local_start", "organiser", "created_at")
    list_filter = ("status", "edition", "kind", "format")
    search_fields = ("title", "organiser", "city", "contact_email")
    search_help_text = _("Title, organiser, city or e-mail")
    list_per_page = 50
    actions = None
    fieldsets = (
        (None, {"fields": ("status", "condition", "title", "text", "kind", "languages", "picture", "image_alt")}),
        (_("When"), {"fields": ("local_start", "local_end", "zone", "edition")}),
        (
            _("Where"),
            {
                "fields": (
                    "format",
                    "in_country",
                    "city",
                    "place",
                    "venue",
                    "address",
                    "address_visibility",
                    "online_url",
                )
            },
        ),
        (
            _("Who"),
            {"fields": ("organiser", "supporters", "public_contact", "website", "registration_url", "admission")},
        ),
        (_("Private"), {"fields": ("contact_name", "contact_email", "contact_language", "created_at", "source_url")}),
    )

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return Event.objects.for_moderator(request.user).select_related("place")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        is_waiting = Case(When(status=Status.PENDING, then=0), default=1)
        return [is_waiting, "starts_at", "id"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Event:
        event = super().get_object(request, object_id, from_field)
        if event is None:  # a foreign event looks like one that never was
            raise Http404
        return event

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters beside the list ask; others would only be a way to errors."""
        name, _sign, how = lookup.partition("__")
        return name in self.list_filter and how in {"", "exact", "isnull"}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return is_moderator(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Event | None = None) -> list[str]:
        return [str(name) for _heading, options in self.fieldsets for name in options["fields"]]

    # The decision page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        event = self.get_object(request, object_id)
        if request.method == "POST":
            is_done = press(request, DecisionForm(request.POST), event)
            if is_done or not self.get_queryset(request).filter(pk=event.pk).exists():
                return redirect("admin:events_event_changelist")
            event = self.get_object(request, object_id)
        context = {
            "decision": DecisionForm(initial={"version": event.version, "reason": request.POST.get("reason", "")}),
            "buttons": buttons_for(event),
            "steps": event.steps.select_related("by"),
            "proposal": Amendment.objects.for_moderator(request.user).filter(event=event).first(),
        }
        request.method = "GET"  # the page is shown anew, with what was typed
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    # Columns and rows

    @admin.display(description=_("country"), ordering="country")
    def in_country(self, event: Event) -> str:
        return country_name(event.country)

    @admin.display(description=_("starts, local time"), ordering="starts_at")
    def local_start(self, event: Event) -> str:
        return show_clock(event.start_date, event.start_time)

    @admin.display(description=_("ends, local time"))
    def local_end(self, event: Event) -> str:
        return show_clock(event.end_date, event.end_time)

    @admin.display(description=_("what happens there"))
    def text(self, event: Event) -> str:
        return format_html_join("", "{}<br>", ((line,) for line in event.description.splitlines()))

    @admin.display(description=_("picture"))
    def picture(self, event: Event) -> str:
        return show_picture(event)
