"""What tests and audit need of the machine beside Python: a browser, a PostgreSQL server, Java for the HTML checker,
LibreOffice, Node.js for Lighthouse. Finds them, installs them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser for our own pages alone: it asks nobody else for anything.
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM_ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
POSTGRES_TOOLS = ("initdb", "pg_ctl", "createdb")
FONT = "Noto Serif"  # nearest to what phones have, with the letters of all four languages; DejaVu is a sixth wider
JAVA = 17  # the oldest that the HTML checker runs on


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)


def find_postgres() -> Path | None:
    """The folder of the server's tools, which Debian keeps out of PATH."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)
    return next((folder for folder in folders if all((folder / tool).exists() for tool in POSTGRES_TOOLS)), None)


def find_libreoffice() -> str | None:
    """The program that opens tables as a moderator would."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def has_java() -> bool:
    if not shutil.which("java"):
        return False
    answer = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', answer.stderr)
    return version is not None and int(version[1]) >= JAVA


def npm_package(name: str) -> Path:
    """The folder into which the npm package that tools/npm/`name` locks is installed."""
    return ROOT / "var" / "npm" / name / "node_modules" / name


def has_npm_package(name: str) -> bool:
    """Whether it is installed as locked."""
    installed = ROOT / "var" / "npm" / name / "installed.json"
    lock = ROOT / "tools" / "npm" / name / "package-lock.json"
    return installed.exists() and installed.read_bytes() == lock.read_bytes()


def find_html_checker() -> Path | None:
    """The Nu HTML checker, which Java runs."""
    is_there = has_npm_package("vnu-jar") and has_java()
    return npm_package("vnu-jar") / "build" / "dist" / "vnu.jar" if is_there else None


def install_debian(*packages: str) -> bool:
    """Installs Debian packages where that needs no question: as root on a Debian."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing Debian's {' and '.join(packages)}", flush=True)
    return all(run_apt(*step) for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]))


def run_apt(*arguments: str) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    answer = subprocess.run(["apt-get", "-qq", *arguments], env=quiet, stdin=subprocess.DEVNULL, check=False)
    return answer.returncode == 0


def has_fonts() -> bool:
    """Whether a browser finds the first of the style sheet's serifs; the system's sans is then of the same family."""
    if not shutil.which("fc-match"):
        return False
    answer = subprocess.run(["fc-match", FONT], capture_output=True, text=True, check=False)
    return FONT in answer.stdout


def install_chromium() -> None:
    if not install_debian("chromium"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def install_npm_package(name: str) -> None:
    """Installs what tools/npm/`name` locks into var/npm/; its own scripts, which download things, do not run."""
    if not shutil.which("npm"):
        install_debian("nodejs", "npm")
    if not shutil.which("npm"):
        return
    print(f"Installing npm's {name} into var/npm", flush=True)
    home, lock = ROOT / "var" / "npm" / name, ROOT / "tools" / "npm" / name
    shutil.copytree(lock, home, dirs_exist_ok=True)
    # Not `npm ci`, which refuses what Lighthouse asks for: the newest of a package, whichever the lock holds.
    command = ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=home, stdout=subprocess.DEVNULL, check=False).returncode == 0:
        shutil.copy(lock / "package-lock.json", home / "installed.json")


def install_html_checker() -> None:
    if not has_java():
        install_debian("default-jre-headless")
    if not has_npm_package("vnu-jar"):
        install_npm_package("vnu-jar")


def has_chromium() -> bool:
    if find_chromium():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


class Part(NamedTuple):
    """Something that tests need, how to find and install it, and what to say where neither can be done."""

    find: Callable[[], object]
    install: Callable[[], object]
    lack: str


CHROMIUM = Part(has_chromium, install_chromium, "no Chromium (or name it: CHROMIUM=/path): nothing ran in a browser")
FONTS = Part(
    has_fonts,
    lambda: install_debian("fontconfig", "fonts-noto-core"),
    "no fontconfig or no Noto: pages were measured in the fonts of this machine, in which some may not fit",
)
POSTGRES = Part(
    find_postgres, lambda: install_debian("postgresql"), "no PostgreSQL server: the tests ran on SQLite alone"
)
HTML_CHECKER = Part(
    find_html_checker, install_html_checker, f"no Java {JAVA} or no npm: the HTML of the pages was not checked"
)
LIBREOFFICE = Part(
    find_libreoffice,
    lambda: install_debian("libreoffice-calc-nogui"),
    "no LibreOffice: no program opened the exported tables",
)
LIGHTHOUSE = Part(
    lambda: has_npm_package("lighthouse"), lambda: install_npm_package("lighthouse"), "no npm: Lighthouse did not run"
)


def install_missing(*parts: Part) -> list[str]:
    """Returns one sentence for each part that is missing still."""
    missing = [part for part in parts if not part.find()]
    for part in missing:
        part.install()
    return [part.lack for part in missing if not part.find()]
