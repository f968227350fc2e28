from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
        return ", ".join(wording.name for wording in self.wordings.all())


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
