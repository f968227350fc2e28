"""The outbox: which letters wait, left, or were given up, and why. It is looked at, not written."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from post_office.models import STATUS, Attachment, Email, EmailTemplate, Log

from config.logs import hide_tokens
from events import outbox

from .desk import SuperusersOnly, say_moment

MOST_LETTERS = 120  # of what a mail server said, in the list
STATES = {
    STATUS.queued: _("waits"),
    STATUS.requeued: _("refused, will be tried again"),
    STATUS.sent: _("sent"),
    STATUS.failed: _("given up"),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(status), name) for status, name in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Email]) -> QuerySet[Email]:
        chosen = self.value() or ""
        return queryset.filter(status=int(chosen)) if chosen in map(str, STATES) else queryset


# What the rest of the admin calls them; without the rows of its tables, which keep the package's own names.
Email._meta.verbose_name, Email._meta.verbose_name_plural = _("letter"), _("letters")
Email._meta.app_config.verbose_name = _("Outbox")

# Of the outbox only the letters are of use here, and its own page of them would show what people typed as HTML.
admin.site.unregister([Attachment, Email, EmailTemplate, Log])


@admin.register(Email)
class LetterAdmin(SuperusersOnly, admin.ModelAdmin):
    list_display = ("recipient", "about", "state", "moved_at", "why_in_short")
    list_display_links = ("recipient", "about")
    list_filter = (StateFilter,)
    list_per_page = 50
    search_fields = ("to", "subject")
    search_help_text = _("Address or subject")
    ordering = ("-pk",)
    actions = ("send_again",)
    change_form_template = "admin/change_form.html"  # not the outbox's: it links to pages that show the text as it is
    fields = ("recipient", "about", "state", "queued_at", "tries", "tried_at", "why", "next_try", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Email]:
        failures = Log.objects.filter(email=OuterRef("pk"), status=STATUS.failed).order_by("-pk")
        return super().get_queryset(request).annotate(failure=Subquery(failures.values("message")[:1]))

    # Who may look: an outbox knows no countries

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == StateFilter.parameter_name  # others would only be a way to errors

    # What is shown, and what may be done

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Letters"), **(extra_context or {})})

    @admin.action(description=_("Send again now"), permissions=["view"])
    def send_again(self, request: HttpRequest, letters: QuerySet[Email]) -> None:
        chosen, again = letters.count(), outbox.send_again(letters, now=timezone.now())
        text = ngettext("%(n)d letter is sent again now.", "%(n)d letters are sent again now.", again) % {"n": again}
        messages.success(request, text)
        if again < chosen:
            messages.warning(request, _("The others wait or were sent already, or were tried a moment ago."))

    # Columns and lines

    @admin.display(description=_("to"), ordering="to")
    def recipient(self, letter: Email) -> str:
        return ", ".join(letter.to)

    @admin.display(description=_("subject"), ordering="subject")
    def about(self, letter: Email) -> str:
        """Without the name of the site, with which all of them begin."""
        return letter.subject.rpartition(": ")[2]

    @admin.display(description=_("state"), ordering="status")
    def state(self, letter: Email) -> str:
        return str(STATES.get(letter.status, letter.status))

    @admin.display(description=_("tries"))
    def tries(self, letter: Email) -> int:
        return letter.number_of_retries or 0

    @admin.display(description=_("sent, tried or queued"), ordering="last_updated")
    def moved_at(self, letter: Email) -> str:
        return say_moment(letter.last_updated if letter.number_of_retries else letter.created)

    @admin.display(description=_("queued"))
    def queued_at(self, letter: Email) -> str:
        return say_moment(letter.created)

    @admin.display(description=_("sent, or tried last"))
    def tried_at(self, letter: Email) -> str:
        return say_moment(letter.last_updated) if letter.number_of_retries else "–"

    @admin.display(description=_("next try, not before"))
    def next_try(self, letter: Email) -> str:
        return say_moment(letter.scheduled_time) if letter.scheduled_time and letter.status in outbox.WAITING else "–"

    @admin.display(description=_("why it was not taken"))
    def why(self, letter: Email) -> str:
        return letter.failure or "–"

    @admin.display(description=_("why it was not taken"))
    def why_in_short(self, letter: Email) -> str:
        return Truncator(self.why(letter)).chars(MOST_LETTERS)

    @admin.display(description=_("text"))
    def text(self, letter: Email) -> str:
        """Its links let somebody in as the organiser, which is nobody's business at the desk."""
        return hide_tokens(letter.message) or str(_("Emptied when the letter was sent."))
