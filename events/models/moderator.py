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

    class Meta:
        verbose_name = _("moderator")
        verbose_name_plural = _("moderators")

    def __str__(self) -> str:
        return str(self.user)


def countries_of(user: User | AnonymousUser) -> list[str]:
    """The country codes that `user` moderates; read once for each user object, that is, anew for each request."""
    row = getattr(user, "moderator", None)
    return [str(country) for country in row.countries] if row else []
