"""What the site says, read out of its code and templates, and what its catalogues make of it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

BASE = Path(settings.BASE_DIR)
TRANSLATED = ("az", "ru", "tr")


class Sentence(NamedTuple):
    """`many` is what it becomes by number, empty for most; the other languages may have more forms than two."""

    context: str | None
    text: str
    many: str


def find_sentences(*places: str) -> frozenset[Sentence]:
    """All that files say whose names fit one of these patterns."""
    files = {file for place in places for file in BASE.glob(place)}
    found = ((read_module if file.suffix == ".py" else read_template)(file) for file in files)
    return frozenset(sentence for sentences in found for sentence in sentences)


_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(np|n|p|)(?:gettext|_)\(({_LITERAL}(?:, {_LITERAL})*)")


def read_template(file: Path) -> Iterator[Sentence]:
    for kind, words in _CALL.findall(templatize(file.read_text())):
        yield _make_sentence(kind, [ast.literal_eval(word) for word in re.findall(_LITERAL, words)])


def read_module(file: Path) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and (kind := find_kind(node)):
            words = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            yield _make_sentence(kind.removesuffix("gettext"), words)


def find_kind(node: ast.AST) -> str | None:
    """Of a call that translates: gettext, ngettext, pgettext or npgettext."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    name = "gettext" if node.func.id == "_" else node.func.id.removesuffix("_lazy")
    return name if name in {"gettext", "ngettext", "pgettext", "npgettext"} else None


def _make_sentence(kind: str, words: list[str]) -> Sentence:
    context = words.pop(0) if "p" in kind else None
    return Sentence(context, words[0], words[1] if "n" in kind else "")


# What the catalogues make of it


@cache
def read_catalogue(code: str) -> Catalog:
    with (BASE / "locale" / code / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=code)


def messages_of(code: str) -> list[Message]:
    return [message for message in read_catalogue(code) if message.id]  # the first is the head


def forms_of(message: Message) -> tuple[str, ...]:
    """By number, or the one."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def find_translations(sentence: Sentence, code: str) -> tuple[str, ...]:
    """Its forms; an empty one where it is not translated."""
    message = read_catalogue(code).get(sentence.text, sentence.context)
    is_there = message and not message.fuzzy and (message.pluralizable or not sentence.many)
    return forms_of(message) if is_there else ("",)
