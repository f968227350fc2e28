from django.db import models
from django.utils.translation import gettext_lazy as _

from .event import Event


class Link(models.Model):
    """A token that was given out, kept as its hash; `access` makes, reads and turns them.

    A confirmation is for one event. An entry, sent in a letter, lets the owner of an address in; it becomes the session
    when it is used, so that it cannot be used again, and deleting the rows of an address ends all its sessions.
    """

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm the e-mail address")
        ENTER = "enter", _("enter my events")
        SESSION = "session", _("is in my events")

    digest = models.CharField(_("hash of the token"), max_length=64, unique=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    # To be confirmed, or to be shown first after entering.
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="links", verbose_name=_("event"))
    address = models.EmailField(_("e-mail"), blank=True, db_index=True)  # in lower case; of an entry and a session
    expires_at = models.DateTimeField(_("valid until"), db_index=True)  # for purge

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(purpose="confirm", event__isnull=False, address="")
                | (~models.Q(purpose="confirm") & ~models.Q(address="")),
                name="link_leads_somewhere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.expires_at:%Y-%m-%d}"
