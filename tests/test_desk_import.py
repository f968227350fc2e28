"""Bringing a file of events to the desk: what the moderator is told of it, and what is there afterwards."""

import csv
import re
import zipfile
from datetime import date, timedelta
from functools import partial
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events import moderation
from events.forms import imported
from events.forms.event import EventForm
from events.forms.upload import MOST_BYTES, MOST_LINES
from events.models import Event, Moderator, Status, Step, Verb
from tests.factories import make_city, make_event, make_moderator
from tests.staff import sign_in
from tests.test_race import at_once

pytestmark = pytest.mark.django_db

PAGE, LIST = "/admin/events/event/import/", "/admin/events/event/"
COLUMNS = "title,kind,country,city,start_date,organiser,source_url"
GOOD = "Sample evening,evening,DE,Berlin,2026-12-31,Sample Association,https://example.org/report"
FRENCH = "Soirée,evening,FR,Paris,2026-12-31,Sample Association,https://example.org/report"


@pytest.fixture(autouse=True)
def berlin():
    return make_city()


@pytest.fixture
def german():
    return make_moderator("DE")


@pytest.fixture
def desk(german):
    return sign_in(Client(), german)


@pytest.fixture
def chief():
    return sign_in(Client(), User.objects.create_superuser("chief", password="sample"))


def choose(client, *lines, data=None, name="events.csv"):
    """The answer to a file of these lines, or of these very bytes."""
    content = "\n".join(lines).encode() if data is None else data
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def sealed_in(answer):
    found = re.search(r'name="sealed" value="([^"]*)"', answer.text)
    return unescape(found[1]) if found else None


def confirm(client, answer):
    return client.post(PAGE, {"sealed": sealed_in(answer)}, follow=True)


def words(answer):
    """What one reads on the page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


# Three steps


def test_the_page_says_which_columns_there_are_and_gives_an_empty_table(desk):
    page = desk.get(PAGE)
    table = desk.get(f"{PAGE}example.csv")

    assert "https://" not in table.text
    assert table.content.decode("utf-8-sig").strip() == ",".join(imported.COLUMNS)
    assert table.headers["Content-Disposition"] == 'attachment; filename="events.csv"'
    assert f'href="{PAGE}example.csv"' in page.text
    for name in imported.COLUMNS:
        assert f"<code>{name}</code>" in page.text
    assert "Give one of these: concert, evening," in page.text
    assert f"at most {MOST_LINES} lines" in page.text


def test_a_file_is_shown_as_it_will_be_stored_and_nothing_is_stored_yet(desk):
    make_event(title="Known", start_date=date(2026, 12, 31))
    known = GOOD.replace("Sample evening", "Known")

    answer = choose(desk, f"{COLUMNS},status", f"{GOOD},published", f"{known},pending")

    assert "1 new event. 1 is there already and stays as it is. Columns that are not read: status." in words(answer)
    assert "2 Sample evening 2026-12-31 Berlin Germany Sample Association" in words(answer)
    assert 'value="Import 1 event"' in answer.text
    assert Event.objects.count() == 1


def test_a_confirmed_file_waits_in_the_queue_and_the_history_says_who_brought_it(desk, german):
    answer = confirm(desk, choose(desk, COLUMNS, GOOD, GOOD.replace("Sample evening", "Another evening")))

    assert answer.redirect_chain == [(LIST, 302)]
    assert "2 events were imported and wait." in answer.text
    assert {event.status for event in Event.objects.all()} == {Status.PENDING}
    assert {(step.verb, step.by) for step in Step.objects.all()} == {(Verb.IMPORT, german)}


def test_a_file_with_bad_lines_imports_nothing_and_names_each(desk):
    bad = [GOOD.replace("2026-12-31", "31.12.2026"), GOOD.replace("evening,DE", "dance,DE"), f"{GOOD},more"]

    answer = choose(desk, COLUMNS, GOOD, *bad, GOOD.replace("Sample evening", "Another evening"))

    assert "3 lines are bad, and so nothing is imported." in words(answer)
    assert "Line 3 start_date: Write the date as 2026-12-31." in words(answer)
    assert "Line 4 kind: Give one of these: concert, evening," in words(answer)
    assert "Line 5 The line has 8 cells, but there are 7 columns." in words(answer)
    assert "2 new events." in words(answer)
    assert sealed_in(answer) is None
    assert 'name="file"' in answer.text  # to choose the mended one
    assert not Event.objects.exists()


def test_every_bad_line_is_named_however_many(desk):
    answer = choose(desk, COLUMNS, *[GOOD.replace("DE", "XX")] * 300)

    assert [int(number) for number in re.findall(r"<strong>Line (\d+)</strong>", answer.text)] == [*range(2, 302)]


def test_of_a_long_file_the_first_lines_are_shown_and_all_are_imported(desk):
    answer = choose(desk, COLUMNS, *(GOOD.replace("Sample evening", f"Evening no. {number}") for number in range(30)))

    assert "The first 20 of them, as they will be stored" in words(answer)
    assert "Evening no. 19" in answer.text
    assert "Evening no. 20" not in answer.text
    confirm(desk, answer)
    assert Event.objects.count() == 30


def test_a_file_of_known_events_alone_has_nothing_to_confirm(desk):
    confirm(desk, choose(desk, COLUMNS, GOOD))

    answer = choose(desk, COLUMNS, GOOD)

    assert "0 new events. 1 is there already" in words(answer)
    assert sealed_in(answer) is None


def test_confirming_twice_imports_once(desk):
    preview = choose(desk, COLUMNS, GOOD)

    confirm(desk, preview)
    again = confirm(desk, preview)

    assert "0 events were imported and wait." in again.text
    assert "Already there: 1." in again.text
    assert Event.objects.count() == 1


def test_what_happened_since_the_preview_is_heeded(desk):
    preview = choose(desk, COLUMNS, GOOD, GOOD.replace("Sample evening", "Another evening"))
    make_event(title="SAMPLE evening", start_date=date(2026, 12, 31))

    answer = confirm(desk, preview)

    assert "1 event was imported and waits." in answer.text
    assert {event.title for event in Event.objects.all()} == {"SAMPLE evening", "Another evening"}


def test_a_title_that_went_out_behind_an_apostrophe_comes_in_without(desk):
    confirm(desk, choose(desk, COLUMNS, GOOD.replace("Sample evening", "'=Sample+evening")))

    assert Event.objects.get().title == "=Sample+evening"


# Whose countries


def test_a_line_of_a_foreign_country_is_bad_and_tells_nothing_of_what_is_there(desk):
    make_event(title="Soirée", country="FR", city="Paris", zone="Europe/Paris", start_date=date(2026, 12, 31))

    answers = [choose(desk, COLUMNS, GOOD, line) for line in (FRENCH, FRENCH.replace("Soirée", "Nobody knows"))]

    for answer in answers:
        assert "Line 3 country: France is not one of your countries." in words(answer)
        assert "already" not in words(answer).split("Choose another file")[0]
        assert sealed_in(answer) is None
    assert words(answers[0]) == words(answers[1])


def test_a_foreign_line_has_no_reason_but_its_country(desk):
    answer = choose(desk, COLUMNS, FRENCH.replace("2026-12-31", "x"))

    assert "Line 2 country: France is not one of your countries. 0 new events." in words(answer)


def test_superusers_import_everywhere(chief):
    confirm(chief, choose(chief, COLUMNS, GOOD, FRENCH))

    assert {str(event.country) for event in Event.objects.all()} == {"DE", "FR"}


def test_a_country_that_was_taken_away_since_the_preview_is_foreign(desk, german):
    preview = choose(desk, COLUMNS, GOOD)
    Moderator.objects.filter(user=german).update(countries="FR")

    answer = confirm(desk, preview)

    assert "Germany is not one of your countries." in answer.text
    assert not Event.objects.exists()


def test_the_verb_itself_refuses_foreign_events(german):
    (line,) = imported.judge(imported.read(f"{COLUMNS}\n{FRENCH}".encode()))

    with pytest.raises(moderation.NotAllowed):
        moderation.add_all([line.event], status=Status.PENDING, by=german)
    assert not Event.objects.exists()


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}example.csv"])
def test_nobody_without_a_country_gets_there(address):
    assert sign_in(Client(), make_moderator()).get(address).status_code == 403
    assert Client().get(address).headers["Location"].startswith("/admin/login/")


def test_nobody_without_a_country_imports_anything(desk):
    preview = choose(desk, COLUMNS, GOOD)

    for client, status in {sign_in(Client(), make_moderator()): 403, Client(): 302}.items():
        assert choose(client, COLUMNS, GOOD).status_code == status
        assert client.post(PAGE, {"sealed": sealed_in(preview)}).status_code == status
    assert not Event.objects.exists()


# The sealed file


def test_a_preview_is_good_for_an_hour(desk, clock):
    preview = choose(desk, COLUMNS, GOOD)
    clock.shift(timedelta(minutes=61))

    answer = confirm(desk, preview)

    assert "open for more than an hour" in answer.text
    assert not Event.objects.exists()


def test_a_preview_is_good_for_who_saw_it_alone_and_as_it_was(desk, chief):
    sealed = sealed_in(choose(desk, COLUMNS, GOOD))

    for client, value in ((chief, sealed), (desk, f"x{sealed}"), (desk, ""), (desk, "\0"), (desk, "ə:1:2")):
        answer = client.post(PAGE, {"sealed": value}, follow=True)
        assert "Choose the file again." in answer.text
    assert not Event.objects.exists()


def test_the_longest_file_that_is_taken_comes_through_the_confirmation(desk):
    letters = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(4_900))
    line = f'Evening no. {{}},evening,DE,Berlin,2026-12-31,Sample Association,https://example.org,"{letters}"'

    preview = choose(desk, f"{COLUMNS},description", *(line.format(number) for number in range(65)))

    assert 65 * len(letters.encode()) > MOST_BYTES * 0.9
    confirm(desk, preview)
    assert Event.objects.count() == 65


@pytest.mark.django_db(transaction=True)
def test_confirming_twice_at_once_imports_once(german):
    for number in range(8):
        desks = [sign_in(Client(), german) for _tab in range(2)]
        title = f"Evening of round {number}"
        data = {"sealed": sealed_in(choose(desks[0], COLUMNS, GOOD.replace("Sample evening", title)))}

        answers = at_once(*(partial(desk.post, PAGE, data) for desk in desks))

        assert [answer.status_code for answer in answers] == [302, 302]
        assert Event.objects.get(title=title).steps.count() == 1


# Files of any kind


def bomb():
    """A workbook of a few kilobytes that holds 100 MB."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return archive.getvalue()


HOSTILE = {
    "nothing": (b"", "empty"),
    "blank lines": (b"\n\n\n", "does not begin with a line that names the columns"),
    "only the columns": (COLUMNS.encode(), "Under the names of the columns the file has no line."),
    "too large": (b"x" * (MOST_BYTES + 1), "larger than 1 MB"),
    "two hundred megabytes": (b"x" * 200_000_000, "larger than 1 MB"),
    "a bomb": (bomb(), "This is a workbook."),
    "binary": (bytes(range(256)) * 100, "is not in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000, "is not in UTF-8"),
    "UTF-16": (f"{COLUMNS}\n{GOOD}".encode("utf-16"), "is not in UTF-8"),
    "UTF-16 without its mark": (f"{COLUMNS}\n{GOOD}".encode("utf-16-le"), "names the columns"),
    "NUL": (f"{COLUMNS}\n{GOOD}".replace("Berlin", "Ber\0lin").encode(), "cannot be shown"),
    "one long cell": (f"{COLUMNS}\n{GOOD}".replace("Berlin", "B" * 900_000).encode(), "cannot be split into columns"),
    "a long title": (f"{COLUMNS}\n{GOOD}".replace("Sample evening", "B" * 130_000).encode(), "at most 120 characters"),
    "200,000 columns": ((COLUMNS + ",a,b,c,d" * 50_000).encode(), "200007 columns, which are too many"),
    "100,000 cells": ((f"{COLUMNS}\n{GOOD}" + "," * 100_000).encode(), "but there are 7 columns"),
    "an open quotation mark": (f'{COLUMNS}\n"{GOOD}\n{GOOD}'.encode(), "quotation marks"),
    "too many lines": (f"{COLUMNS}\n{GOOD}\n".encode() + b"x\n" * 300_000, f"more than {MOST_LINES} lines"),
    "200 languages, often": (
        f"{COLUMNS},languages\n{GOOD},{'zu;' * 40_000}{'no;' * 3}x-nobody".encode(),
        "languages: Give the codes",
    ),
    "markup": (f"{COLUMNS},<script>alert(1)</script>\n{GOOD}".encode(), "Unknown column: &lt;script&gt;"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_file_it_is_the_page_says_in_words_what_is_wrong(desk, what):
    data, reason = HOSTILE[what]

    answer = choose(desk, data=data)

    assert answer.status_code == 200
    assert reason in answer.text
    assert sealed_in(answer) is None
    assert not Event.objects.exists()


@pytest.mark.parametrize("data", [{}, {"file": "no file"}])
def test_a_form_without_a_file_asks_for_one(desk, data):
    assert "Choose a file." in desk.post(PAGE, data).text


@pytest.mark.parametrize("name", ["=1+1.csv", "<b>.csv", "ə\u202e.csv", "x" * 300])
def test_the_name_of_a_file_does_no_harm(desk, name):
    answer = choose(desk, COLUMNS, GOOD, name=name)

    assert answer.status_code == 200
    assert "<b>" not in answer.text
    assert "\u202e" not in answer.text


# The columns


def test_every_field_of_an_event_can_be_imported():
    """What is new in the form is in files too; a line has no picture, and a form no source."""
    assert {*imported.COLUMNS} == {*EventForm.Meta.fields} - {"image_alt"} | {"source_url"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "x" * 121),
        ("kind", "dance"),
        ("format", "x"),
        ("format", "online"),  # without a link, in a row that is not reported
        ("admission", "x"),
        ("address_visibility", "x"),
        ("latitude", "91"),
        ("latitude", "nan"),
        ("end_date", "2026-12-30"),
        ("city", ""),
        ("contact_email", '"a,b"@example.org'),
        ("contact_email", "=?utf-8?q?=61?=@example.org"),
        ("zone", "Mars/Olympus"),
    ],
)
def test_what_the_database_would_refuse_is_a_bad_line_already(column, value, berlin):
    row = dict.fromkeys(imported.COLUMNS, "")
    row |= {"title": "Sample", "kind": "evening", "format": "in_person", "country": "DE", "city": "Berlin"}
    row |= {"start_date": "2026-12-31", "organiser": "Sample", "contact_email": "a@example.org"}
    row |= {"address_visibility": "public", column: value}
    table = StringIO(newline="")
    csv.writer(table).writerows([row.keys(), row.values()])

    (line,) = imported.judge(imported.read(table.getvalue().encode()))

    assert line.reasons
