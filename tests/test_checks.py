"""A database in which organisers could not be found is refused before anything is stored."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
MAKE = "CREATE DATABASE {} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{}'"


@pytest.mark.django_db
def test_the_usual_database_is_taken():
    assert run_checks(tags=["database"], databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has rules of languages")
@pytest.mark.parametrize(("language", "is_refused"), [("az", True), ("tr", True), ("de", False)])
def test_a_database_with_the_rules_of_azerbaijani_or_turkish_is_refused(language, is_refused):
    name = f"{connection.settings_dict['NAME']}_{language}"
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(name, language))
    try:
        environment = os.environ | {"DATABASE_URL": f"postgres:///{name}", "DEBUG": "on"}
        command = [sys.executable, "manage.py", "migrate", "contenttypes"]
        answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")

    assert ("events.E001" in answer.stderr) == is_refused
    assert bool(answer.returncode) == is_refused
