"""What a moderator takes along from the desk as a file: theirs, all of it, and in a form that comes in again."""

import csv
import re
from datetime import date, time
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from events.admin.export import HEADINGS
from events.models import Event, Status
from tests.factories import make_city, make_event, make_moderator
from tests.office import open_table
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"
ADDRESSES = {"csv": f"{LIST}export/csv/", "xlsx": f"{LIST}export/xlsx/"}
ALL = "?state=all"  # of the list, whatever state events are in
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "Evening;=1+1;"]


@pytest.fixture
def german_desk():
    return sign_in(Client(), make_moderator("DE"))


@pytest.fixture
def chief():
    return sign_in(Client(), User.objects.create_superuser("chief", password="sample"))


def read(answer):
    """The rows of the file, by the names of their columns."""
    assert answer.status_code == 200, answer.headers
    if answer.headers["Content-Type"].startswith("text/csv"):
        return [*csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline=""))]
    headings, *rows = load_workbook(BytesIO(answer.content)).active.values
    return [dict(zip(headings, row, strict=True)) for row in rows]


def titles(answer):
    return {row["title"] for row in read(answer)}


@pytest.fixture
def everywhere():
    """Waiting events in two countries, the foreign one with a sentinel in whatever could be told of it."""
    fields = {"title": "Sentinel title", "contact_email": "sentinel@example.org", "organiser": "Sentinel Association"}
    fields |= {"contact_name": "Sentinel Person", "venue": "Sentinelhouse", "description": "Sentinel text"}
    fields |= {"image": "5e5e", "image_alt": "Sentinel picture", "image_width": 640, "image_height": 480}
    make_event(country="FR", city="Paris", zone="Europe/Paris", status=Status.PENDING, **fields)
    return make_event(title="Own evening", status=Status.PENDING)


# What is in it


@pytest.mark.parametrize("format", ADDRESSES)
def test_a_file_holds_all_that_moderators_know_of_an_event(german_desk, format):
    make_event(
        title="Həmrəylik gecəsi",
        description="An *evening*.\n\n- tea",
        address="Sample Street 12",
        address_visibility="on_request",
        status=Status.PENDING,
        latitude=52.5,
        longitude=-13.4,
    )

    (row,) = read(german_desk.get(ADDRESSES[format] + ALL))

    assert row.keys() == {*HEADINGS}
    assert (row["title"], row["contact_email"]) == ("Həmrəylik gecəsi", "private@example.org")
    assert (row["address"], row["status"], row["country"]) == ("Sample Street 12", "pending", "DE")
    assert row["description"] == "An *evening*.\n\n'- tea"
    assert (float(row["latitude"]), float(row["longitude"])) == (52.5, -13.4)
    start = ("2026-12-27", "19:00") if format == "csv" else (date(2026, 12, 27), time(19, 0))
    assert (getattr(row["start_date"], "date", lambda: row["start_date"])(), row["start_time"]) == start


def test_a_file_is_named_by_its_day_and_countries_and_kept_by_no_browser(german_desk, chief, everywhere):
    answer = german_desk.get(ADDRESSES["csv"])

    assert answer.headers["Content-Disposition"] == 'attachment; filename="events-DE-2026-11-22.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'filename="events-all-2026-11-22.xlsx"' in chief.get(ADDRESSES["xlsx"]).headers["Content-Disposition"]
    many = sign_in(Client(), make_moderator("AT", "CH", "DE", "FR", "IT", "NL"))
    assert 'filename="events-6-countries-2026-11-22.csv"' in many.get(ADDRESSES["csv"]).headers["Content-Disposition"]


@pytest.mark.parametrize("format", ADDRESSES)
def test_an_exported_file_opens_in_libreoffice_without_a_formula(chief, tmp_path, format):
    for title in FORMULAS:
        make_event(title=title, organiser=title, description=f"Tea\n{title}", status=Status.PENDING)
    path = tmp_path / f"events.{format}"
    path.write_bytes(chief.get(ADDRESSES[format] + ALL).content)

    table = open_table(path)

    shown = {row[0].text for row in table}
    assert {f"'{title}" for title in FORMULAS[:-1]} | {"Evening;'=1+1;"} <= shown
    assert not [cell for row in table for cell in row if cell.formula]


# Which events are in it


def test_a_file_holds_what_the_same_question_shows_on_all_pages_of_the_list(german_desk):
    for number in range(60):
        make_event(title=f"Waiting {number}", status=Status.PENDING, kind="film" if number < 55 else "concert")

    assert len(read(german_desk.get(f"{ADDRESSES['csv']}{ALL}&p=2"))) == 60
    assert len(read(german_desk.get(f"{ADDRESSES['csv']}{ALL}&kind=film"))) == 55
    assert titles(german_desk.get(f"{ADDRESSES['csv']}{ALL}&q=Waiting+59")) == {"Waiting 59"}


@pytest.mark.parametrize("question", ["", "?country=DE", "?q=evening", ALL])
def test_a_file_is_in_the_order_of_the_list(german_desk, question):
    for day in (date(2026, 12, 29), date(2026, 11, 20), date(2026, 12, 27), date(2026, 11, 21), date(2026, 12, 28)):
        make_event(title=f"Evening {day}", start_date=day, status=Status.PENDING)

    listed = re.findall(r'<h2><a href="\d+/change/[^"]*">([^<]*)</a>', german_desk.get(LIST + question).text)

    days = [title.removeprefix("Evening ") for title in listed]
    assert days == ["2026-12-27", "2026-12-28", "2026-12-29", "2026-11-20", "2026-11-21"]
    assert [row["title"] for row in read(german_desk.get(ADDRESSES["csv"] + question))] == listed


QUESTIONS = [
    "",
    "?q=Sentinel",
    "?q=sentinel@example.org",
    "?country=FR",
    "?kind=concert",
    ALL,
    f"{ALL}&q=Paris",
    "?o=1",
]


@pytest.mark.parametrize("format", ADDRESSES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_takes_anything_of_another_country_along(german_desk, everywhere, format, question):
    answer = german_desk.get(ADDRESSES[format] + question, follow=True)

    if answer.redirect_chain:  # a foreign country is one that the list does not know
        assert question == "?country=FR"
        assert "entinel" not in answer.text
    else:
        rows = read(answer)
        assert "entinel" not in str(rows)
        assert {row["title"] for row in rows} <= {"Own evening"}


def test_superusers_take_along_all_countries(chief, everywhere):
    assert titles(chief.get(ADDRESSES["csv"] + ALL)) == {"Sentinel title", "Own evening"}


@pytest.mark.parametrize("format", ADDRESSES)
def test_nobody_else_gets_a_file(everywhere, format):
    without_country = sign_in(Client(), make_moderator())
    visitor = Client()

    assert without_country.get(ADDRESSES[format]).status_code == 403
    assert visitor.get(ADDRESSES[format]).headers["Location"].startswith("/admin/login/")


def test_a_file_is_only_asked_for_and_only_of_a_known_sort(german_desk):
    assert german_desk.post(ADDRESSES["csv"]).status_code == 405
    assert german_desk.get(f"{LIST}export/ods/").status_code == 404


@pytest.mark.parametrize(
    "question",
    ["?country=FR", "?state=x", "?edition=x", "?edition=99999999999999999999", "?date_from=x", "?city=%00", "?q=%00"],
)
def test_a_question_that_cannot_be_asked_leads_back_to_the_list_in_words(german_desk, everywhere, question):
    answer = german_desk.get(ADDRESSES["csv"] + question)

    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    assert "nothing was exported" in german_desk.get(LIST).text


@pytest.mark.parametrize("question", ["?title__regex=(", "?p=x", "?p=99", "?o=x", "?e=1", "?_popup=1"])
def test_what_asks_the_list_nothing_changes_no_file(german_desk, everywhere, question):
    assert titles(german_desk.get(ADDRESSES["csv"] + question)) == {"Own evening"}


# What becomes of it


def test_an_exported_file_comes_in_again_as_it_went_out(chief, tmp_path):
    place = make_city()
    fields = {"place": place, "latitude": place.latitude, "longitude": place.longitude}
    for day, title in enumerate((*FORMULAS, "Həmrəylik gecəsi", "'=1+1"), 1):
        words = {"title": title, "description": "Tea\n- music\n=1", "public_contact": "a@example.org; +49 30"}
        make_event(**words, **fields, start_date=date(2026, 12, day))
    before = [*Event.objects.order_by("pk").values(*HEADINGS[:-7])]
    path = tmp_path / "events.csv"
    path.write_bytes(chief.get(ADDRESSES["csv"] + ALL).content)
    said = StringIO()

    call_command("importevents", path, stdout=said)
    assert f"Imported as pending: 0. Already there: {len(before)}." in said.getvalue()
    Event.objects.all().delete()
    call_command("importevents", path, publish=True, stdout=said)

    key = lambda row: row["title"]  # noqa: E731
    assert sorted(Event.objects.values(*HEADINGS[:-7]), key=key) == sorted(before, key=key)
    assert "Not read: image_alt, status" in said.getvalue()


def test_ten_times_as_many_events_need_no_more_questions_to_the_database(german_desk):
    counts = []
    for number in (3, 27):
        for _event in range(number):
            make_event(status=Status.PENDING)
        with CaptureQueriesContext(connection) as queries:
            assert len(read(german_desk.get(ADDRESSES["csv"] + ALL))) >= number
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12
