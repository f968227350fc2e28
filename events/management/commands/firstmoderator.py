"""`manage.py firstmoderator`: the sign-in with which `make run` shows the moderation desk."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError

NAME = "moderator"


class Command(BaseCommand):
    help = "Makes the superuser “moderator” of a trial site, once, and prints its sign-in. Only with DEBUG on."

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Only with DEBUG on. For the public site: manage.py createsuperuser")
        kept_in = settings.VAR_DIR / "moderator-password"
        password = kept_in.read_text().strip() if kept_in.exists() else ""
        moderator = find_or_make_moderator()
        if not password or not moderator.check_password(password):
            password = secrets.token_urlsafe(12)
            moderator.set_password(password)
            moderator.save(update_fields=["password"])
            keep_secret(kept_in, text=password)
        self.stdout.write(f"\n  Moderator     {NAME}\n  Password      {password}")


def find_or_make_moderator() -> AbstractBaseUser:
    model = get_user_model()
    moderator, _ = model._default_manager.get_or_create(
        username=NAME, defaults={"email": "moderator@example.org", "is_staff": True, "is_superuser": True}
    )
    return moderator


def keep_secret(path: Path, *, text: str) -> None:
    """Writes a file that only its owner can read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
