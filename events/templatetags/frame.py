"""What the frame of all pages cannot say without."""

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_block_tag
def one_line(content: str) -> SafeString:
    """What it encloses on one line, fit for an attribute: a block can stand only once on a page, a variable often.

    `{% one_line as page_title %}{% block title %}…{% endblock %}{% endone_line %}`
    """
    return mark_safe(" ".join(content.split()).replace('"', "&quot;"))  # noqa: S308 - the template escaped it
