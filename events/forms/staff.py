"""What members of staff type to be let in. Each try is counted before anything costly is done with it."""

import re
from typing import Any, cast

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from events import limits, staff, text
from events.forms.fields import UNSHOWABLE

LONGEST_NAME = 150


class NameField(UsernameField):
    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again after an error: all that was typed, but what no page can show."""
        return text.clean_line(data)[:LONGEST_NAME] if isinstance(data, str) else data


def demand_sendable(typed: str) -> str:
    """Raise where `typed` holds half a character, which no hash and no database takes."""
    if not typed.isascii() and re.search("[\ud800-\udfff]", typed):
        raise forms.ValidationError(UNSHOWABLE, code="unshowable")
    return typed


class SignInForm(AdminAuthenticationForm):
    """Name and password. `refusal` is the limit that a try met."""

    username = NameField(
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "autocomplete": "username"}),
        max_length=LONGEST_NAME,
    )
    refusal: limits.TooMany | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("username"):  # the password was wrong, and is to be typed again
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean_username(self) -> str:
        return demand_sendable(self.cleaned_data["username"])

    @sensitive_variables()
    def clean_password(self) -> str:
        return demand_sendable(self.cleaned_data["password"])

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        if {"username", "password"} <= self.cleaned_data.keys():
            self._count(self.cleaned_data["username"])
        return super().clean()

    def _count(self, name: str) -> None:
        network = limits.find_network(cast(HttpRequest, self.request))
        try:
            staff.count_sign_in(name, network=network, now=timezone.now())
        except limits.TooMany as refusal:
            self.refusal = refusal
            raise forms.ValidationError(staff.say_too_many(refusal), code="too_many") from refusal


class CodeField(forms.CharField):
    def bound_data(self, data: Any, initial: Any) -> str:
        """Nothing is shown again: a code that did not fit is of no more use."""
        return ""


class CodeForm(forms.Form):
    """The six digits that an authenticator app shows."""

    code = CodeField(
        label=_("Six digits"),
        error_messages={"required": _("Type the six digits that your app shows now.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "size": 8}
        ),
    )

    @sensitive_variables()
    def clean_code(self) -> str:
        digits = re.sub(r"\s", "", self.cleaned_data["code"])
        if not re.fullmatch("[0-9]{6}", digits):
            raise forms.ValidationError(_("The code has six digits and nothing else."), code="invalid")
        return digits


class PasswordForm(AdminPasswordChangeForm):
    """A new password. To guess the old one in somebody's open session costs a slow hash as well."""

    refusal: limits.TooMany | None = None

    @sensitive_variables()
    def clean_old_password(self) -> str:
        try:
            limits.count(limits.PASSWORD_CHANGES, str(self.user.pk), now=timezone.now())
        except limits.TooMany as refusal:
            self.refusal = refusal
            raise forms.ValidationError(staff.say_too_many(refusal), code="too_many") from refusal
        demand_sendable(self.cleaned_data["old_password"])
        return super().clean_old_password()

    @sensitive_variables()
    def clean_new_password1(self) -> str:
        return demand_sendable(self.cleaned_data["new_password1"])
