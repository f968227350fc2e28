"""What the tests need of the machine beside Python: a browser and a PostgreSQL server. Finds them, installs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_TOOLS = ("initdb", "pg_ctl", "createdb")


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


def install_chromium() -> None:
    # DejaVu has the letters of all four languages; a bare Chromium draws boxes for them.
    if not install_debian("chromium", "fonts-dejavu-core"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def has_playwright_chromium() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def install_missing_parts() -> list[str]:
    """Returns one sentence for each part that is missing still."""
    missing = []
    if not find_chromium() and not has_playwright_chromium():
        install_chromium()
        if not find_chromium() and not has_playwright_chromium():
            missing.append("no Chromium (or name it: CHROMIUM=/path): the browser tests did not run")
    if not find_postgres():
        install_debian("postgresql")
        if not find_postgres():
            missing.append("no PostgreSQL server: the tests ran on SQLite alone")
    return missing
