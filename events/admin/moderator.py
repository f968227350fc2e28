"""Which moderator decides for which countries, and when their digest comes. It counts from the next request on."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth.models import Group, User
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events import queue, text
from events.forms.choices import country_choices, zone_choices
from events.geo import countries
from events.models import Event, Moderator

from .desk import SuperusersOnly

# Who may do what follows from countries alone.
admin.site.unregister(Group)


class CountriesSelect(FilteredSelectMultiple):
    """The admin's own for a list to choose several from, searchable, in the box by which its script lays it out."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html('<div class="related-widget-wrapper">{}</div>', super().render(name, value, attrs, renderer))


class CountriesField(forms.MultipleChoiceField):
    def prepare_value(self, value: Any) -> list[str]:
        """What the model field gives looks like a list, but not to a widget."""
        return [str(code) for code in value or ()]


class ModeratorForm(forms.ModelForm):
    countries = CountriesField(
        label=_("Countries"),
        choices=lambda: country_choices()[1:],
        widget=CountriesSelect(_("countries"), is_stacked=False),
        help_text=_("They see and decide the events of these countries and no others."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [("UTC", "UTC"), *zone_choices()[1:]],
        help_text=_(
            "Between 7 and 12 in the morning by this clock a letter tells what waits in their countries, if anything "
            "does and the user has an e-mail address. Superusers get one only for countries that they have here."
        ),
    )

    class Meta:
        model = Moderator
        fields = ("user", "countries", "zone", "language")


@admin.register(Moderator)
class ModeratorAdmin(SuperusersOnly, admin.ModelAdmin):
    form = ModeratorForm
    list_display = ("user", "lands", "waits", "zone", "language", "obstacle")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email")
    search_help_text = _("Name or e-mail")
    ordering = ("user__username",)
    sortable_by = ("user", "zone", "language")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Moderators"), **(extra_context or {})})

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With what waits in each country, counted once for the whole page."""
        page = super().get_changelist_instance(request)
        counts = _count_waiting(request)
        for moderator in page.result_list:
            moderator.waiting = sum(counts.get(str(country), 0) for country in moderator.countries)
        return page

    def save_model(self, request: HttpRequest, obj: Moderator, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if sentence := find_obstacle(obj.user):
            messages.warning(request, sentence)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False

    # Columns

    @admin.display(description=_("countries"))
    def lands(self, moderator: Moderator) -> str:
        language = text.current_language()
        names = [countries.name(str(country), language=language) for country in moderator.countries]
        return ", ".join(sorted(names, key=lambda name: text.sort_key(name, language)))

    @admin.display(description=_("waits there"))
    def waits(self, moderator: Moderator) -> int:
        return getattr(moderator, "waiting", 0)

    @admin.display(description=_("what is missing"), empty_value="–")
    def obstacle(self, moderator: Moderator) -> str:
        return find_obstacle(moderator.user)


def find_obstacle(user: User) -> str:
    """Why the user sees nothing of their countries, or gets no digest, as a sentence; empty if nothing is missing."""
    if not user.is_active:
        return str(_("This user is not active and cannot sign in."))
    if not user.is_staff:
        return str(_("This user has no staff status and cannot enter the desk. Give it under Users."))
    if not user.email:
        return str(_("This user has no e-mail address and gets no digest."))
    return ""


def _count_waiting(request: HttpRequest) -> dict[str, int]:
    """How many events wait in each country. One query."""
    waiting = queue.waiting(Event.objects.for_moderator(request.user)).order_by()
    return dict(waiting.values_list("country").annotate(Count("pk")))
