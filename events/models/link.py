from django.db import models
from django.utils.translation import gettext_lazy as _

from .event import Event


class Link(models.Model):
    """A link sent in a letter. The token itself is only in the letter; `access` makes and reads both."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm the e-mail address")

    digest = models.CharField(_("hash of the token"), max_length=64, unique=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    event = models.ForeignKey(Event, models.CASCADE, related_name="links", verbose_name=_("event"))
    expires_at = models.DateTimeField(_("valid until"), db_index=True)  # for purge

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.expires_at:%Y-%m-%d}"
