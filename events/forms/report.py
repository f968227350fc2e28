"""What a visitor reports about a published event."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.fields import ParagraphsField
from events.forms.stamp import GuardForm
from events.models import Report

NO_SUBJECT = _("Choose what it is about.")


class ReportForm(forms.Form):
    """A report, of which it is not asked who sends it."""

    subject = forms.ChoiceField(
        label=_("What it is about"),
        choices=Report.Subject.choices,
        widget=forms.RadioSelect,
        error_messages={"required": NO_SUBJECT, "invalid_choice": NO_SUBJECT},
    )
    text = ParagraphsField(
        label=_("What is wrong, and what is right"),
        max_length=1000,
        help_text=_("And how you know it, because we do not ask who you are. A link to a source helps."),
        error_messages={"required": _("Write in a few words what is wrong.")},
        widget=forms.Textarea({"rows": 6}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, now: datetime) -> None:
        super().__init__(data, files)
        self.guard = GuardForm(data, now=now)

    def errors_with_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Every message with its field: for the summary at the top of the page."""
        return [(field, str(message)) for field in self for message in field.errors]
