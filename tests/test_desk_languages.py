"""The desk in the languages of the site: nothing stays English, and numbers and names stand in their places."""

import ast
import re
from functools import cache
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from post_office.models import Email

from events import amendments, digest, reports
from events.models import Moderator, Status, apply_changes
from tests.factories import make_event, make_moderator
from tests.sentences import (
    BASE,
    TRANSLATED,
    Sentence,
    find_kind,
    find_sentences,
    find_translations,
    forms_of,
    messages_of,
)
from tests.staff import sign_in

# What a moderator reads is said here. Of the forms for visitors, the labels head the comparison and the filters, and
# what is wrong in a line of an imported file is said by their fields. Of the pages for visitors there is a preview.
PLACES = (
    *("templates/admin/**/*.html", "templates/mail/*.txt", "events/admin/*.py", "events/models/*.py"),
    *("events/views/desk.py", "events/views/staff.py", "events/feeds/links.py"),
    *(
        f"events/{name}.py"
        for name in ("amendments", "apps", "digest", "inspection", "limits", "merging", "moderation", "moves")
    ),
    *(f"events/{name}.py" for name in ("queue", "reports", "staff", "tables", "trust")),
    *(f"events/forms/{name}.py" for name in ("bulk", "case", "comparison", "decision", "imported", "staff", "upload")),
    *(f"events/forms/{name}.py" for name in ("choices", "event", "fields", "search", "when_and_where")),
    *(f"templates/events/_{name}.html" for name in ("event_article", "event", "condition", "when", "where", "place")),
    *(f"templates/events/_{name}.html" for name in ("baku_time", "calendar_links", "share", "words")),
)

DOTLESS = ("Irak", "Indian/", "It is not clear")  # the country in Turkish, time zones, a ready-made reason in English

# Words that a language writes as English does.
ALIKE = {"az": {"Format", "Spam", "format", "moderator"}, "ru": set(), "tr": {"Spam"}}


@cache
def sentences():
    return find_sentences(*PLACES)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_of_the_desk_is_translated(code):
    missing = [sentence for sentence in sentences() if not all(find_translations(sentence, code))]

    assert len(sentences()) > 500
    assert sorted(sentence.text for sentence in missing) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_a_copy_of_the_english_words(code):
    alike = {sentence.text for sentence in sentences() if sentence.text in find_translations(sentence, code)}

    assert alike == ALIKE[code]


def test_no_sentence_hides_in_the_braces_of_a_string_where_it_is_not_collected():
    hidden = [
        f"{file.relative_to(BASE)}:{node.lineno}"
        for file in (BASE / "events").rglob("*.py")
        for string in ast.walk(ast.parse(file.read_text()))
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if find_kind(node)
    ]

    assert hidden == []


PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|%(?!\()")


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_translation_has_the_placeholders_of_its_sentence(code):
    for message in messages_of(code):
        english = message.id[-1] if message.pluralizable else message.id  # one form may be for 1 and for 21
        for form in forms_of(message):
            assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(english)), message.id


# Numbers


RUSSIAN = {1: "1 мероприятие ждёт", 2: "2 мероприятия ждут", 5: "5 мероприятий ждут", 21: "21 мероприятие ждёт"}


@pytest.mark.parametrize("n", RUSSIAN)
def test_russian_numbers_have_their_own_words(n):
    with translation.override("ru"):
        assert ngettext("%(n)s event waits", "%(n)s events wait", n) % {"n": n} == RUSSIAN[n]


def test_every_russian_number_has_three_forms():
    by_number = [message for message in messages_of("ru") if message.pluralizable]

    assert {len(forms_of(message)) for message in by_number} == {3}


@pytest.mark.parametrize("code", ["az", "tr"])
def test_azerbaijani_and_turkish_keep_the_singular_after_a_number(code):
    by_number = [forms_of(message) for message in messages_of(code) if message.pluralizable]

    assert [forms for forms in by_number if len(set(forms)) > 1] == []


def test_a_word_that_is_also_counted_is_translated_without_a_number():
    with translation.override("ru"):
        assert [gettext("event"), gettext("country"), gettext("city")] == ["мероприятие", "страна", "город"]


# Pages and letters


def stays_english(sentence: Sentence, page: str, shown: set[str]) -> bool:
    """Whether it stands on the page as it is, or the longest piece of it between placeholders, if that is no word."""
    if sentence.text in shown:
        return True
    piece = max(PLACEHOLDER.split(sentence.text), key=len).strip()
    return " " in piece and piece in page


def find_english(page: str, code) -> list[str]:
    """Sentences of ours that stand on a page, or in a letter, in English."""
    page = re.sub("<code>.*?</code>", "", unescape(page))  # names of columns
    shown = {text.strip() for text in re.findall(r"[^<>]+", page)}
    other = (sentence for sentence in sentences() if sentence.text not in ALIKE[code])
    return sorted({sentence.text for sentence in other if stays_english(sentence, page, shown)})


def find_dotless(page: str) -> list[str]:
    """What begins with an I that should be an İ: Django makes first letters large without regard to the language."""
    return [text for text in re.findall(r">\s*(I[a-zəğöşüç][^<]*)", page) if not text.startswith(DOTLESS)]


@pytest.fixture
def chief():
    return User.objects.create_superuser("chief", "chief@example.org", "sample")


@pytest.fixture
def pages(chief, code):
    """Addresses of the desk, with something on each of them to be said."""
    waiting = make_event(status=Status.PENDING, title="Gecə", contact_language=code)
    double = make_event(title="Gecə", description="http://example.org/", contact_language=code)
    amendments.propose(double, apply_changes(double, {"venue": "Zal"}), version=double.version, proposal=0)
    reports.add(double, subject="wrong", text="Vaxt")
    make_moderator("DE", "FR")
    page = f"events/event/{waiting.pk}/change/"
    two = f"event={waiting.pk}:1&event={double.pk}:{double.version}"
    return [
        *("", "events/", "events/event/", "events/event/?city=Nowhere", "events/event/?state=all&flag=soon", page),
        *(f"events/event/{double.pk}/change/", f"events/event/{waiting.pk}/merge/{double.pk}/", "events/event/import/"),
        f"events/event/{waiting.pk}/preview/",
        *(f"events/event/bulk/?{deed}=1&{two}" for deed in ("_publish", "_decline", "_spam", "_reopen")),
        *("events/moderator/", "events/moderator/add/", "events/reason/", "events/reason/1/change/", "events/trust/"),
        *("events/directory/1/change/", "auth/user/", "post_office/email/"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("code", TRANSLATED)
def test_no_page_of_the_desk_says_anything_in_english(code, pages, chief):
    browser = sign_in(Client(), chief)
    browser.cookies["desk_language"] = code

    for path in pages:
        answer = browser.get(f"/admin/{path}")
        assert answer.status_code == 200, path
        assert f'<html lang="{code}"' in answer.text
        assert find_english(answer.text, code) == [], path
        assert find_dotless(answer.text) == [], path


@pytest.mark.django_db
@pytest.mark.parametrize("code", TRANSLATED)
def test_signing_in_says_nothing_in_english(code, chief):
    browser = Client(headers={"accept-language": code})

    first = browser.get("/admin/login/")
    browser.force_login(chief)
    second = browser.get("/admin/second-factor/"), browser.post("/admin/second-factor/", {"code": "1"})

    for answer in (first, *second):
        assert answer.status_code == 200
        assert find_english(answer.text, code) == find_dotless(answer.text) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", TRANSLATED)
def test_the_digest_says_nothing_in_english(code, pages, clock):
    moderator = Moderator.objects.select_related("user").get()
    moderator.user.email, moderator.language = "moderator@example.org", code
    clock.move_to(timezone.now().replace(hour=8))

    assert digest.queue_letter(moderator, now=timezone.now())
    letter = Email.objects.get()

    assert find_english(f"{letter.subject}\n{letter.message}", code) == []
