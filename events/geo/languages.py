"""Languages spoken at events: BCP 47 codes and their names (CLDR, see data/README.md)."""

import json
from functools import cache
from pathlib import Path

# In the order of a form: the site's own, then Europe, the Caucasus, Central Asia, the Middle East, the wide world.
CODES: tuple[str, ...] = (
    *("az", "en", "ru", "tr"),
    *("uk", "be", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "ro", "bg", "el", "sr", "hr", "bs", "sl"),
    *("mk", "sq", "lt", "lv", "et", "fi", "sv", "nb", "da", "is", "ga", "ca", "mt"),
    *("ka", "hy", "lez", "av", "tly", "kum", "ce"),
    *("kk", "ky", "uz", "tk", "tg", "tt", "ba", "crh", "gag", "ug", "mn"),
    *("fa", "ar", "he", "ku", "ur", "ps"),
    *("hi", "bn", "zh", "ja", "ko", "vi", "th", "id", "ms", "sw"),
)


@cache
def _names() -> dict[str, dict[str, str]]:
    """Read data/language_names.json: language of the site to code to name."""
    return json.loads((Path(__file__).parent / "data" / "language_names.json").read_text(encoding="utf-8"))


def name(code: str, *, language: str) -> str:
    """Return a language's name in a language of the site; in English or as its code when there is none."""
    names = _names()
    return names.get(language, {}).get(code) or names["en"].get(code) or code
