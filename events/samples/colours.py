"""The colours of the site as static/css/tokens.css holds them, and how well each is seen on its ground.

For the style guide and for the tests: both read what browsers read.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings

TEXT, MARK = 4.5, 3.0  # least contrast, WCAG 2.2: 1.4.3 and 1.4.11

# Every colour with the grounds that it stands on.
TEXTS = {
    "ink": ("paper", "card", "sea-tint", "gold-tint", "rose-tint", "green-tint"),
    "ink-soft": ("paper", "card"),
    "pomegranate": ("paper", "card", "rose-tint"),
    "sea": ("paper", "card", "sea-tint", "gold-tint"),
    "on-gold": ("gold", "gold-bright"),
    "on-alarm": ("alarm",),
    "on-green": ("green",),
    "on-night": ("night", "night-glow"),
    "on-night-soft": ("night", "night-glow"),
    "light": ("night", "night-glow"),
}
MARKS = {
    "edge": ("paper", "card"),
    "focus": ("paper", "card", "gold-tint"),
    "gold": ("night", "night-glow"),
    "light": ("land", "land-lit"),
    "ember": ("night", "land"),
    "coast": ("night",),
}


class Pair(NamedTuple):
    """A colour on a ground, by names and as #rrggbb; `ratio` is their contrast, at least `least` of it is needed."""

    colour: str
    ground: str
    above: str
    below: str
    ratio: float
    least: float


def read_tokens() -> dict[str, dict[str, str]]:
    """The colours by name, for the light and the dark scheme: `{"light": {"ink": "#16233a", …}, "dark": {…}}`."""
    source = (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
    light, _at, rest = source.partition("@media (prefers-color-scheme: dark)")
    dark = rest.partition("@media")[0]
    return {"light": _colours(light), "dark": _colours(light + dark)}


def pairs(tokens: dict[str, str]) -> Iterator[Pair]:
    """All pairs that occur on the site, in one scheme."""
    for uses, least in ((TEXTS, TEXT), (MARKS, MARK)):
        for colour, grounds in uses.items():
            for ground in grounds:
                above, below = tokens[colour], tokens[ground]
                yield Pair(colour, ground, above, below, contrast(above, below), least)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours (#rrggbb), from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _colours(source: str) -> dict[str, str]:
    plain = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", source))
    named = re.findall(r"--([\w-]+):\s*var\(--([\w-]+)\)", source)
    return plain | {name: plain[other] for name, other in named}


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
