from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class Moderator(models.Model):
    """The countries whose events a member of staff sees and decides. Without a row, or without a country: none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="moderator", verbose_name=_("user")
    )
    countries = CountryField(multiple=True, verbose_name=_("countries"))
    zone = models.CharField(
        _("time zone"), max_length=40, default="UTC", help_text=_("The digest comes in the morning by this clock.")
    )
    language = models.CharField(_("language of the digest"), max_length=5, choices=settings.LANGUAGES, default="en")
    digested_on = models.DateField(null=True, editable=False)  # the last local day on which the digest was looked at

    class Meta:
        verbose_name = _("moderator")
        verbose_name_plural = _("moderators")

    def __str__(self) -> str:
        return str(self.user)


def is_moderator_of(user: User, country: str) -> bool:
    """Whether `user` decides about events in the country, given by its code."""
    return user.is_active and user.is_staff and (user.is_superuser or country in countries_of(user))


def countries_of(user: User | AnonymousUser) -> list[str]:
    """The country codes that `user` moderates; read once for each user object, that is, anew for each request."""
    row = getattr(user, "moderator", None)
    return [str(country) for country in row.countries] if row else []
