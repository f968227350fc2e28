"""The organiser's own pages: asking for a link, changing an event, copying it, and what is said with a step."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from events import amendments, day, moderation, moves
from events.forms import picture
from events.forms.entry import EVENT, WHEN, WHERE, WHO, EntryForm, Group, describe
from events.forms.fields import MailboxField, ParagraphsField, UnseenNumberField
from events.forms.submission import NewEventForm
from events.models import Amendment, Condition, Event, Status, Verb, find_changes

EDITABLE = frozenset({Status.PENDING, Status.RETURNED, Status.PUBLISHED})


class AskForm(forms.Form):
    """Whose events somebody wants to see."""

    contact_email = MailboxField(
        label=_("Your e-mail"),
        help_text=_("The address you gave with your event. We send a link there."),
        widget=forms.EmailInput({"autocomplete": "email", "enterkeyhint": "send"}),
    )


class VersionField(UnseenNumberField):
    """Which version was on the screen. What is missing or nonsense counts as too old, and so the person is told."""

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


class EditForm(EntryForm):
    """An event of one's own, or what was proposed for it, to be changed."""

    reason = ParagraphsField(
        label=_("A word to the moderator"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What you changed and why, or an answer to their question. Visitors do not see it."),
    )
    version = VersionField()  # of the event
    proposal = VersionField()  # of the amendment, 0 for none

    GROUPS = (EVENT, WHERE, WHEN, WHO, Group(_("Sending"), ("reason",)))

    def __init__(self, data: Any = None, files: Any = None, *, event: Event, now: datetime) -> None:
        self.event, self.amendment = event, find_amendment(event)
        self.DRAFT = f"event-{event.pk}"
        self.versions = {"version": event.version, "proposal": self.amendment.version if self.amendment else 0}
        shown = self.amendment.proposed() if self.amendment else _copy(event)
        super().__init__(data, files, now=now, instance=shown, initial=describe(shown) | self.versions)

    def groups(self) -> Iterator[dict[str, Any]]:
        """With another heading over the word to the moderator where that is an answer."""
        *others, last = super().groups()
        yield from [*others, last | ({"heading": _("Your answer")} if self.is_asked else {})]

    @property
    def is_asked(self) -> bool:
        """Whether a moderator gave the event or the change back, and an answer is due."""
        is_refused = bool(self.amendment and self.amendment.is_refused)
        return self.event.status == Status.RETURNED or (self.event.status == Status.PUBLISHED and is_refused)

    def find_window(self) -> tuple[date, date]:
        """Of its own edition, also when that is over: what was wrong is put right there too."""
        return day.window(self.event.edition)

    def clean_image_kept(self) -> picture.StoredPicture | None:
        return picture.find_kept(self.cleaned_data["image_kept"], own=self.instance.image)

    def keep_all(self) -> None:
        super().keep_all()
        sent = cast(QueryDict, self.data)
        if not sent["image_kept"]:  # a picture of the event itself is never too old
            sent["image_kept"] = self.initial.get("image_kept", "")

    def save(self) -> bool:  # type: ignore[override]
        """Change the event, or propose the change of a published one; `NotAllowed` or `images.NotStored`.

        Returns whether what was proposed passed at once.
        """
        self.fill_picture(self.instance)
        seen = {"version": self.cleaned_data["version"], "reason": self.cleaned_data["reason"]}
        if self.event.status == Status.PUBLISHED:
            return amendments.propose(self.event, self.instance, proposal=self.cleaned_data["proposal"], **seen)
        if self.event.status == Status.RETURNED or find_changes(self.event, self.instance):
            moderation.edit(self.instance, **seen)
        elif seen["version"] == self.event.version:  # who looks at it just now is not disturbed
            raise moderation.NotAllowed(_("Nothing was changed."))
        elif not self._was_sent_already(**seen):
            raise moderation.NotAllowed.too_late()
        return False

    def _was_sent_already(self, *, version: int, reason: str) -> bool:
        """Whether what followed on this version was the very same change."""
        steps = self.event.steps.filter(verb=Verb.EDIT, version=version + 1, reason=reason)
        return self.event.status == Status.PENDING and steps.exists()

    @property
    def is_proposal_new(self) -> bool:
        """Whether somebody proposed, refused or took back something since the form was shown."""
        return bool(self.cleaned_data["proposal"] != self.versions["proposal"])

    def renew(self) -> None:
        """Keep all for when the form comes again, now with what has changed meanwhile as seen."""
        self.keep_all()
        sent = cast(QueryDict, self.data)
        for name, version in self.versions.items():
            sent[name] = str(version)


class CopyForm(NewEventForm):
    """A new event of the coming edition from one's own earlier one: all but the dates."""

    def __init__(self, data: Any = None, files: Any = None, *, event: Event, now: datetime) -> None:
        self.DRAFT = f"copy-{event.pk}"
        dates = {"start_date": None, "end_date": None}
        super().__init__(data, files, now=now, initial=describe(event) | dates)
        self.instance.contact_email = event.contact_email


class StepForm(forms.Form):
    """A step that the organiser takes with an event, and the version of it that was on the screen."""

    version = VersionField()
    reason = ParagraphsField(
        label=_("A word to the moderators"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Why, if you like. Visitors do not see it."),
    )


class TakeBackForm(forms.Form):
    """Which proposal was on the screen: a tab that was left open does not drop a newer one."""

    proposal = VersionField()


class DeleteForm(forms.Form):
    """All that is kept of an address is deleted for good."""

    is_sure = forms.BooleanField(
        label=_("Yes, delete all of it. I know that it cannot be brought back."),
        error_messages={"required": _("Tick the box if you are sure. Nothing is deleted yet.")},
    )


@dataclass(frozen=True)
class OwnStep:
    """A step that an organiser may take: what makes it, and what is said before and after it."""

    verb: Verb
    act: Callable[..., None]
    label: Any
    question: Any
    meaning: Any
    button: Any
    done: Any

    def is_taken(self, event: Event) -> bool:
        """Whether the event is already as the step would leave it."""
        move = moves.MOVES[self.verb]
        return event.status == move.target and move.condition in {None, event.condition}


# By the last part of the address
STEPS = {
    "cancel": OwnStep(
        Verb.CANCEL,
        moderation.cancel,
        label=_("Cancel…"),
        question=_("Cancel the event?"),
        meaning=_(
            "Its page stays and says that it does not take place, and people’s calendars will show it too. "
            "You can undo this at any time."
        ),
        button=_("Yes, it does not take place"),
        done=_("The event is marked as cancelled."),
    ),
    "postpone": OwnStep(
        Verb.POSTPONE,
        moderation.postpone,
        label=_("Postpone…"),
        question=_("Postpone the event?"),
        meaning=_(
            "Its page stays and says that a new date is not known yet, and people’s calendars will show it too. "
            "As soon as you know the date, change the event. You can undo this at any time."
        ),
        button=_("Yes, it is postponed"),
        done=_("The event is marked as postponed."),
    ),
    "restore": OwnStep(
        Verb.RESTORE,
        moderation.restore,
        label=_("It takes place after all…"),
        question=_("Does it take place after all?"),
        meaning=_(
            "Visitors see again that it takes place, on the date announced. People’s calendars will show it too."
        ),
        button=_("Yes, it takes place"),
        done=_("The event takes place, and visitors see that."),
    ),
    "withdraw": OwnStep(
        Verb.WITHDRAW,
        moderation.withdraw,
        label=_("Withdraw…"),
        question=_("Withdraw the event?"),
        meaning=_(
            "It disappears from the site for good, its page too, and no moderator looks at it any more. This cannot be "
            "undone. If it only does not take place, cancel it instead: then those who know of it learn so."
        ),
        button=_("Yes, withdraw it for good"),
        done=_("The event is withdrawn."),
    ),
}
BEFORE_IT_IS_OVER = {"cancel", "postpone"}


def steps_for(event: Event, *, now: datetime) -> list[str]:
    """The names of the steps that its organiser may take: what is over can no longer be called off.

    What was postponed is not over, though the date that it had is past.
    """
    is_over = event.local_over <= now and event.condition != Condition.POSTPONED
    left_out = BEFORE_IT_IS_OVER if is_over else set()
    return [name for name, step in STEPS.items() if name not in left_out and moves.allows(step.verb, event)]


def find_amendment(event: Event) -> Amendment | None:
    """What is proposed for the event, open or refused; no query where it was read with it."""
    return getattr(event, "amendment", None)


def _copy(event: Event) -> Event:
    """The same event to be changed, which leaves the given one as it is."""
    shown = copy(event)
    shown._state = copy(event._state)
    shown._state.fields_cache = {}
    return shown
