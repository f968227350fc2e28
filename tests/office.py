"""LibreOffice, as a moderator has it on the desk: opens a table and tells what it made of every cell."""

import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from tests.browser.conftest import refuse
from tools.machine import find_libreoffice

PATIENCE = 120  # seconds; it takes one or two
TABLE, TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "text"))
UTF_8 = 76


class Shown(NamedTuple):
    """One cell: what is read in it, and the formula behind that, if any."""

    text: str
    formula: str | None


def open_table(file: Path, *, separator: str = ",") -> list[list[Shown]]:
    """The rows of a table as LibreOffice shows them; a CSV file may be opened by another `separator` than its own.

    That it is in UTF-8, its window reads from the mark at the beginning. Here there is no window, so it is told; with
    an empty `separator` it is told nothing.
    """
    if not (office := find_libreoffice()):
        refuse("There is no LibreOffice to open a table")
    folder = file.parent / "opened"
    how = [f"--infilter=CSV:{ord(separator)},34,{UTF_8},1"] if separator and file.suffix == ".csv" else []
    own = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = [office, own, "--headless", *how, "--convert-to", "fods", "--outdir", folder, file]
    surroundings = {"HOME": str(file.parent), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, env=surroundings, timeout=PATIENCE, check=True, capture_output=True)
    sheet = ElementTree.parse(folder / f"{file.stem}.fods").getroot()  # noqa: S314 - of LibreOffice's own making
    return [[read(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in sheet.iter(f"{TABLE}table-row")]


def read(cell: ElementTree.Element) -> Shown:
    paragraphs = ("".join(paragraph.itertext()) for paragraph in cell.iter(f"{TEXT}p"))
    return Shown("\n".join(paragraphs), cell.get(f"{TABLE}formula"))
