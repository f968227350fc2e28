"""What a moderator decides about one event: the button, the reason, and the version that was on the screen."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from events import moderation
from events.forms.fields import ParagraphsField
from events.models import Event, Verb

# Buttons by name, in the order of the page: the verb, what does it, and what stands on the button.
BUTTONS: dict[str, tuple[Verb, Callable[..., None], Any]] = {
    "_publish": (Verb.PUBLISH, moderation.publish, _("Publish")),
    "_return": (Verb.RETURN, moderation.return_, _("Return with a note")),
    "_decline": (Verb.DECLINE, moderation.decline, _("Decline with a reason")),
    "_spam": (Verb.SPAM, moderation.spam, _("Spam, in silence")),
    "_cancel": (Verb.CANCEL, moderation.cancel, _("Mark as cancelled")),
    "_postpone": (Verb.POSTPONE, moderation.postpone, _("Mark as postponed")),
    "_restore": (Verb.RESTORE, moderation.restore, _("Takes place after all")),
    "_reopen": (Verb.REOPEN, moderation.reopen, _("Reopen: wait for a decision again")),
}


class DecisionForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = ParagraphsField(
        label=_("Note or reason for the organiser"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "cols": 60}),
    )

    def decide(self, event: Event, *, by: User) -> Verb:
        """Do what the pressed button says, or raise `NotAllowed` with the reason."""
        name = next((name for name in BUTTONS if name in self.data), None)
        if not name:
            raise moderation.NotAllowed(_("Press one of the buttons."))
        if not self.is_valid():
            raise moderation.NotAllowed(" ".join(str(error) for errors in self.errors.values() for error in errors))
        verb, act, _label = BUTTONS[name]
        act(event, by=by, **self.cleaned_data)
        return verb


def buttons_for(event: Event) -> list[tuple[str, Any]]:
    """Name and label of the buttons that its status and condition allow."""
    return [
        (name, label)
        for name, (verb, _act, label) in BUTTONS.items()
        if event.status in (move := moderation.MOVES[verb]).sources and move.condition != event.condition
    ]
