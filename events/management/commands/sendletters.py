import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from events import digest, outbox

PAUSE = 1  # seconds between two looks at the outbox
LONG_PAUSE = 30  # when the mail server or the database cannot be reached
DIGEST_PAUSE = 600  # between two looks for whom it is morning


class Command(BaseCommand):
    help = (
        "Sends what the outbox holds. A letter that the mail server refuses is tried again after 1, 2, 4, 8 … minutes, "
        "at least once an hour, and given up after two days. Several senders may work at once."
    )
    digest_at: float | None = None  # of the monotonic clock: when to look for whom it is morning; None: never

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on, and send letters as they come")
        parser.add_argument(
            "--digest",
            action="store_true",
            help="first tell each moderator for whom it is morning (7 to 12 by their own clock) what waits in their "
            "countries, once a day and only if something does; call it every hour, or with --watch",
        )

    def handle(self, *args: Any, watch: bool, digest: bool, **options: Any) -> None:
        self.digest_at = time.monotonic() if digest else None
        if not watch:
            self.work()
        while watch:
            time.sleep(self.work_or_explain())

    def work_or_explain(self) -> int:
        """Do what is due; returns for how many seconds to rest. A database that is away comes back."""
        try:
            return self.work()
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database cannot be reached: {error}")
            connection.close()
            return LONG_PAUSE

    def work(self) -> int:
        if self.digest_at is not None and time.monotonic() >= self.digest_at:
            self.digest_at = time.monotonic() + DIGEST_PAUSE
            self.queue_digests()
        return self.send()

    def queue_digests(self) -> None:
        """Whatever is wrong with the digest of one moderator keeps neither the others nor any letter from leaving."""
        now = timezone.now()
        for moderator in digest.find_receivers():
            try:
                if digest.queue_letter(moderator, now=now):
                    self.stdout.write(f"Digest queued for {moderator}.")
            except Exception as error:
                self.stderr.write(f"No digest for {moderator}: {error!r}")

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
