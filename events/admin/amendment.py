"""Proposals at the desk: what organisers want to change in published events, old beside new."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import amendments
from events.forms.comparison import PICTURE, compare
from events.forms.decision import ProposalForm
from events.models import Amendment
from events.templatetags.directory import country_name

from .desk import is_moderator, press, show_clock, show_picture


@admin.register(Amendment)
class AmendmentAdmin(admin.ModelAdmin):
    list_display = ("event", "in_country", "city", "local_start", "sent_at", "waits_for")
    list_select_related = ("event",)
    list_per_page = 50
    search_fields = ("event__title", "event__organiser", "event__city", "event__contact_email")
    search_help_text = gettext_lazy("Title, organiser, city or e-mail")
    actions = None
    fields = readonly_fields = ("its_event", "in_country", "city", "local_start", "organiser", "contact", "sent_at")

    class Media:
        css = {"all": ("css/desk.css",)}

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Amendment]:
        return Amendment.objects.for_moderator(request.user).select_related("event__place")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Amendment:
        amendment = super().get_object(request, object_id, from_field)
        if amendment is None:  # a foreign one looks like one that never was
            raise Http404
        return amendment

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False  # there is no filter; lookups would only be a way to errors

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request)

    def has_view_permission(self, request: HttpRequest, obj: Amendment | None = None) -> bool:
        return is_moderator(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Amendment | None = None) -> bool:
        return False

    # The decision page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        amendment = self.get_object(request, object_id)
        if request.method == "POST":
            is_done = press(request, ProposalForm(request.POST), amendment)
            if is_done or not self.get_queryset(request).filter(pk=amendment.pk).exists():
                return redirect("admin:events_amendment_changelist")
            amendment = self.get_object(request, object_id)
        context = _tell_proposal(amendment, by=cast(User, request.user), reason=request.POST.get("reason", ""))
        request.method = "GET"  # the page is shown anew, with what was typed
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    # Columns and rows

    @admin.display(description=gettext_lazy("event"))
    def its_event(self, amendment: Amendment) -> str:
        address = reverse("admin:events_event_change", args=(amendment.event_id,))
        return format_html('<a href="{}">{}</a>', address, amendment.event)

    @admin.display(description=gettext_lazy("country"), ordering="event__country")
    def in_country(self, amendment: Amendment) -> str:
        return country_name(amendment.event.country)

    @admin.display(description=gettext_lazy("city"), ordering="event__city")
    def city(self, amendment: Amendment) -> str:
        return amendment.event.city

    @admin.display(description=gettext_lazy("starts, local time"), ordering="event__starts_at")
    def local_start(self, amendment: Amendment) -> str:
        return show_clock(amendment.event.start_date, amendment.event.start_time)

    @admin.display(description=gettext_lazy("organiser"))
    def organiser(self, amendment: Amendment) -> str:
        return amendment.event.organiser

    @admin.display(description=gettext_lazy("contact"))
    def contact(self, amendment: Amendment) -> str:
        return f"{amendment.event.contact_name} {amendment.event.contact_email}".strip()

    @admin.display(description=gettext_lazy("waits for"))
    def waits_for(self, amendment: Amendment) -> str:
        """An outdated one can only be refused, or be sent anew."""
        return _("organiser") if amendment.is_outdated else _("moderator")


def _tell_proposal(amendment: Amendment, *, by: User, reason: str) -> dict[str, Any]:
    """What the page shows: every change with old and new, what may be pressed, and why not more."""
    obstacle, proposed = amendments.find_obstacle(amendment, by=by), amendment.proposed()
    decision = ProposalForm(initial={"version": amendment.version, "reason": reason})
    return {
        "title": _("What is proposed"),
        "pictures": {"old": show_picture(amendment.event), "new": show_picture(proposed)},
        "changes": [(change, change.name == PICTURE) for change in compare(amendment)],
        "obstacle": obstacle,
        "decision": decision,
        "buttons": decision.labels(*(() if obstacle else ("_accept",)), "_refuse"),
        "steps": amendment.event.steps.select_related("by"),
    }
