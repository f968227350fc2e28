"""`manage.py resetsecondfactor NAME`: for the last superuser, whose phone is lost."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from events import staff


class Command(BaseCommand):
    help = "Forgets somebody's second factor and ends all their sessions: at the next sign-in they set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name with which they sign in")

    def handle(self, *, name: str, **options: Any) -> None:
        user = User.objects.filter(username=name).first()
        if not user:
            raise CommandError(f"There is nobody called “{name}”.")
        had_one = staff.reset(user)
        what = "The second factor is forgotten" if had_one else "There was no second factor"
        self.stdout.write(f"{what}, and all sessions are ended. {name} sets up a new one at the next sign-in.")
