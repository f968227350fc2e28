"""Form fields that pass the one cleaner of text, so that no form can forget it."""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django import forms
from django.core.validators import URLValidator, validate_email
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from events import text

NO_MAILBOX = _("This is not an e-mail address. It should look like name@example.org.")
UNSHOWABLE = _("There are characters in this text that cannot be shown. Please type the text anew.")


def _checked(clean: Callable[[str], str], value: str | None) -> str:
    if text.has_unshowable(value := value or ""):
        raise forms.ValidationError(UNSHOWABLE, code="unshowable")
    return clean(value)


def check_mailbox(value: str) -> None:
    """Raise unless `value` is one address at a host with a name.

    Refused are quoted parts, which may hold commas and so more addresses, and encoded ones ("=?utf-8?q?=61?="): what
    sends a letter decodes them, so that one mailbox would have thousands of addresses, each with limits of its own. So
    has a host given by its number; and what it stands for, or localhost, may be a machine that only we can reach.
    """
    try:
        validate_email(value)
    except forms.ValidationError as error:
        raise forms.ValidationError(NO_MAILBOX, code="invalid") from error
    name, _at, host = value.rpartition("@")
    # Django lets İ, ı and ſ through, which some databases and mail servers take for i and s.
    if re.search(r'[",\\\s\[]|=\?', value) or "." not in host or not name.isascii():
        raise forms.ValidationError(NO_MAILBOX, code="invalid")


class LanguageBoxes(forms.CheckboxSelectMultiple):
    """Check boxes in groups, of which the first is shown and the others are folded away."""

    template_name = "events/_languages.html"


class PlainSelect(forms.Select):
    """A select that writes its options itself. Django renders a template for each: 25 ms for all countries, not 1."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return mark_safe(f"<select{attributes}>{_write_options(self.choices, chosen)}</select>")  # noqa: S308 - escaped


def _write_options(choices: Iterable[Any], chosen: set[str]) -> str:
    return "".join(_write_option(str(value), label, chosen) for value, label in choices)


def _write_option(value: str, label: Any, chosen: set[str]) -> str:
    if isinstance(label, list | tuple):
        return f'<optgroup label="{escape(value)}">{_write_options(label, chosen)}</optgroup>'
    selected = " selected" if value in chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(str(label))}</option>'


class LineField(forms.CharField):
    """One line of text."""

    def to_python(self, value: Any) -> str:
        return _checked(text.clean_line, super().to_python(value))

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again after an error: all that was typed, but what no page can show."""
        return text.clean_line(data) if isinstance(data, str) else data


class MailboxField(LineField):
    """One e-mail address in its plain form."""

    widget = forms.EmailInput
    default_validators = [check_mailbox]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_python(self, value: Any) -> str:
        """The domain in lower case, which no server tells apart and no database folds alike."""
        name, at, domain = super().to_python(value).rpartition("@")
        return f"{name}{at}{domain.lower()}"


class ParagraphsField(LineField):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return _checked(text.clean_text, forms.CharField.to_python(self, value))

    def bound_data(self, data: Any, initial: Any) -> Any:
        return text.clean_text(data) if isinstance(data, str) else data


class LinkField(forms.URLField):
    """An address on the web, http or https; what people type without a scheme gets https."""

    default_validators = [URLValidator(schemes=["http", "https"])]
    default_error_messages = {"invalid": _("This is not a link to a page. It should look like https://example.org/…")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", max_length=500, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(_checked(text.clean_line, str(value or ""))) or ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return text.clean_line(data) if isinstance(data, str) else data


# What people neither see nor could mend: whatever else comes than what the page sent counts as nothing.


class UnseenField(forms.CharField):
    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return ""


class UnseenNumberField(forms.IntegerField):
    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None
