import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from post_office.mail import get_queued, send_queued_mail_until_done
from post_office.models import STATUS, Email

PAUSE = 1  # seconds between two looks at the outbox


class Command(BaseCommand):
    help = "Sends what the outbox holds; letters that fail are tried again later. Only one sender works at a time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on, and send letters as they come")

    def handle(self, *args: Any, **options: Any) -> None:
        self.send()
        while options["watch"]:
            time.sleep(PAUSE)
            if get_queued().exists():  # new ones, and refused ones whose time to try again has come
                self.send()

    def send(self) -> None:
        waiting = set(Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued]).values_list("pk", flat=True))
        send_queued_mail_until_done(settings.VAR_DIR / "outbox", processes=1)
        for letter in Email.objects.filter(pk__in=waiting, status=STATUS.sent):
            self.report(letter)

    def report(self, letter: Email) -> None:
        """Say that a letter went out; where the site is only tried out, show it, because nobody gets it."""
        self.stdout.write(f"Letter {letter.pk} sent.")
        if settings.DEBUG:
            self.stdout.write(f"To: {', '.join(letter.to)}\nSubject: {letter.subject}\n\n{letter.message}\n{'-' * 72}")
