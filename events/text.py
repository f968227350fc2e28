"""Text as people type it: cleaned for keeping, folded for finding, romanised for addresses, ordered by alphabet."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language


def current_language() -> str:
    """The language of the site in which to answer; the site's own where none is chosen, as in commands."""
    return get_language() or settings.LANGUAGE_CODE


def say_day(day: date) -> str:
    """ "31 December 2026" in the language of the answer, its month as inside a sentence: az writes it small."""
    return _say_day(day, current_language())


@lru_cache(maxsize=1024)
def _say_day(day: date, language: str) -> str:
    words = date_format(day, "j E Y")
    return words.replace("İ", "i").lower() if language == "az" else words


# Cleaning

# What editors paste for a line break; what turns the reading direction of everything around it, or shows nothing.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u2800\u3164\ufeff\U000e0000-\U000e007f]"
)
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
MOST_MARKS = 10
_MARKS_IN_DISGUISE = "\u0f73\u0f75\u0f81"  # not marks by their class, but made of nothing else
_LINK = re.compile(r"(?i)https?://|(?<!//)(?<![^\W_])www\.")
_UNSHOWABLE = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_NONCHARACTERS}]")


def has_unshowable(text: str) -> bool:
    """Whether `text` holds characters that no reader could have typed: controls, surrogates, non-characters."""
    return bool(_UNSHOWABLE.search(text))


def clean_text(text: str) -> str:
    """`text` in NFC with plain line breaks, without controls, bidi overrides and non-characters, ends trimmed."""
    text = _LINE_BREAKS.sub("\n", text)
    text = _limit_marks(_UNSHOWABLE.sub("", _INVISIBLE.sub("", text)))
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def _limit_marks(text: str) -> str:
    """`text` with so many marks on each letter at most as any language needs. More hide the lines above, and to put
    thousands of them into the order of NFC takes minutes."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) or letter in _MARKS_IN_DISGUISE else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def clean_line(text: str) -> str:
    """`text` cleaned as by `clean_text`, on one line, with single spaces: safe in a header."""
    return " ".join(clean_text(text).split())


def has_word(text: str) -> bool:
    """Whether anything in `text` is a letter or a digit of any script."""
    return bool(_WORD.search(text))


def count_links(text: str) -> int:
    """How many addresses of web pages are in `text`, with or without a scheme."""
    return len(_LINK.findall(text))


def names(text: str) -> list[str]:
    """The names in a field that may hold several, separated by semicolons."""
    return [name for part in text.split(";") if (name := clean_line(part))]


# Folding: the same key for the same word, however it is spelled

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("əǝƏƎ", "e"),
        **dict.fromkeys("ıIİ", "i"),
        "ß": "ss",
        **dict.fromkeys("\u200c\u200d"),  # the joiners of Arabic script: same word with and without
        **dict.fromkeys("يىېۍ", "ی"),
        "ك": "ک",
        **dict.fromkeys("ةۀە", "ه"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ؤۆۇۋ", "و"),
    }
)
# Russian and Azerbaijani Cyrillic (and the neighbours' letters) to what the Azerbaijani Latin spelling folds to.
_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдежзиклмнопрстуфхчшщыэ", "abvgdejziklmnoprstufhcssie", strict=True)),
        **dict(zip("әөүҝғҹһјієґқңұ", "eouggchiiegknu", strict=True)),
        **{"ц": "s", "ю": "iu", "я": "ia", "ъ": None, "ь": None},
    }
)
# English spellings of Azerbaijani sounds, and letters that stand for one sound in one script and two in another.
_SOUNDS = [("dzh", "c"), ("dj", "c"), ("zh", "c"), ("sh", "s"), ("ts", "s"), ("ch", "c"), ("kh", "h"), ("gh", "g")]
_SINGLE_SOUNDS = str.maketrans("jxqwy", "chgvi")
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The words of `text` as a search key: lower case, one script, no accents, single spaces.

    Latin and Cyrillic spellings of an Azerbaijani word meet ("Şuşa", "Шуша" and "Shusha" are all "susa"). Arabic
    script keeps its letters, in one form each: it does not write the vowels, so it is compared by `skeleton`.
    """
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold()).translate(_LETTERS)
    text = "".join(letter for letter in text if not unicodedata.combining(letter)).translate(_CYRILLIC)
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    text = _DOUBLED.sub(r"\1", text.translate(_SINGLE_SOUNDS))
    return " ".join(_WORD.findall(text))


# Arabic letters as Azerbaijani uses them; what may be read as a vowel falls away, as the Latin vowels, v and h do.
_CONSONANTS = str.maketrans(
    {
        **dict(zip("بپتطثسصجچدذزضظرژشغفقکگلمن", "bpttsssccdzzzzrcsgfgkglmn", strict=True)),
        **dict.fromkeys("اویهعءئحخ"),
        **dict.fromkeys("aeiouvh"),
    }
)


def skeleton(word: str) -> str:
    """The consonants of one folded word, by which its Latin and its Arabic spelling meet: "bakı", "باکی" → "bk"."""
    return _DOUBLED.sub(r"\1", word.translate(_CONSONANTS))


def _is_arabic(word: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in word)


# A skeleton in a search text is led by the script it was taken from.
_FROM_ARABIC, _FROM_ANY = "^", "~"


def search_text(*parts: str) -> str:
    """What an event is found by: its folded words, then the skeletons of the words, each led by a mark."""
    words = dict.fromkeys(fold(" ".join(parts)).split())
    marked = dict.fromkeys(
        _marked(mark, bones)
        for word in words
        if len(bones := skeleton(word)) > 1
        for mark in (_FROM_ANY, _FROM_ARABIC)
        if mark == _FROM_ANY or _is_arabic(word)
    )
    return " ".join([*words, *marked])


def search_terms(query: str) -> list[tuple[str, ...]]:
    """For each word of `query` the keys of which one must be contained in the `search_text` of what is found."""
    return [_alternatives(word) for word in dict.fromkeys(fold(query).split())]


def _marked(mark: str, bones: str) -> str:
    """A mark before each letter, so that no word of the alphabet is found inside a skeleton."""
    return "".join(mark + letter for letter in bones)


def _alternatives(word: str) -> tuple[str, ...]:
    bones = skeleton(word)
    if _is_arabic(word):
        return (word, _marked(_FROM_ANY, bones)) if len(bones) > 1 else (word,)
    return (word, _marked(_FROM_ARABIC, bones)) if len(bones) > 2 else (word,)


# Addresses and alphabets

_ROMAN = str.maketrans(
    {
        **dict.fromkeys("əǝƏƎ", "e"),
        **dict.fromkeys("ıIİ", "i"),
        "ß": "ss",
        **dict(zip("абвгдезийклмнопрстуфхыэәөүҝғҹһј", "abvgdeziyklmnoprstufhyeeouggchy", strict=True)),
        **{"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ъ": None, "ь": None},
    }
)


def slug(text: str, *, default: str, length: int = 60) -> str:
    """`text` as lower-case ASCII words joined by hyphens, at most `length` long; `default` where nothing is left."""
    text = unicodedata.normalize("NFC", text.translate(_ROMAN).casefold()).translate(_ROMAN)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", text))[:length].strip("-") or default


_ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz",
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}
_TURKIC_CASE = str.maketrans("Iİ", "ıi")


def sort_key(text: str, language: str) -> list[tuple[int, int]]:
    """A key that orders `text` by the alphabet of `language`; letters foreign to it stand beside their plain form."""
    lower = text.translate(_TURKIC_CASE).lower() if language in {"az", "tr"} else text.lower()
    alphabet = _ALPHABETS.get(language, "")
    return [_place(letter, alphabet) for letter in unicodedata.normalize("NFC", lower)]


def _place(letter: str, alphabet: str) -> tuple[int, int]:
    if letter in alphabet:
        return (1000 + alphabet.index(letter), 0)
    plain = unicodedata.normalize("NFKD", letter)[0]
    if plain in alphabet:
        return (1000 + alphabet.index(plain), ord(letter))
    return (
        ord(plain) if alphabet and not plain.isalpha() else 2000 + ord(plain),
        ord(letter) if letter != plain else 0,
    )
