"""Writes the lock files: every package of every platform with its hashes, and no address.

Those of Python from pyproject.toml, those of npm (the HTML checker and Lighthouse) from the package.json beside them.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS: dict[str, list[str]] = {"base": [], "production": ["production"], "dev": ["production", "dev"]}
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
OPTIONS += ["--no-header", "--no-annotate", "--quiet"]


def find_uv() -> str:
    """uv's path; where the machine has none it is put into an environment of its own."""
    if found := shutil.which("uv"):
        return found
    home = ROOT / "var" / "uv"
    if not (home / "bin" / "uv").exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(home / "bin" / "uv")


def write_locks(*, upgrade: bool) -> None:
    uv = find_uv()
    for name, extras in EXTRAS.items():
        command = [uv, "pip", "compile", "pyproject.toml", *OPTIONS, "--output-file", f"requirements/{name}.txt"]
        command += [f"--extra={extra}" for extra in extras]
        if name != "base":  # the larger ones hold the same versions as the smallest
            command += ["--constraint", "requirements/base.txt"]
        if upgrade:
            command.append("--upgrade")
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def write_npm_locks(*, upgrade: bool) -> None:
    if not shutil.which("npm"):
        print("There is no npm here: tools/npm/ stays as it is.")
        return
    command = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
    for package in sorted((ROOT / "tools" / "npm").iterdir()):
        if upgrade:
            (package / "package-lock.json").unlink(missing_ok=True)
        subprocess.run([*command, "--silent"], cwd=package, check=True)


if __name__ == "__main__":
    is_upgrade = "--upgrade" in sys.argv[1:]
    write_locks(upgrade=is_upgrade)
    write_npm_locks(upgrade=is_upgrade)
