"""What a moderator decides about an event or a proposal: the button, the reason, the version that was on the screen."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from events import amendments, moderation, moves
from events.forms.fields import ParagraphsField
from events.models import Amendment, Event, Verb

Button = tuple[Verb, Callable[..., None], Any]  # the verb, what does it, and what stands on the button


class DecisionForm(forms.Form):
    """About an event."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = ParagraphsField(
        label=_("Note or reason for the organiser"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "cols": 60}),
    )

    BUTTONS: ClassVar[dict[str, Button]] = {  # by name, in the order of the page
        "_publish": (Verb.PUBLISH, moderation.publish, _("Publish")),
        "_return": (Verb.RETURN, moderation.return_, _("Return with a note")),
        "_decline": (Verb.DECLINE, moderation.decline, _("Decline with a reason")),
        "_spam": (Verb.SPAM, moderation.spam, _("Spam, in silence")),
        "_cancel": (Verb.CANCEL, moderation.cancel, _("Mark as cancelled")),
        "_postpone": (Verb.POSTPONE, moderation.postpone, _("Mark as postponed")),
        "_restore": (Verb.RESTORE, moderation.restore, _("Takes place after all")),
        "_reopen": (Verb.REOPEN, moderation.reopen, _("Reopen: wait for a decision again")),
    }

    def decide(self, subject: Event | Amendment, *, by: User) -> Verb:
        """Do what the pressed button says, or raise `NotAllowed` with the reason."""
        name = next((name for name in self.BUTTONS if name in self.data), None)
        if not name:
            raise moves.NotAllowed(_("Press one of the buttons."))
        if not self.is_valid():
            raise moves.NotAllowed(" ".join(str(error) for errors in self.errors.values() for error in errors))
        verb, act, _label = self.BUTTONS[name]
        act(subject, by=by, **self.cleaned_data)
        return verb

    def labels(self, *names: str) -> list[tuple[str, Any]]:
        """Name and label of these buttons, for the page."""
        return [(name, self.BUTTONS[name][2]) for name in names]


class ProposalForm(DecisionForm):
    """About what is proposed for a published event."""

    BUTTONS: ClassVar[dict[str, Button]] = {
        "_accept": (Verb.ACCEPT, amendments.accept, _("Accept")),
        "_refuse": (Verb.REFUSE, amendments.refuse, _("Refuse with a reason")),
    }


def buttons_for(event: Event) -> list[tuple[str, Any]]:
    """Name and label of the buttons that its status and condition allow."""
    allowed = (name for name, (verb, _act, _label) in DecisionForm.BUTTONS.items() if moves.allows(verb, event))
    return DecisionForm().labels(*allowed)
