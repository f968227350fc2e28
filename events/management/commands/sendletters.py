import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from events import outbox

PAUSE = 1  # seconds between two looks at the outbox
LONG_PAUSE = 30  # when the mail server or the database cannot be reached


class Command(BaseCommand):
    help = (
        "Sends what the outbox holds. A letter that the mail server refuses is tried again after 1, 2, 4, 8 … minutes, "
        "at least once an hour, and given up after two days. Several senders may work at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on, and send letters as they come")

    def handle(self, *args: Any, watch: bool, **options: Any) -> None:
        if not watch:
            self.send()
        while watch:
            time.sleep(self.send_or_explain())

    def send_or_explain(self) -> int:
        """Send what is due; returns for how many seconds to rest. A database that is away comes back."""
        try:
            return self.send()
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database cannot be reached: {error}")
            connection.close()
            return LONG_PAUSE

    def send(self) -> int:
        while attempt := outbox.send_next():
            self.report(attempt)
            if attempt.is_server_away:  # for the other letters too: they keep their tries
                return LONG_PAUSE
        return PAUSE

    def report(self, attempt: outbox.Attempt) -> None:
        """Say what became of a letter; where the site is only tried out, show it, because nobody gets it."""
        letter = attempt.letter
        if attempt.error:
            self.stderr.write(f"Letter {letter.pk} was not taken: {attempt.error}")
            return
        self.stdout.write(f"Letter {letter.pk} sent.")
        if settings.DEBUG:
            self.stdout.write(f"To: {', '.join(letter.to)}\nSubject: {letter.subject}\n\n{letter.message}\n{'-' * 72}")
