"""Compiles locale/*/LC_MESSAGES/*.po into the .mo files that Django reads, where a .po is newer.

Babel does it, so that a machine needs no gettext to run the site. Fuzzy messages are left out.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogue(source: Path) -> None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
    half_written = source.with_suffix(".mo.new")
    with half_written.open("wb") as file:
        write_mo(file, catalogue)
    half_written.replace(target)
    print(f"Compiled {source.parts[-3]}/{source.name}")


def compile_catalogues() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        try:
            compile_catalogue(source)
        except PoFileError as error:
            sys.exit(f"{source}: {error}")


if __name__ == "__main__":
    compile_catalogues()
