from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .event import Event


class Claim(models.Model):
    """Who looks at an event at the desk just now, so that no two work on the same one. It binds nobody.

    One for each event, of whoever opened it last; `queue` writes it.
    """

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="claim", verbose_name=_("event"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("moderator"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"{self.by}, {self.until:%Y-%m-%d %H:%M}"
