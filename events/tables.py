"""Tables as files: rows to CSV and XLSX in which no program finds a formula, and CSV back to rows."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from events import text

Cell = str | int | float | date | time | datetime | None
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LETTERS = 32_767  # in one cell of a workbook, as UTF-16 counts them
WIDTH = 18  # of a column of a workbook, in digits


class BadFile(ValueError):
    """No table can be read from it; the message says why."""


class Record(NamedTuple):
    """What one line of a table holds, or the sentence that says why it holds nothing."""

    number: int  # of the line in the file at which the record starts, as editors count
    cells: list[str]
    problem: str = ""


# Writing


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as RFC 4180 wants it: commas, CRLF. Text is cleaned, dates and times are ISO 8601, instants in UTC.

    In UTF-8 that begins with a byte order mark: without it Excel reads "ə" as "É™". LibreOffice and others skip it.
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    for row in (headings, *rows):
        writer.writerow([_write(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet. Dates and times are true ones, which sort, shown as ISO 8601; all text is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    for row in (headings, *rows):
        sheet.append([_make_cell(sheet, cell) for cell in row])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return _make_safe(cell)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return cell.isoformat() if isinstance(cell, date) else cell


# What neither cleaning nor `defuse` would change; most cells are such, and to see it takes a twentieth of the time.
_PLAIN = re.compile("[A-Za-z0-9](?:[ -+\\--:<-~]*[!-+\\--:<-~])?")


def _make_safe(content: str) -> str:
    return content if _PLAIN.fullmatch(content) else defuse(text.clean_text(content))


FORMATS = {time: "hh:mm", datetime: 'yyyy-mm-dd hh:mm" UTC"'}  # dates are yyyy-mm-dd already


def _make_cell(sheet: Any, cell: Cell) -> Any:
    """What openpyxl takes for a cell: the value itself where it guesses its type right, which is four times as fast."""
    if isinstance(cell, str):
        content = _fit(_make_safe(cell))
        # "=" no text begins with any more; "#N/A" would be an error.
        return _type(sheet, content, data_type="s") if content[:1] in {"=", "#"} else content or None
    if isinstance(cell, datetime):
        cell = cell.astimezone(UTC).replace(tzinfo=None)  # a workbook knows no zones
    return _type(sheet, cell, number_format=FORMATS[type(cell)]) if type(cell) in FORMATS else cell


def _type(sheet: Any, value: Cell, **attributes: str) -> Any:
    typed = WriteOnlyCell(sheet, value)
    for name, attribute in attributes.items():
        setattr(typed, name, attribute)
    return typed


def _fit(content: str) -> str:
    """As a workbook takes it: at most so long, and "_x003D_" is not its way to write "="."""
    content = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", content)
    if 2 * len(content) <= MOST_LETTERS:
        return content
    return content.encode("utf-16-le")[: 2 * MOST_LETTERS].decode("utf-16-le", "ignore")


# Formulas

# What a program may take for the beginning of one, in the forms of wide, narrow and small letters, which some fold.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
# At these a program that was told another separator begins a cell. Then come signs that it may skip.
_ENDS = ";,\t\n"
_SKIPPED = "\\s'\"\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f"
_BEFORE_SIGN = re.compile(f"(?:^|(?<![{_ENDS}{_SKIPPED}]))[{_ENDS}{_SKIPPED}]*(?=[{_SIGNS}])")


def defuse(content: str) -> str:
    """Put an apostrophe before each sign that could begin a formula; `restore` takes exactly these away.

    Not only at the beginning: where a decimal point is a comma, Excel splits a file at semicolons, so that
    "Evening;=1+1" becomes two cells, and a line break inside quotation marks may begin a row.
    """
    return _BEFORE_SIGN.sub(lambda before: f"{before[0]}'" if _begins_cell(before) else before[0], content)


def restore(content: str) -> str:
    """Take away what `defuse` put there."""
    is_ours = lambda before: before[0].endswith("'") and _begins_cell(before)  # noqa: E731
    return _BEFORE_SIGN.sub(lambda before: before[0][:-1] if is_ours(before) else before[0], content)


def _begins_cell(before: re.Match[str]) -> bool:
    return before.start() == 0 or any(end in before[0] for end in _ENDS)


# Reading


def read_csv(data: bytes) -> Iterator[Record]:
    """Yield the lines of a table in UTF-8, separated by commas, semicolons or tabs; `BadFile` when it is none.

    Lines without any text are left out. Cells are trimmed, and what `defuse` put into them is gone.
    """
    table = _decode(data)
    first_line = table.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)  # some offices write semicolons
    reader = csv.reader(StringIO(table, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = [restore(cell.strip()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            message = _("The line cannot be split into columns, look at its quotation marks: %(error)s.")
            yield Record(number, [], message % {"error": error})
        else:
            if any(cells):
                yield Record(number, cells)


def _decode(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise BadFile(_("This is a workbook. Open it, save it as “CSV UTF-8”, and give that file."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        message = _("Line %(number)s is not in UTF-8. Save the file as “CSV UTF-8” and try again.")
        raise BadFile(message % {"number": number}) from error
