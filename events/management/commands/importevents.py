"""`manage.py importevents FILE.csv`: many events at once, all or none of them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import moderation
from events.forms import imported
from events.models import Status

STEP = 100  # lines between two signs of life


class Command(BaseCommand):
    help = (
        "Imports events from a CSV file in UTF-8 whose columns are named like the fields of an event. Every bad line "
        "is reported with its number, and then nothing is imported. Events that are there already are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--publish", action="store_true", help="publish the events instead of queueing them")

    def handle(self, *, file: Path, dry_run: bool, publish: bool, **options: Any) -> None:
        lines = self.read(file)
        self.refuse_bad(lines)
        events = [line.event for line in lines if line.event]
        status = Status.PUBLISHED if publish else Status.PENDING
        if not dry_run:
            moderation.add_all(events, status=status)
        known = sum(line.is_known for line in lines)
        done = "Would be imported" if dry_run else "Imported"
        self.stdout.write(f"{done} as {status}: {len(events)}. Already there: {known}.")

    def read(self, file: Path) -> list[imported.Line]:
        lines: list[imported.Line] = []
        try:
            table = imported.read(file.read_bytes())
            if table.unread:
                self.stdout.write(f"Not read: {', '.join(table.unread)}.")
            for line in imported.judge(table):
                lines.append(line)
                if len(lines) % STEP == 0:
                    self.stdout.write(f"{len(lines)} lines read", ending="\r" if self.stdout.isatty() else "\n")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        except imported.BadFile as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        return lines

    def refuse_bad(self, lines: list[imported.Line]) -> None:
        bad = [line for line in lines if line.reasons]
        for line in bad:
            self.stderr.write(f"Line {line.number}: {' '.join(line.reasons)}")
        if bad:
            raise CommandError(f"Bad lines: {len(bad)} of {len(lines)}. Nothing was imported.")
