"""Tables as files: that no program finds a formula in them, and that nothing else is lost."""

import csv
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from events.tables import MOST_LETTERS, defuse, read_csv, restore, write_csv, write_xlsx
from tests.office import open_table

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    '"=1+1"',
    "'=1+1",
    "＝1+1",
    "\u200d=1+1",
    "Evening;=1+1;",
    "Evening\n=1+1\n",
    'Evening;"=1+1;"',
    "Evening,=1+1,",
    "Evening\t=1+1\t",
]


def rows_of(texts):
    """Each text in a cell of its own, alone in its row and behind another one."""
    return [row for text in texts for row in ([text, "1"], ["Sample", text])]


@pytest.fixture
def file_of(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def formulas_in(table):
    return [cell.formula for row in table for cell in row if cell.formula]


# In LibreOffice


@pytest.mark.parametrize("separator", ["", ";", "\t"])
def test_no_text_in_a_csv_file_is_a_formula_in_libreoffice(separator, file_of):
    path = file_of("safe.csv", write_csv(["title", "organiser"], rows_of(HOSTILE)))

    table = open_table(path, separator=separator)

    assert len(table) > len(HOSTILE)
    assert not formulas_in(table)


def test_a_file_that_holds_them_as_they_are_does_run_them(file_of):
    raw = StringIO(newline="")
    csv.writer(raw).writerows(rows_of(HOSTILE))
    path = file_of("raw.csv", raw.getvalue().encode("utf-8-sig"))

    assert "of:=1+1" in formulas_in(open_table(path))
    assert "of:=1+1" in formulas_in(open_table(path, separator=";"))


@pytest.mark.parametrize(("name", "write"), [("safe.csv", write_csv), ("safe.xlsx", write_xlsx)])
def test_libreoffice_shows_each_text_behind_an_apostrophe(name, write, file_of):
    shown = open_table(file_of(name, write(["title", "n"], [[text, 1] for text in HOSTILE[:9]])))

    assert [row[0].text for row in shown[1:10]] == [defuse(text) for text in HOSTILE[:9]]
    assert not formulas_in(shown)


def test_a_text_cell_of_a_workbook_with_a_formula_would_be_noticed(file_of):
    book = BytesIO()
    made = load_workbook(BytesIO(write_xlsx(["title"], [["Sample"]])))
    made.active["A2"] = "=1+1"
    made.save(book)

    assert formulas_in(open_table(file_of("raw.xlsx", book.getvalue()))) == ["of:=1+1"]


def test_libreoffice_shows_letters_dates_and_numbers_as_they_are(file_of):
    row = ["Şənlik в İğdır", date(2026, 12, 31), time(19, 0), 52.52, -13.41, None, "0049 30"]

    for name, write in {"a.csv": write_csv, "a.xlsx": write_xlsx}.items():
        shown = [cell.text for cell in open_table(file_of(name, write([*"abcdefg"], [row])))[1]]
        assert shown[0] == "Şənlik в İğdır"
        assert shown[1:3] == (["2026-12-31", "19:00"] if write is write_xlsx else ["2026-12-31", "07:00:00 PM"])
        assert [shown[3], shown[4], shown[6]] == ["52.52", "-13.41", "0049 30"]


# Whatever the text


@given(st.text())
def test_what_was_put_before_signs_is_taken_away_again(text):
    assert restore(defuse(text)) == text


SIGNS_AND_ENDS = st.text(alphabet="=+-@＝;,\t\n\r\"' a\u200d\u00a0\x0b\0")


@given(st.lists(st.tuples(SIGNS_AND_ENDS, SIGNS_AND_ENDS), min_size=1, max_size=4))
def test_no_cell_begins_with_a_sign_whatever_separates_them(rows):
    table = write_csv(["title", "organiser"], rows).decode("utf-8-sig")

    for separator in ",;\t":
        for row in csv.reader(StringIO(table, newline=""), delimiter=separator):
            assert not [cell for cell in row if cell.strip().strip("\u200d").startswith(tuple("=+-@＝"))]
    for line in table.splitlines():  # a program that does not know of quotation marks
        assert not line.strip("\"' \t\u200d\u00a0").startswith(tuple("=+-@＝")) or "'" in line[:9]


@pytest.mark.parametrize("text", ["Sample - evening", "10-5", "a@example.org", "2026-12-31", "C++", "", "x = y"])
def test_a_sign_inside_a_text_stays_without_an_apostrophe(text):
    assert defuse(text) == text


@pytest.mark.parametrize("text", ["\n" * 100_000, ";=" * 50_000, '\n"' * 50_000 + "x"])
def test_a_long_text_of_signs_takes_no_time(text):
    assert restore(defuse(text)) == text  # would take minutes if each were looked at from each other


def test_what_no_file_may_hold_is_left_out():
    row = ["A\0B\x0bC\ufffeD\ud800E", "F\rG"]

    assert write_csv(["title", "organiser"], [row]).decode("utf-8-sig") == 'title,organiser\r\n"AB\nCDE","F\nG"\r\n'
    sheet = load_workbook(BytesIO(write_xlsx(["title", "organiser"], [row]))).active
    assert [cell.value for cell in sheet[2]] == ["AB\nCDE", "F\nG"]


# What is in a file


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8():
    assert write_csv(["title"], [["ə"]]) == b"\xef\xbb\xbftitle\r\n\xc9\x99\r\n"


def test_csv_says_dates_times_and_instants_as_iso_8601():
    row = [date(2026, 12, 31), time(9, 5), datetime(2026, 11, 22, 12, 0, tzinfo=UTC), None, 3, -0.5, ""]

    assert write_csv([*"abcdefg"], [row]).splitlines()[1] == b"2026-12-31,09:05,2026-11-22T12:00:00Z,,3,-0.5,"


def test_a_workbook_has_true_dates_and_everything_else_as_text():
    row = [date(2026, 12, 31), time(9, 5), datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "#N/A", "1-2", "0049", "=1"]

    cells = load_workbook(BytesIO(write_xlsx([*"abcdefg"], [row]))).active[2]

    assert [cell.data_type for cell in cells] == [*"dddssss"]
    assert [cell.value for cell in cells[2:]] == [datetime(2026, 11, 22, 12, 0), "#N/A", "1-2", "0049", "'=1"]  # noqa: DTZ001
    assert cells[2].number_format == 'yyyy-mm-dd hh:mm" UTC"'


def test_a_workbook_takes_texts_that_are_too_long_for_a_cell_and_codes_of_its_own(file_of):
    texts = ["🎻" * MOST_LETTERS, "_x003D_1+1"]

    shown = open_table(file_of("a.xlsx", write_xlsx(["title"], [[text] for text in texts])))

    assert shown[1][0].text == "🎻" * (MOST_LETTERS // 2)
    assert shown[2][0].text == "_x003D_1+1"


def test_a_table_that_was_written_is_read_again():
    texts = [*HOSTILE, "Şənlik в İğdır", "two\nlines", 'a "quoted" word', "- tea\n- music"]

    records = [*read_csv(write_csv(["title", "n"], [[text, 1] for text in texts]))]

    assert [record.cells[0] for record in records[1:]] == [text.strip() for text in texts]
