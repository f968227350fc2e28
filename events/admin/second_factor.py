"""Users at the desk: who has a second factor, and how a lost one is reset. Nobody sees or makes that of another."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from events import staff

from .desk import is_superuser

# The package's own pages show secrets, and let whoever may open them make a device for anybody.
admin.site.unregister([TOTPDevice, User])

# Django begins names with a large letter and makes of an i an I, in Azerbaijani too, so there they are large already.
User._meta.verbose_name, User._meta.verbose_name_plural = _("user"), _("users")
User._meta.get_field("username").verbose_name = _("username")


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "second_factor")
    actions = ["reset_second_factor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(enrolled_at=Subquery(devices.values("created_at")[:1]))

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    @admin.display(description=_("second step since"), ordering="enrolled_at", empty_value="–")
    def second_factor(self, user: Any) -> datetime | None:
        return user.enrolled_at

    @admin.action(
        description=_("Reset the second step of those selected, and end their sessions"), permissions=["reset"]
    )
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            staff.reset(user)
            self.log_change(request, user, _("Second step reset."))
        done = ngettext(
            "The second step of %(n)d person is reset. They set up a new one when they sign in next.",
            "The second step of %(n)d people is reset. They set up a new one when they sign in next.",
            len(queryset),
        )
        messages.success(request, done % {"n": len(queryset)})
