"""The Markdown subset of descriptions: paragraphs, emphasis, lists, links. No raw HTML, no images, no headings."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "a"}
_RULES = ["newline", "escape", "emphasis", "link", "autolink", "entity", "list", "paragraph"]

# "zero" knows no rule at all, so that whatever a new release brings stays off.
_parser = MarkdownIt("zero", {"html": False, "breaks": True}).enable(_RULES)
_every_link = MarkdownIt("zero", {"html": False}).enable(_RULES)
_every_link.validateLink = lambda url: True  # type: ignore[method-assign]


def render(source: str) -> SafeString:
    """`source` as HTML that is safe to show; links open to http, https and mailto only and carry `rel`."""
    html = nh3.clean(
        _parser.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=set(LINK_SCHEMES),
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(html)  # noqa: S308 - nh3 has just cleaned it


def refused_links(source: str) -> list[str]:
    """The links in `source` that visitors may not be led to: other schemes, and addresses without one."""
    return [link for link in _links(_every_link.parse(source)) if _scheme(link) not in LINK_SCHEMES]


def _links(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open":
            yield str(token.attrGet("href") or "")
        yield from _links(token.children or [])


def _scheme(link: str) -> str:
    try:
        return urlsplit(link).scheme
    except ValueError:
        return ""


def to_text(source: str) -> str:
    """`source` without its marks, for where there is no HTML: dashes before items, addresses after links."""
    return "".join(_words(_parser.parse(source))).strip()


def _words(tokens: list[Token]) -> Iterator[str]:
    address = ""
    for token in tokens:
        match token.type:
            case "inline":
                yield from _words(token.children or [])
            case "text":
                yield token.content
            case "softbreak" | "hardbreak":
                yield "\n"
            case "list_item_open":
                yield f"{token.info}{token.markup} " if token.info else "– "
            case "link_open":
                address = str(token.attrGet("href"))
            case "link_close" if _scheme(address) in LINK_SCHEMES:
                yield f" ({address})"
            case "paragraph_close":
                yield "\n" if token.hidden else "\n\n"
            case "bullet_list_close" | "ordered_list_close":
                yield "\n"
