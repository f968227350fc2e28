"""What a moderator decides about an event: the button, the reason, and which versions were on the screen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from events import amendments, merging, moderation, moves, reports, text, trust
from events.forms.case import Case
from events.forms.fields import ParagraphsField, UnseenNumberField
from events.models import Amendment, Event, Verb
from events.models.reason import ReadyReason, find_reasons

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Button:
    """One thing to press. `act` does it, and `done` says what was done, after the name of the event."""

    label: Any
    done: Any
    act: Callable[["DecisionForm", Event, User, datetime], None]
    is_offered: Callable[[Case], bool]
    needs_reason: bool = False
    is_decision: bool = True  # whether the next event comes after it
    is_step: bool = True  # in the history of the event
    key: str = ""  # on the keyboard


class SeenField(forms.IntegerField):
    """A number that came with the page; no larger than a database holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **kwargs)


class DecisionForm(forms.Form):
    """The page of an event; numbers are empty where there is nothing of the kind."""

    version = SeenField(
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("The page did not say which version of the event it showed. Look at the event again."),
        )
    )
    proposal = SeenField(required=False)
    report = SeenField(required=False)  # the last that was shown
    step = SeenField(required=False)  # the last that was shown
    reason = ParagraphsField(label=_("Note or reason for the organiser"), required=False, max_length=LONGEST_REASON)
    ready = UnseenNumberField(required=False)  # a ready-made reason, in case none was typed

    def decide(self, event: Event, *, by: User, now: datetime) -> Button:
        """Do what the pressed button says, or raise `NotAllowed` with the reason."""
        name = next((name for name in BUTTONS if name in self.data), None)
        if not name:
            raise moves.NotAllowed(_("Press one of the buttons."))
        if not self.is_valid():
            raise moves.NotAllowed(" ".join(str(error) for errors in self.errors.values() for error in errors))
        button = BUTTONS[name]
        if button.needs_reason and not self.cleaned_data["reason"]:
            self.cleaned_data["reason"] = self._find_ready_reason(event)
        button.act(self, event, by, now)
        return button

    @property
    def seen(self) -> dict[str, int | None]:
        """What travelled with the page."""
        return {name: self.cleaned_data[name] for name in ("version", "proposal", "report", "step")}

    def typed(self, event: Event) -> str:
        """The reason to show again, or else the ready-made one that was chosen: nothing is lost of what was entered."""
        return self["reason"].value() or self._find_ready_reason(event)

    def _find_ready_reason(self, event: Event) -> str:
        chosen = self.cleaned_data.get("ready")
        return next((reason.text for reason in ready_reasons(event) if reason.pk == chosen), "") if chosen else ""


def ready_reasons(event: Event) -> list[ReadyReason]:
    """Named in the moderator's language, worded in that of the organiser."""
    return find_reasons(name_language=text.current_language(), text_language=event.contact_language)


def buttons_for(case: Case) -> dict[str, Button]:
    """By name those that make sense now, in the order of the page."""
    return {name: button for name, button in BUTTONS.items() if button.is_offered(case)}


def _act(verb: Callable[..., None]) -> Callable[["DecisionForm", Event, User, datetime], None]:
    def act(form: DecisionForm, event: Event, by: User, now: datetime) -> None:
        version = form.cleaned_data["version"]
        with moves.holding(event, by=by, version=version):
            amendments.demand_seen(event, proposal=form.cleaned_data["proposal"] or 0)
            verb(event, by=by, version=version, reason=form.cleaned_data["reason"])

    return act


def _verb(verb: Verb, act: Callable[..., None], label: Any, **kwargs: Any) -> Button:
    """Of a verb on the event itself."""
    return Button(label, verb.label, _act(act), lambda case: moves.allows(verb, case.event), **kwargs)


def _answer(
    verb: Verb, act: Callable[..., None], label: Any, *, is_offered: Callable[[Case], bool], **kwargs: Any
) -> Button:
    """Of a verb on what is proposed for the event."""

    def make(form: DecisionForm, event: Event, by: User, now: datetime) -> None:
        data = form.cleaned_data
        amendment = Amendment.objects.for_moderator(by).select_related("event").filter(event=event).first()
        if not amendment or event.version != data["version"]:
            raise moves.NotAllowed.too_late()
        act(amendment, by=by, version=data["proposal"], reason=data["reason"])

    return Button(label, verb.label, make, is_offered, **kwargs)


def _reconsider(form: DecisionForm, event: Event, by: User, now: datetime) -> None:
    amendment = Amendment.objects.filter(event=event).first()
    if not amendment:
        raise moves.NotAllowed.too_late()
    seen, reason = form.cleaned_data["proposal"] or 0, form.cleaned_data["reason"]
    amendments.reconsider(amendment, by=by, version=seen, reason=reason)


def _settle(form: DecisionForm, event: Event, by: User, now: datetime) -> None:
    reports.settle(event, by=by, last=form.cleaned_data["report"] or 0, now=now)


BUTTONS: dict[str, Button] = {
    "_accept": _answer(
        Verb.ACCEPT,
        amendments.accept,
        _("Accept"),
        is_offered=lambda case: case.amendment is not None and not case.obstacle,
        key="a",
    ),
    "_refuse": _answer(
        Verb.REFUSE,
        amendments.refuse,
        _("Refuse with a reason"),
        is_offered=lambda case: case.amendment is not None,
        needs_reason=True,
        key="r",
    ),
    "_publish": _verb(Verb.PUBLISH, moderation.publish, _("Publish"), key="a"),
    "_return": _verb(Verb.RETURN, moderation.return_, _("Return with a note"), needs_reason=True, key="r"),
    "_decline": _verb(Verb.DECLINE, moderation.decline, _("Decline with a reason"), needs_reason=True, key="d"),
    "_spam": _verb(Verb.SPAM, moderation.spam, _("Spam, in silence"), key="x"),
    "_settle": Button(
        _("The reports are settled"),
        _("reports settled"),
        _settle,
        lambda case: bool(case.reports),
        is_step=False,
        key="s",
    ),
    "_unsettle": Button(
        _("The reports wait again"),
        _("reports opened again"),
        lambda form, event, by, now: reports.reopen(event, by=by),
        lambda case: False,  # only right after they were settled
        is_decision=False,
        is_step=False,
    ),
    "_reconsider": Button(
        _("Take the refusal back: decide on the change again"),
        Verb.RECONSIDER.label,
        _reconsider,
        lambda case: case.refused is not None,
        is_decision=False,
        key="u",
    ),
    "_revert": Button(
        _("Undo the last change"),
        Verb.REVERT.label,
        _act(amendments.revert),
        lambda case: case.was_changed and moves.allows(Verb.REVERT, case.event),
        needs_reason=True,
        is_decision=False,
    ),
    "_cancel": _verb(Verb.CANCEL, moderation.cancel, _("Mark as cancelled"), is_decision=False),
    "_postpone": _verb(Verb.POSTPONE, moderation.postpone, _("Mark as postponed"), is_decision=False),
    "_restore": _verb(Verb.RESTORE, moderation.restore, _("Takes place after all"), is_decision=False),
    "_reopen": _verb(
        Verb.REOPEN, moderation.reopen, _("Reopen: wait for a decision again"), is_decision=False, key="u"
    ),
    "_split": Button(
        _("Take apart again: wait for a decision"),
        Verb.SPLIT.label,
        _act(merging.split),
        lambda case: case.was_merged and moves.allows(Verb.SPLIT, case.event),
        is_decision=False,
        key="u",
    ),
    "_trust": Button(
        _("Trust this organiser"),
        _("the organiser is trusted"),
        lambda form, event, by, now: trust.grant(event, by=by),
        lambda case: case.has_known_organiser and not case.is_trusted,
        is_decision=False,
        is_step=False,
    ),
    "_distrust": Button(
        _("Do not trust this organiser any more"),
        _("the organiser is not trusted any more"),
        lambda form, event, by, now: trust.end(event, by=by),
        lambda case: case.is_trusted,
        is_decision=False,
        is_step=False,
    ),
}
