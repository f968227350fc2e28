"""Ready-made reasons: in which language they stand, who writes them, and what a new desk begins with."""

import importlib

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from events import text
from events.models import Reason, Wording
from events.models.reason import find_reasons
from tests.factories import make_moderator
from tests.reading import text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

HOME = "/admin/events/reason/"
first = importlib.import_module("events.migrations.0005_reasons")


@pytest.fixture(autouse=True)
def empty():
    Reason.objects.all().delete()  # those that the migration wrote


@pytest.fixture
def chief():
    return sign_in(Client(), User.objects.create_superuser("chief", password="sample"))


def make_reason(*languages, position=1, name="Which hall"):
    reason = Reason.objects.create(position=position)
    for language in languages:
        Wording.objects.create(reason=reason, language=language, name=f"{name} ({language})", text=f"Text {language}")
    return reason


def wordings_of(reason):
    return {wording.language: (wording.name, wording.text) for wording in reason.wordings.all()}


def typed(reason=None, **wordings):
    """What the form sends: for each language its name and text, empty where there is none."""
    known = {wording.language: wording for wording in reason.wordings.all()} if reason else {}
    languages = [*known, *(code for code, _name in settings.LANGUAGES if code not in known)]
    data = {"position": "3", "wordings-TOTAL_FORMS": "4", "wordings-INITIAL_FORMS": str(len(known))}
    for number, language in enumerate(languages):
        name, words = wordings.get(language, ("", ""))
        values = {"language": language, "name": name, "text": words, "id": getattr(known.get(language), "pk", "")}
        data |= {f"wordings-{number}-{field}": value for field, value in values.items()}
        data |= {f"wordings-{number}-reason": reason.pk if reason else ""}
    return data


# What a moderator finds, and an organiser gets


@pytest.mark.parametrize(
    ("written", "wanted", "shown"),
    [
        (["az", "en", "ru", "tr"], "tr", "tr"),
        (["az", "en", "ru"], "tr", "en"),
        (["ru", "az"], "tr", "ru"),
        (["az", "en"], "de", "en"),
    ],
)
def test_what_nobody_wrote_in_a_language_stands_there_in_english_or_in_what_there_is(written, wanted, shown):
    reason = make_reason(*written)

    assert find_reasons(name_language="az", text_language=wanted)[0].text == f"Text {shown}"
    assert find_reasons(name_language=wanted, text_language="az")[0] == (
        reason.pk,
        f"Which hall ({shown})",
        "Text az" if "az" in written else "Text en",
    )


def test_they_stand_in_their_order_and_cost_one_query_however_many(django_assert_num_queries):
    for position in (3, 1, 2):
        make_reason("en", "az", position=position, name=f"Reason {position}")
    make_reason(position=1)  # with nothing written in it: nothing to choose

    with django_assert_num_queries(1):
        found = find_reasons(name_language="en", text_language="az")

    assert [reason.name for reason in found] == ["Reason 1 (en)", "Reason 2 (en)", "Reason 3 (en)"]


def test_a_new_desk_begins_with_eight_in_all_four_languages():
    first.write_reasons(apps, None)

    for language in ("az", "en", "ru", "tr"):
        found = find_reasons(name_language=language, text_language=language)
        assert len({name for _pk, name, _text in found}) == len({words for *_rest, words in found}) == 8
    assert Wording.objects.count() == 32
    for wording in Wording.objects.all():
        wording.full_clean()
        assert (wording.name, wording.text) == (text.clean_line(wording.name), text.clean_text(wording.text))


# In the admin


def test_a_superuser_writes_a_reason_in_the_languages_they_know(chief):
    words = {"en": ("Which hall", "Which hall is it in?"), "az": ("Hansı zal", "Tədbir hansı zaldadır?")}

    answer = chief.post(f"{HOME}add/", typed(**words), follow=True)

    assert wordings_of(Reason.objects.get()) == words
    row = text_of(answer.text)
    assert "Which hall" in row
    assert "Русский, Türkçe" in row


def test_the_form_offers_each_missing_language_once(chief):
    reason = make_reason("en", "ru")

    page = chief.get(f"{HOME}{reason.pk}/change/").context["inline_admin_formsets"][0].formset

    assert [form["language"].value() for form in page.forms] == ["en", "ru", "az", "tr"]
    chief.post(f"{HOME}{reason.pk}/change/", typed(reason, en=("A", "B"), ru=("C", "D"), tr=("E", "F")))
    assert wordings_of(reason) == {"en": ("A", "B"), "ru": ("C", "D"), "tr": ("E", "F")}


def test_a_reason_must_be_written_in_one_language_at_least(chief):
    answer = chief.post(f"{HOME}add/", typed())
    assert "Write the reason in one language at least." in answer.text

    reason = make_reason("en")
    last = typed(reason, en=("Which hall (en)", "Text en")) | {"wordings-0-DELETE": "on"}
    answer = chief.post(f"{HOME}{reason.pk}/change/", last)
    assert "Write the reason in one language at least." in answer.text
    assert Reason.objects.get() == reason
    assert wordings_of(reason)


def test_half_a_wording_is_asked_for_and_no_language_comes_twice(chief):
    answer = chief.post(f"{HOME}add/", typed(en=("Which hall", "")))
    assert "This field is required." in answer.text

    twice = typed(az=("A", "B"), en=("C", "D")) | {"wordings-1-language": "az"}
    assert chief.post(f"{HOME}add/", twice).status_code == 200
    assert not Reason.objects.exists()


def test_what_nobody_can_have_typed_does_not_get_into_a_reason(chief):
    answer = chief.post(f"{HOME}add/", typed(en=("Which\x00 hall", "Text")))

    assert "cannot be shown" in answer.text
    chief.post(f"{HOME}add/", typed(en=("  Which   hall ", "Text\r\n\r\n\r\n\r\nmore\u202e")))
    assert wordings_of(Reason.objects.get()) == {"en": ("Which hall", "Text\n\nmore")}


@pytest.mark.parametrize(("language", "name"), [("az", "Which hall (az)"), ("ru", "Which hall (en)")])
def test_the_list_names_reasons_in_the_readers_language(chief, language, name):
    make_reason("az", "en")
    chief.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert name in chief.get(HOME).text


def test_moderators_cannot_change_what_is_common_to_all():
    reason, browser = make_reason("en"), sign_in(Client(), make_moderator("DE"))

    for page in ("", "add/", f"{reason.pk}/change/", f"{reason.pk}/delete/", f"{reason.pk}/history/"):
        assert browser.get(HOME + page).status_code == 403
    browser.post(f"{HOME}{reason.pk}/change/", typed(reason, en=("Forged", "Forged")))
    browser.post(HOME, {"action": "delete_selected", "_selected_action": reason.pk, "post": "yes"})
    assert wordings_of(reason) == {"en": ("Which hall (en)", "Text en")}
    assert HOME not in browser.get("/admin/").text
