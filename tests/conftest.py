"""What every test stands on: its own environment, collected static files, an empty cache and an empty media folder."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.conf import settings as site_settings
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from tests.environment import FOLDER  # sets the environment, before anything reads a setting
from tools.catalogues import compile_catalogues


def pytest_configure() -> None:
    """What only costs time: no test asks how slow guessing a password is, nor what outlives a power failure."""
    site_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    site_settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    site_settings.WHITENOISE_AUTOREFRESH = True  # or every new client lists all static files: 80 ms a test
    # No test waits for the clock, and a run that passed passes again.
    hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
    hypothesis.settings.load_profile("suite")
    database = site_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(FOLDER / "test.sqlite3")
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Once, before xdist starts its workers: the manifest by which pages name static files, and the catalogues."""
    if not hasattr(session.config, "workerinput"):
        compile_catalogues()
        call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True, scope="session")
def disk_by_the_clock() -> Iterator[None]:
    """Stored files bear the time of the test: the machine's clock goes on, and would make all of them too new."""
    save = FileSystemStorage._save

    def save_now(storage: FileSystemStorage, name: str, content: File) -> str:
        written = save(storage, name, content)
        os.utime(storage.path(written), (timezone.now().timestamp(),) * 2)
        return written

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", save_now)
        yield


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # so that the events of the tests are always to come


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def fresh_surroundings(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    yield
    cache.clear()
    translation.deactivate()  # a request leaves its language to its thread
