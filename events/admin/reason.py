"""Ready-made reasons, each in four languages: common to all moderators, and so changed by superusers alone."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from events.forms.fields import LineField, ParagraphsField
from events.models import Reason, Wording

from .desk import SuperusersOnly

LANGUAGES = dict(settings.LANGUAGES)

WHO_READS_IT = _(
    "Common to the moderators of all countries, and so written by superusers. A moderator finds a reason by its name "
    "in their own language; the organiser gets its text in theirs, or in English where that is missing."
)


class WordingForm(forms.ModelForm):
    name = LineField(label=_("Name for moderators"), max_length=60, widget=AdminTextInputWidget)
    text = ParagraphsField(
        label=_("Text for the organiser"),
        max_length=1000,
        widget=AdminTextareaWidget({"rows": 4}),
        help_text=_("A paragraph of a letter that ends with where to answer. Whoever sends it can change it first."),
    )

    class Meta:
        model = Wording
        fields = ("language", "name", "text")


class Wordings(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        if all(form.cleaned_data.get("DELETE") for form in kept if form.is_valid()) and not any(self.errors):
            raise ValidationError(_("Write the reason in one language at least."))


class WordingInline(SuperusersOnly, admin.StackedInline):
    """A form for each language of the site; one that stays empty is not stored."""

    model = Wording
    form, formset = WordingForm, Wordings
    max_num = len(LANGUAGES)

    def get_extra(self, request: HttpRequest, obj: Reason | None = None, **kwargs: Any) -> int:
        return len(find_missing(obj))


@admin.register(Reason)
class ReasonAdmin(SuperusersOnly, admin.ModelAdmin):
    list_display = ("position", "__str__", "missing")
    list_display_links = ("position", "__str__")
    fieldsets = ((None, {"fields": ("position",), "description": WHO_READS_IT}),)
    inlines = (WordingInline,)
    ordering = ("position", "id")
    sortable_by = ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Ready-made reasons"), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reason]:
        return super().get_queryset(request).prefetch_related("wordings")

    def get_formset_kwargs(self, request: HttpRequest, obj: Reason, inline: Any, prefix: str) -> dict[str, Any]:
        """Each of the empty forms is for a language that is missing."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | {"initial": [{"language": code} for code in find_missing(obj)]}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False

    # Columns

    @admin.display(description=_("missing languages"))
    def missing(self, reason: Reason) -> str:
        return ", ".join(LANGUAGES[code] for code in find_missing(reason)) or "–"


def find_missing(reason: Reason | None) -> list[str]:
    """The languages of the site in which nobody wrote it yet."""
    known = {wording.language for wording in reason.wordings.all()} if reason and reason.pk else set()
    return [code for code in LANGUAGES if code not in known]
