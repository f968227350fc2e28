"""What the pages of the desk cannot say without."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from events.admin.desk import say_moment
from events.forms.comparison import Part

register = template.Library()
register.filter("moment", say_moment)


@register.filter
def marked(parts: Iterable[Part], tag: str) -> SafeString:
    """The text, with the elements `tag` around what is changed. Line breaks stand in it as they are."""
    written = (f"<{tag}>{escape(part.words)}</{tag}>" if part.is_changed else escape(part.words) for part in parts)
    return mark_safe("".join(written))  # noqa: S308 - escaped word by word; the templates name the tag
