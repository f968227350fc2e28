from collections.abc import Iterable

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from .event import Event, Status


class Verb(models.TextChoices):
    """What can happen in the life of an event; `moderation` and `amendments` hold a function for each."""

    SUBMIT = "submit", _("submitted")
    IMPORT = "import", _("imported")
    CONFIRM = "confirm", _("e-mail confirmed")
    PUBLISH = "publish", _("published")
    RETURN = "return", _("returned with a note")
    DECLINE = "decline", _("declined")
    SPAM = "spam", _("refused as spam")
    REOPEN = "reopen", _("reopened")
    WITHDRAW = "withdraw", _("withdrawn")
    CANCEL = "cancel", _("cancelled")
    POSTPONE = "postpone", _("postponed")
    RESTORE = "restore", _("restored")
    EDIT = "edit", _("changed")
    MERGE = "merge", _("put together with the same event")
    SPLIT = "split", _("taken apart again")
    # On what is proposed for a published event, which itself stays as it is but for the second and the third:
    PROPOSE = "propose", _("change proposed")
    ACCEPT = "accept", _("change accepted")
    REVERT = "revert", _("change undone")
    REFUSE = "refuse", _("change refused")
    RECONSIDER = "reconsider", _("refusal taken back")
    TAKE_BACK = "take_back", _("proposal taken back")


PASSED = _("change published at once")  # what is told of an acceptance that nobody decided

# They leave the event's version as it is, because visitors see nothing of them.
WITHOUT_VERSION = (Verb.PROPOSE, Verb.REFUSE, Verb.RECONSIDER, Verb.TAKE_BACK)


class Step(models.Model):
    """One thing that happened in the life of an event. Written once, by the verbs alone, and never changed."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="steps", verbose_name=_("event"))
    verb = models.CharField(_("what"), max_length=12, choices=Verb)
    status = models.CharField(_("status after it"), max_length=12, choices=Status)
    version = models.PositiveIntegerField(_("version after it"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who decided stays known; a moderator who leaves is made inactive
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("moderator"),
        help_text=_("Empty when the organiser did it."),
    )
    reason = models.TextField(_("reason"), blank=True)
    # {column: value before it} of what it changed in the event, to tell what changed since, and to undo it
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("event", "version", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("event", "version"),
                condition=~models.Q(verb__in=WITHOUT_VERSION),
                name="step_once_per_version",
            ),
            models.CheckConstraint(condition=models.Q(verb__in=Verb.values), name="step_verb_known"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="step_status_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def has_passed(self) -> bool:
        """Whether it accepted what a trusted organiser proposed, which nobody decided."""
        return self.verb == Verb.ACCEPT and not self.by_id


# Without a moderator they follow by themselves, or from a file; every other step like that an organiser took, who got
# in by a link to the address of the event.
_OF_THEMSELVES = {Verb.IMPORT, Verb.ACCEPT, Verb.SPLIT}


def is_address_proven(event: Event, steps: Iterable[Step]) -> bool:
    """Whether somebody has shown that mail to the address of the event reaches them; `steps` are all of the event."""
    steps = [*steps]
    is_imported = any(step.verb == Verb.IMPORT for step in steps)
    has_entered = any(not step.by_id and step.verb not in _OF_THEMSELVES for step in steps)
    return event.status != Status.UNCONFIRMED and (has_entered or not is_imported)
