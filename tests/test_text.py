"""Whatever Unicode holds can be typed: it is cleaned, found and shown, or refused in words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import markdown, text

EVERYTHING = st.text(st.characters(codec=None), max_size=80)


@given(EVERYTHING)
def test_a_cleaned_line_is_one_line_of_characters_that_can_be_shown(typed):
    cleaned = text.clean_line(typed)

    assert not text.has_unshowable(cleaned)
    assert len(cleaned.splitlines()) <= 1
    assert cleaned == text.clean_line(cleaned) == unicodedata.normalize("NFC", cleaned).strip()


@given(EVERYTHING)
def test_cleaning_a_text_twice_changes_nothing(typed):
    cleaned = text.clean_text(typed)

    assert cleaned == text.clean_text(cleaned)
    cleaned.encode()


@given(EVERYTHING, EVERYTHING)
def test_what_is_written_is_found_by_each_of_its_words(typed, other):
    kept = text.search_text(typed, other)

    assert all(any(key in kept for key in keys) for keys in text.search_terms(typed))


@given(EVERYTHING)
def test_an_address_is_made_of_plain_letters(typed):
    made = text.slug(typed, default="event")

    assert made.isascii()
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(made) <= 60


@given(EVERYTHING, st.sampled_from(["az", "en", "ru", "tr"]))
def test_any_text_has_a_place_in_the_alphabet(typed, language):
    assert text.sort_key(typed, language) == text.sort_key(typed, language)
    sorted([typed, "Bakı"], key=lambda name: text.sort_key(name, language))


@given(EVERYTHING)
def test_rendered_markdown_holds_no_tag_but_the_allowed(typed):
    html = markdown.render(typed)

    for forbidden in ("<script", "<img", "<style", "<svg", "javascript:alert", "<h1"):
        assert forbidden not in html.replace("&lt;", "")


# Markdown without marks


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("An *evening* of **mugham**.\n\nTea.", "An evening of mugham.\n\nTea."),
        ("With:\n\n- tar\n- balaban", "With:\n\n– tar\n– balaban"),
        ("1. tea\n2. songs", "1. tea\n2. songs"),
        ("[Map](https://example.org/map)", "Map (https://example.org/map)"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("a\nb", "a\nb"),
        ("", ""),
    ],
)
def test_markdown_is_readable_where_there_is_no_html(source, words):
    assert markdown.to_text(source) == words
