from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from .event import Event
from .moderator import countries_of


class TrustQuerySet(models.QuerySet["Trust"]):
    def for_moderator(self, user: User | AnonymousUser) -> TrustQuerySet:
        """Of the countries of `user`; all for superusers, none for whoever is no member of staff."""
        if not (user.is_active and user.is_staff):
            return self.none()
        return self if user.is_superuser else self.filter(country__in=countries_of(user))

    def in_owner_of(self, event: Event) -> TrustQuerySet:
        """The trust, if any, that the organiser of the event has in its country."""
        return self.filter(address=event.contact_email.lower(), country=event.country)


class Trust(models.Model):
    """That the changes of an organiser to their published events in a country pass at once, as a moderator decided."""

    address = models.EmailField(_("e-mail"))  # in lower case
    country = CountryField(verbose_name=_("country"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("moderator"))
    at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = TrustQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted organiser")
        verbose_name_plural = _("trusted organisers")
        ordering = ("country", "address")
        constraints = (
            models.UniqueConstraint(fields=("address", "country"), name="trust_once_per_country"),
            models.CheckConstraint(condition=~models.Q(address=""), name="trust_in_somebody"),
        )

    def __str__(self) -> str:
        return f"{self.address}, {self.country}"


# Of events: whether their organiser is trusted in their country.
IS_TRUSTED = models.Exists(
    Trust.objects.filter(address=Lower(models.OuterRef("contact_email")), country=models.OuterRef("country"))
)
