"""Makes .venv and installs one lock file into it: `python3 tools/install.py base` (or production, or dev).

Written for Pythons older than the project's, so that they can say what is missing. Quick when nothing changed.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.txt"
WANTED = (3, 11)
LOCKS = ["base", "production", "dev"]  # each holds the ones before it
VERSION = "{}.{}".format(*sys.version_info)  # packages are found only by a Python of the same version


def find_newer_python() -> None:
    """Starts again with a newer Python of this machine, or says that there is none."""
    for minor in (13, 12, 11):
        found = shutil.which("python3.{}".format(minor))  # noqa: UP032 - old Pythons read this file
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 - this very script, again
    sys.exit("Python 3.11 or newer is needed; this is {}.".format(platform.python_version()))  # noqa: UP032


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        sys.exit("Python's venv is incomplete here. On Debian and Ubuntu: apt-get install python3-venv")
    print("Making the virtual environment .venv", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)


def stamp(name: str) -> str:
    lock = (ROOT / "requirements" / (name + ".txt")).read_bytes()
    return "{} {} {}".format(name, VERSION, hashlib.sha256(lock).hexdigest())  # noqa: UP032


def install(name: str) -> None:
    installed = STAMP.read_text().splitlines() if STAMP.exists() else []
    if stamp(name) in installed:
        return
    if not any(line.split()[1] == VERSION for line in installed):
        make_venv()
    STAMP.unlink(missing_ok=True)  # an installation that is interrupted is done again
    print("Installing requirements/{}.txt".format(name), flush=True)  # noqa: UP032
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command = [*pip, "--require-hashes", "-r", "requirements/" + name + ".txt"]
    if subprocess.run(command, cwd=str(ROOT), check=False).returncode:
        sys.exit("The packages could not be installed: see above.")
    STAMP.write_text("".join(stamp(each) + "\n" for each in LOCKS[: LOCKS.index(name) + 1]))


if __name__ == "__main__":
    if sys.version_info < WANTED:
        find_newer_python()
    try:
        install(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
