"""The style sheets: every colour is a token and can be seen, and nothing is written that a language would turn over."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from events.samples import colours

FILES = sorted((settings.BASE_DIR / "static/css").glob("*.css"))
SIDE = "left|right|top|bottom"
SIDES = rf"(?:margin|padding|border|inset|scroll-(?:margin|padding))-(?:{SIDE})"
REFUSED = {
    "a colour outside of tokens.css": r"#[0-9a-f]{3,8}\b(?=[^{}]*[;}])|\b(?:rgb|hsl)a?\(\s*\d",
    "!important": r"!\s*important",
    "an id": r"#[a-z][\w-]*(?=[^{};]*\{)",
    "a side or a size that does not turn with the writing": (
        rf"(?<![\w-])(?:{SIDES}|{SIDE}|(?:min-|max-)?(?:width|height))\s*:|(?:float|text-align|clear):\s*(?:left|right)"
    ),
    "a text made larger or smaller by letters' case": r"text-transform(?!:\s*none\b)",
}

FAULTY = [
    "a { color: #fff }",
    "a { color: red !important }",
    "#q a { x: y }",
    "a { margin-left: 0 }",
    "a { text-transform: uppercase }",
]


def rules_of(file: Path) -> str:
    """The file without comments and without what stands in the brackets of a media query."""
    source = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"@media[^{]*", "@media ", source)


def find(fault: str, rules: str) -> list[str]:
    return [match[0] for match in re.finditer(REFUSED[fault], rules)]


@pytest.mark.parametrize("fault", REFUSED)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_style_sheets_keep_the_rules_of_the_house(file, fault):
    if file.name == "tokens.css" and "colour" in fault:
        return
    assert not find(fault, rules_of(file))


@pytest.mark.parametrize(
    ("rule", "fault"),
    [*zip(FAULTY, REFUSED, strict=True)],
)
def test_each_fault_of_a_style_sheet_is_noticed(rule, fault):
    assert find(fault, rule)


@pytest.mark.parametrize(
    "rule", ["a { width: 1px }", "a { inset: 0; right: 0 }", "a { text-align: left }", "a { max-height: 0 }"]
)
def test_every_word_for_a_side_is_noticed(rule):
    assert find("a side or a size that does not turn with the writing", rule)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_is_seen_on_its_ground(scheme):
    found = [*colours.pairs(colours.read_tokens()[scheme])]

    assert len(found) > 30
    assert not [pair for pair in found if pair.ratio < pair.least]


def test_contrast_is_that_of_the_guidelines():
    assert colours.contrast("#000000", "#ffffff") == 21
    assert colours.contrast("#777777", "#ffffff") == 4.48


def test_every_colour_that_is_used_is_a_token():
    tokens = re.findall(r"--([\w-]+):", "".join(file.read_text() for file in FILES))
    used = re.findall(r"var\(--([\w-]+)", "".join(file.read_text() for file in FILES))

    assert set(used) <= set(tokens)
