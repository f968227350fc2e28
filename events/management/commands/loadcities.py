"""Fill the table of cities from the data that comes with the project."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from zlib import crc32

from django.core.management.base import BaseCommand
from django.db import transaction

from events.geo import cities
from events.models import City, change_version
from events.text import fold

BATCH = 2000
FIELDS = ["name", "country", "latitude", "longitude", "zone", "population", "search", "data_version"]
PROBE = "Ağcabədi Şəki Шәки Щучинск Jizzax Wien Querétaro تبریز Straße"


class Command(BaseCommand):
    """Write all cities in one transaction; rows of cities that left the data stay, events may refer to them."""

    help = "Loads the table of cities; does nothing when it is already loaded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="load again, also when nothing has changed")

    def handle(self, *, force: bool, **options: Any) -> None:
        version = current_version()
        # Every row carries the version of its load, and a load is one transaction: one such row proves them all.
        if not force and City.objects.filter(data_version=version).exists():
            self.stdout.write("The cities are already loaded.")
            return
        with transaction.atomic():
            change_version()  # lights may move
            self.load(row(record, version=version) for record in cities.read())

    def load(self, every: Iterator[City]) -> None:
        """Write the rows in batches, in place where they exist, and say how far it is."""
        written = 0
        while batch := list(islice(every, BATCH)):
            City.objects.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS)
            written += len(batch)
            self.stdout.write(f"{written} cities", ending="\r" if self.stdout.isatty() else "\n")
        self.stdout.write(f"Loaded {written} cities.")


def current_version() -> str:
    """Return the data's version, which also changes when the folding of names does."""
    return f"{cities.version()[:8]}{crc32(fold(PROBE).encode()):08x}"


def row(record: cities.CityRecord, *, version: str) -> City:
    """Return a place as the row to write."""
    place = record._asdict()
    return City(search=searchable(place.pop("names")), data_version=version, **place)


def searchable(names: Iterable[str]) -> str:
    """Return the distinct folded names, each between bars, so that a bar marks where a name begins and ends."""
    folded = dict.fromkeys(key for name in names if (key := fold(name)))
    return f"|{'|'.join(folded)}|"
