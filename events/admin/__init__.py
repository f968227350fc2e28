"""The moderation desk. Everything here starts from what `user` may see and decide; decisions go through verbs."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import directory, event, letter, moderator, reason, second_factor, trust

__all__ = ["directory", "event", "letter", "moderator", "reason", "second_factor", "trust"]

admin.site.site_header = admin.site.site_title = _("Moderation desk")
admin.site.index_title = _("Solidarity Day")
