"""`make test`: every check and every test, one after the other. A failing one does not hide those after it."""

import os
import subprocess
import sys
from pathlib import Path

from tools.catalogues import compile_catalogues
from tools.machine import CHROMIUM, FONTS, HTML_CHECKER, LIBREOFFICE, POSTGRES, find_postgres, install_missing

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# Measured with 450 tests: two processes halve the time; each more one makes a database of its own.
PYTEST = [sys.executable, "-m", "pytest", "--numprocesses=auto", "--maxprocesses=4"]
RUFF, DJADE, MYPY = (str(BIN / name) for name in ("ruff", "djade", "mypy"))
Commands = list[list[str]]


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))


def linters() -> Commands:
    return [
        [RUFF, "check", "--quiet"],
        [RUFF, "format", "--check", "--quiet"],
        [DJADE, "--check", "--target-version", "5.2", *templates()],
        [MYPY],
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    ]


def formatters() -> Commands:
    return [
        [RUFF, "check", "--fix", "--quiet"],
        [RUFF, "format", "--quiet"],
        [DJADE, "--target-version", "5.2", *templates()],
    ]


def quick_tests() -> Commands:
    return [[*PYTEST, "--ignore=tests/browser"]]


def all_tests() -> Commands:
    found = [PYTEST]
    if find_postgres():  # what a browser shows does not depend on the database
        found += [[sys.executable, "-m", "tests.postgres", *command] for command in quick_tests()]
    return found


def failing(commands: Commands) -> list[str]:
    """Runs all commands; returns those that failed, as one would type them."""
    failed = []
    for command in commands:
        shown = " ".join(command).replace(f"{BIN}/", "")
        print(f"\n$ {shown[:110]}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(shown[:110])
    return failed


def main(what: str) -> int:
    # For the linters, which read the settings; the tests set their own.
    os.environ |= {"DEBUG": "on", "DATABASE_URL": "sqlite://:memory:"}
    compile_catalogues()
    missing = install_missing(*NEEDS.get(what, []))
    return judge(failing(COMMANDS[what]()), missing=missing)


def judge(failed: list[str], *, missing: list[str]) -> int:
    for command in failed:
        print(f"\n!!! FAILED: {command}")
    for part in missing:
        print(f"\n!!! NOT COMPLETE: {part}.")
    return 1 if failed or (missing and os.environ.get("CI") == "true") else 0


def everything() -> Commands:
    return linters() + all_tests()


def pictures() -> Commands:
    return [[*PYTEST, "--quiet", "tests/browser/take_pictures.py"]]


COMMANDS = {"all": everything, "lint": linters, "format": formatters, "quick": quick_tests, "pictures": pictures}
NEEDS = {"all": [CHROMIUM, FONTS, POSTGRES, HTML_CHECKER, LIBREOFFICE], "pictures": [CHROMIUM, FONTS]}

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
