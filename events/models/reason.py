from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events import text


class Reason(models.Model):
    """A ready-made reason for returning or declining, in as many languages as somebody wrote it in.

    Moderators find it by its name in their language; the organiser reads its text in the language of their letters.
    """

    position = models.PositiveSmallIntegerField(
        _("position"), default=10, help_text=_("The smallest stands first. The first nine have a key: 1 to 9.")
    )

    class Meta:
        verbose_name = _("ready-made reason")
        verbose_name_plural = _("ready-made reasons")
        ordering = ("position", "id")

    def __str__(self) -> str:
        """Its name in the language of the reader."""
        wordings = [*self.wordings.all()]
        return _choose(wordings, text.current_language()).name if wordings else "–"


class Wording(models.Model):
    """What a ready-made reason says in one language."""

    reason = models.ForeignKey(Reason, models.CASCADE, related_name="wordings", verbose_name=_("ready-made reason"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    name = models.CharField(_("name for moderators"), max_length=60)
    text = models.TextField(_("text for the organiser"), max_length=1000)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("language",)
        constraints = (models.UniqueConstraint(fields=("reason", "language"), name="wording_once_per_language"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class ReadyReason(NamedTuple):
    """A reason to choose at the desk: found by its name, sent as its text."""

    pk: int
    name: str
    text: str


def find_reasons(*, name_language: str, text_language: str) -> list[ReadyReason]:
    """All ready-made reasons in their order, named for a moderator and worded for an organiser. One query.

    What nobody wrote in a language stands there in English, or, if not in English either, in any.
    """
    found: dict[int, list[_Row]] = defaultdict(list)
    rows = Wording.objects.order_by("reason__position", "reason").values_list(*_Row._fields)
    for row in map(_Row._make, rows):
        found[row.reason].append(row)
    return [
        ReadyReason(pk, _choose(worded, name_language).name, _choose(worded, text_language).text)
        for pk, worded in found.items()
    ]


class _Row(NamedTuple):
    reason: int
    pk: int
    language: str
    name: str
    text: str


_Worded = TypeVar("_Worded", Wording, _Row)


def _choose(rows: list[_Worded], language: str) -> _Worded:
    """Of one reason, in this language, else in English, else in any."""
    return min(rows, key=lambda row: (row.language != language, row.language != "en", row.pk))
