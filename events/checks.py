"""What must hold of a database before anything is stored in it; `migrate` looks first."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

LETTERS = "I"  # which Turkish and Azerbaijani rules lower to ı


def check_lower_case(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """An address with a capital I must be found by its owner, who writes it with a small one."""
    return [_tell(alias) for alias in databases or () if _lower(alias) != LETTERS.lower()]


def _lower(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT lower(%s)", [LETTERS])
        return str(cursor.fetchone()[0])


def _tell(alias: str) -> CheckMessage:
    return Error(
        f"The database “{alias}” lowers I by the rules of one language, and so would not find INFO@… as info@….",
        hint="Create it with rules of no language: createdb --template=template0 --locale=C.UTF-8 NAME",
        id="events.E001",
    )
