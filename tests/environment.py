"""The environment of the tests: settings as on a public site, as far as plain http on this machine allows.

Every setting is set, so that neither the shell's environment nor .env leaks into the tests.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

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
    return {
        "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
        "DEBUG": "off",
        "SITE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "TRUSTED_PROXIES": "0",
        "SITE_NAME": "",
        "SITE_OPERATOR": "Test Operator",
        "SITE_CONTACT": "contact@example.org",
        # Set by tests/postgres.py for its command; no other database is ever touched.
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", f"sqlite:///{folder}/site.sqlite3"),
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": f"filemail://{folder}/letters",
        "DEFAULT_FROM_EMAIL": "directory@example.org",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


if "config.settings" in sys.modules and FOLDER_NAME not in os.environ:
    raise RuntimeError("The settings were read before the tests' environment was set: unset DJANGO_SETTINGS_MODULE.")
FOLDER = make_folder()
os.environ.update(settings_for(FOLDER))
