"""What can break without any page being wrong: settings, lock files, migrations, the first moderator, catalogues."""

import gettext
import json
import os
import re
import subprocess
import sys
import tomllib
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from packaging.requirements import Requirement

from tests.environment import FOLDER, settings_for
from tools.catalogues import compile_catalogue
from tools.lock import EXTRAS, ROOT

PUBLIC = {
    "SECRET_KEY": "fG7-kP2_wQ9xLm4zTn8vRb3cYh6jDs1aEu5oXi0qZyHtKgWfNpVlCe",
    "DEBUG": "off",
    "SITE_URL": "https://example.org",
    "ALLOWED_HOSTS": "example.org",
    "TRUSTED_PROXIES": "1",
    "DEFAULT_FROM_EMAIL": "directory@example.org",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",  # which browser tests before this one leave behind
}


def manage(*arguments, **environment):
    """Runs manage.py in a process of its own; a setting left out is empty, so that no .env fills it in."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | PUBLIC | environment, capture_output=True, text=True, check=False
    )


def test_public_settings_pass_every_check_of_django():
    answer = manage("check", "--deploy", "--fail-level", "WARNING")

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + PUBLIC["SECRET_KEY"]),
        ("SITE_URL", ""),
        ("SITE_URL", "http://example.org"),
        ("SITE_URL", "example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("DEFAULT_FROM_EMAIL", ""),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("DEFAULT_FROM_EMAIL", "@"),
        ("ALLOWED_HOSTS", "other.example"),
        ("SITE_URL", "https://user:password@example.org"),
        ("SITE_URL", "https://example.org/below?x=1"),
        ("EMAIL_URL", "dummymail://"),
        ("EMAIL_URL", "memorymail://"),
        ("EMAIL_URL", "consolemail://"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_site_refuses_to_start_on_an_unsafe_value_and_names_it(name, value):
    answer = manage("check", **{name: value})

    assert answer.returncode != 0
    assert f"{name} must" in answer.stderr


def test_site_names_all_unsafe_values_at_once():
    answer = manage("check", SECRET_KEY="", SITE_URL="", ALLOWED_HOSTS="*", DEFAULT_FROM_EMAIL="")

    for name in ("SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL"):
        assert f"{name} must" in answer.stderr


def test_example_of_settings_names_every_setting_and_tests_set_each():
    read = set(re.findall(r'env\.\w+\("([A-Z_0-9]+)"', (ROOT / "config/settings.py").read_text()))
    shown = set(re.findall(r"^#?([A-Z_0-9]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert shown == read
    assert read <= settings_for(FOLDER).keys()


def read_lock(name):
    """Package name → the lines about it."""
    blocks = re.split(r"^(?=\S)", (ROOT / f"requirements/{name}.txt").read_text(), flags=re.MULTILINE)
    return {block.split("==")[0]: block for block in blocks if block}


@pytest.mark.parametrize("name", EXTRAS)
def test_lock_pins_every_package_by_hash_and_holds_no_address(name):
    for block in read_lock(name).values():
        first, *hashes = block.rstrip("\n").split("\n")
        assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)? \\$", first)
        assert hashes
        for line in hashes:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)


@pytest.mark.parametrize("name", EXTRAS)
def test_lock_holds_what_pyproject_asks_for(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + [
        each for extra in EXTRAS[name] for each in project["optional-dependencies"][extra]
    ]
    locked = read_lock(name)

    for requirement in map(Requirement, wanted):
        pinned = locked[requirement.name.lower().replace("_", "-")].split()[0].split("==")[1]
        assert requirement.specifier.contains(pinned), f"{requirement} but {pinned}: make lock"


@pytest.mark.parametrize("name", ["production", "dev"])
def test_larger_lock_holds_the_smallest_one(name):
    assert read_lock("base").items() <= read_lock(name).items()


@pytest.mark.django_db
def test_models_need_no_new_migration():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["vnu-jar", "lighthouse"])
def test_lock_of_npm_pins_every_package_by_hash_and_holds_no_address(name):
    lock = json.loads((ROOT / "tools/npm" / name / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "tools/npm" / name / "package.json").read_text())["dependencies"]
    itself, *packages = lock["packages"].values()

    assert itself["dependencies"] == wanted
    for package in packages:
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def ask_for_first_moderator():
    """The name and the password that the command prints."""
    printed = StringIO()
    call_command("firstmoderator", stdout=printed)
    return re.findall(r"^ +(?:Moderator|Password) +(\S+)$", printed.getvalue(), re.MULTILINE)


@pytest.mark.django_db
def test_first_moderator_is_refused_before_the_public():
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("firstmoderator")
    assert not get_user_model().objects.exists()


@pytest.mark.django_db
def test_first_moderator_gets_one_password_that_only_the_owner_of_the_file_can_read(settings, tmp_path, client):
    settings.DEBUG, settings.VAR_DIR = True, tmp_path

    name, password = ask_for_first_moderator()

    assert client.login(username=name, password=password)
    assert ask_for_first_moderator() == [name, password]
    assert (tmp_path / "moderator-password").stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_first_moderator_gets_a_new_password_when_the_old_one_no_longer_fits(settings, tmp_path, client):
    settings.DEBUG, settings.VAR_DIR = True, tmp_path
    name, old = ask_for_first_moderator()
    get_user_model().objects.all().delete()  # as with a new database

    name, new = ask_for_first_moderator()

    assert new != old
    assert client.login(username=name, password=new)


CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>1 && n%10<5 && (n%100<10 || n%100>19) ? 1 : 2);\\n"

msgid "city"
msgstr "город"

#, fuzzy
msgid "country"
msgstr "не проверено"

msgid "event"
msgid_plural "events"
msgstr[0] "мероприятие"
msgstr[1] "мероприятия"
msgstr[2] "мероприятий"
"""


def test_compiled_catalogue_has_plurals_and_leaves_out_what_nobody_checked(tmp_path):
    source = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")

    compile_catalogue(source)

    with source.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.gettext("city"), catalogue.gettext("country")] == ["город", "country"]
    assert [catalogue.ngettext("event", "events", n) for n in (1, 2, 5, 21)] == [
        "мероприятие",
        "мероприятия",
        "мероприятий",
        "мероприятие",
    ]
