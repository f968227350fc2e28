"""What a moderator does to many events at once: which, in which version, what, and why."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events import moderation, text
from events.forms.choices import Choices
from events.forms.decision import LONGEST_REASON
from events.forms.fields import ParagraphsField
from events.models import Amendment, Event, Verb
from events.models.reason import find_reasons
from events.moves import NotAllowed, holding

MOST = 200  # at once: more than a list shows, and done within seconds


@dataclass(frozen=True)
class Deed:
    """One thing to do to all of them. `promise` says what becomes of them and of their organisers."""

    verb: Verb
    label: Any
    act: Callable[..., None]
    promise: Any
    needs_reason: bool = False


DEEDS = {
    "_publish": Deed(
        Verb.PUBLISH,
        _("Publish"),
        moderation.publish,
        _("Visitors will see these events at once, and each organiser gets a letter."),
    ),
    "_decline": Deed(
        Verb.DECLINE,
        _("Decline"),
        moderation.decline,
        _("Visitors will not see these events, and each organiser gets a letter with the reason."),
        needs_reason=True,
    ),
    "_spam": Deed(
        Verb.SPAM, _("Spam"), moderation.spam, _("These events are refused in silence: nobody gets a letter.")
    ),
    "_reopen": Deed(
        Verb.REOPEN,
        _("Undo"),
        moderation.reopen,
        _("These events will wait for a decision again. Each organiser is told, but not of spam."),
    ),
}
UNDO = "_reopen"
OFFERED = {name: deed for name, deed in DEEDS.items() if name != UNDO}  # below the list


class BulkForm(forms.Form):
    """Without data it is shown for the first time; `event` holds numbers with the versions that were seen: "12:3"."""

    ready = forms.ChoiceField(label=_("Ready-made reason"), required=False)
    reason = ParagraphsField(
        label=_("Reason in your own words"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, data: QueryDict | None, *, deed: Deed) -> None:
        super().__init__(data)
        self.deed = deed
        cast(forms.ChoiceField, self.fields["ready"]).choices = [("", _("None of them")), *_name_reasons()]
        self.fields["ready"].help_text = _("Each organiser reads it in the language of their letters.")
        self.fields["reason"].help_text = _("Stands below the ready-made reason, if there is one.")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.deed.needs_reason and not (data.get("ready") or data.get("reason") or self.errors):
            raise ValidationError({"reason": _("Choose a reason, or write one.")})
        return data

    def act(self, event: Event, *, by: Any, version: int) -> None:
        """Do it to one event, or raise `NotAllowed`."""
        reason = self._word_reason(event.contact_language) if self.deed.needs_reason else ""
        with holding(event, by=by, version=version):
            if Amendment.objects.open().filter(event=event, base=version).exists():
                raise NotAllowed(_("A change was proposed since. Decide on it first."))
            self.deed.act(event, by=by, version=version, reason=reason)

    def _word_reason(self, language: str) -> str:
        ready, own = self.cleaned_data["ready"], self.cleaned_data["reason"]
        texts = [self._texts_in(language)[ready]] if ready else []
        return "\n\n".join([*texts, *filter(None, [own])])

    @cached_property
    def _texts_in(self) -> Callable[[str], dict[str, str]]:
        """By language the texts by number, asked for once in each language."""
        return cache(_word_reasons)


def find_deed(data: QueryDict) -> tuple[str, Deed] | None:
    """What was pressed, by its name."""
    return next(((name, deed) for name, deed in DEEDS.items() if name in data), None)


def read_chosen(data: QueryDict) -> dict[int, int]:
    """The version seen of each chosen event by its number, in their order; what no page sent is left out."""
    pairs = (re.fullmatch(r"([0-9]{1,18}):([0-9]{1,9})", value) for value in data.getlist("event"))
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair}


def _name_reasons() -> Choices:
    language = text.current_language()
    return [(str(reason.pk), reason.name) for reason in find_reasons(name_language=language, text_language=language)]


def _word_reasons(language: str) -> dict[str, str]:
    return {str(reason.pk): reason.text for reason in find_reasons(name_language=language, text_language=language)}
