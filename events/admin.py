"""The moderation desk. Everything here starts from `Event.objects.for_moderator(user)`; decisions go through verbs."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from post_office.models import EmailTemplate, Log

from events import moderation
from events.forms.decision import DecisionForm, buttons_for
from events.models import Event, Moderator, Status
from events.models.moderator import countries_of
from events.templatetags.directory import country_name, picture_url

admin.site.site_header = admin.site.site_title = _("Moderation desk")
admin.site.index_title = _("Solidarity Day")
admin.site.unregister([EmailTemplate, Log])  # of the outbox only the letters are of use here


@admin.register(Moderator)
class ModeratorAdmin(admin.ModelAdmin):
    list_display = ("user", "countries")
    search_fields = ("user__username",)


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
        return _is_moderator(request)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return _is_moderator(request)

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
        decision = DecisionForm(request.POST or None, initial={"version": event.version})
        if request.method == "POST":
            try:
                verb = decision.decide(event, by=cast(User, request.user))
            except moderation.NotAllowed as refusal:
                messages.error(request, str(refusal))
                event.refresh_from_db()
                decision = DecisionForm(initial={"version": event.version, "reason": request.POST.get("reason", "")})
                request.method = "GET"  # the page is shown anew, with what was typed
            else:
                messages.success(request, f"{event}: {verb.label}")
                return redirect("admin:events_event_changelist")
        steps = event.steps.select_related("by")
        context = {"decision": decision, "buttons": buttons_for(event), "steps": steps, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    # Columns and rows

    @admin.display(description=_("country"), ordering="country")
    def in_country(self, event: Event) -> str:
        return country_name(event.country)

    @admin.display(description=_("starts, local time"), ordering="starts_at")
    def local_start(self, event: Event) -> str:
        return _clock(event.start_date, event.start_time)

    @admin.display(description=_("ends, local time"))
    def local_end(self, event: Event) -> str:
        return _clock(event.end_date, event.end_time) if event.end_date else "–"

    @admin.display(description=_("what happens there"))
    def text(self, event: Event) -> str:
        return format_html_join("", "{}<br>", ((line,) for line in event.description.splitlines()))

    @admin.display(description=_("picture"))
    def picture(self, event: Event) -> str:
        if not event.image:
            return "–"
        width = event.image_widths[0]
        return format_html(
            '<img src="{}" alt="{}" width="{}">', picture_url(event, width, "avif"), event.image_alt, width
        )


def _is_moderator(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and (user.is_superuser or bool(countries_of(user)))


def _clock(day: Any, clock: Any) -> str:
    return f"{day:%Y-%m-%d} {clock:%H:%M}" if clock else f"{day:%Y-%m-%d}"
