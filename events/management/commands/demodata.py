"""`manage.py demodata`: invented events of the coming edition, and those that were reported of earlier ones."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from events import day, images, moderation
from events.forms import picture
from events.models import Condition, Event, Status
from events.samples import pictures, work
from events.samples.invention import PICTURES, Sample, find_places, invent, key

EVENTS, MOST, BATCH = 213, 100_000, 1000
REPORTED = Path(apps.get_app_config("events").path) / "data" / "reported_events.csv"
REASONS = {  # of what a moderator did to a sample
    Status.RETURNED: "Sample: please say in which hall it takes place.",
    Status.DECLINED: "Sample: this is not an event of the Day.",
}


class Command(BaseCommand):
    help = (
        "Adds sample events of the coming edition, marked as such, and the reported events of earlier ones. The same "
        "seed gives the same events, and none is added twice. Not for a site with real events of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--events", type=int, default=EVENTS, help=f"how many samples, at most {MOST}")
        parser.add_argument("--seed", type=int, default=31)
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is any event")

    def handle(self, *, events: int, seed: int, if_empty: bool, **options: Any) -> None:
        if if_empty and Event.objects.exists():
            self.stdout.write("There are events already; no sample was added.")
            return
        self.refuse(events)
        if not (places := find_places()):
            raise CommandError("There are no cities to put events into. First: manage.py loadcities")
        edition = day.coming_edition(timezone.now())
        numbers = missing_numbers(events, seed=seed, edition=edition)
        gallery = cache(store_picture)
        for start in range(0, len(numbers), BATCH):
            some = numbers[start : start + BATCH]
            samples = [invent(number, seed=seed, edition=edition, places=places) for number in some]
            add(samples, gallery=gallery)
            for number, sample in zip(some, samples, strict=True):
                work.ask(sample.event, number)
            self.report_progress(start + len(some), len(numbers))
        self.stdout.write(f"Samples added: {len(numbers)}. Already there: {events - len(numbers)}.")
        self.stdout.write("Reported events of earlier editions:")
        call_command("importevents", REPORTED, publish=True, stdout=self.stdout)
        self.summarise(edition)

    def refuse(self, events: int) -> None:
        if not 0 <= events <= MOST:
            raise CommandError(f"--events must be from 0 to {MOST}.")
        if not settings.DEBUG and Event.objects.filter(is_sample=False, source_url="").exists():
            raise CommandError(
                "This site holds real events and is public (DEBUG is off): invented ones do not belong there."
            )

    def report_progress(self, done: int, of: int) -> None:
        self.stdout.write(f"{done} of {of} sample events", ending="\r" if self.stdout.isatty() else "\n")

    def summarise(self, edition: int) -> None:
        rows = Event.objects.filter(is_sample=True, edition=edition).values_list("status", "condition", "country")
        samples = [*rows.order_by()]
        statuses = Counter(status for status, _condition, _country in samples)
        conditions = Counter(condition for _status, condition, _country in samples if condition != Condition.PLANNED)
        counts = ", ".join(f"{number} {name}" for name, number in (statuses + conditions).most_common())
        countries = {country for status, _condition, country in samples if status == Status.PUBLISHED}
        self.stdout.write(f"Samples of {edition}: {len(samples)}, in {len(countries)} countries ({counts}).")


def missing_numbers(events: int, *, seed: int, edition: int) -> list[int]:
    """The numbers of the samples that are not there yet."""
    known = set(Event.objects.filter(is_sample=True, edition=edition).values_list("submission", flat=True))
    return [number for number in range(events) if key(number, seed=seed, edition=edition) not in known]


def add(samples: Sequence[Sample], *, gallery: Callable[[int], picture.StoredPicture]) -> None:
    """Store samples, each with its picture, status and condition."""
    for sample in samples:
        if sample.picture is not None:
            stored = gallery(sample.picture)
            sample.event.image = stored.name
            sample.event.image_width, sample.event.image_height = stored.width, stored.height
    with transaction.atomic():
        for status, group in by_status(samples):
            moderation.add_all([sample.event for sample in group], status=status, reason=REASONS.get(status, ""))
        for sample in samples:
            if sample.condition == Condition.CANCELLED:
                moderation.cancel(sample.event, by=None)
            elif sample.condition == Condition.POSTPONED:
                moderation.postpone(sample.event, by=None)


def by_status(samples: Sequence[Sample]) -> Iterator[tuple[Status, Iterator[Sample]]]:
    return groupby(sorted(samples, key=lambda sample: sample.status), key=lambda sample: sample.status)


def store_picture(number: int) -> picture.StoredPicture:
    """Draw and store one of `PICTURES`; once in a run, because many samples share it."""
    motif, variant = PICTURES[number]
    return picture.store(images.clean(pictures.draw(motif, variant=variant)))
