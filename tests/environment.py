"""The environment of the tests: settings as on a public site, as far as plain http on this machine allows.

All of them are set, as when the site is measured (tools/production.py), so that nothing leaks in from outside.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tools.production import settings_in

FOLDER_NAME = "DIRECTORY_TEST_FOLDER"


def make_folder() -> Path:
    """The folder of this run, shared with the processes that this one starts and removed at its end."""
    if known := os.environ.get(FOLDER_NAME):
        return Path(known)
    folder = Path(tempfile.mkdtemp(prefix="directory-tests-"))
    os.environ[FOLDER_NAME] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def settings_for(folder: Path) -> dict[str, str]:
    return settings_in(folder, port=80) | {
        "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",  # the same for all processes
        "SITE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "SITE_OPERATOR": "Test Operator",
        # Set by tests/postgres.py for its command; no other database is ever touched.
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", f"sqlite:///{folder}/site.sqlite3"),
    }


if "config.settings" in sys.modules and FOLDER_NAME not in os.environ:
    raise RuntimeError("The settings were read before the tests' environment was set: unset DJANGO_SETTINGS_MODULE.")
FOLDER = make_folder()
os.environ.update(settings_for(FOLDER))
