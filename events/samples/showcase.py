"""Invented events in every state, for the style guide. They are never stored."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

from events.models import Event

STATES = Path(__file__).with_suffix(".json")
EVERY = {
    "languages": "az,de",
    "contact_email": "private@example.org",
    "country": "DE",
    "zone": "Europe/Berlin",
    "start_time": time(19, 0),
    "end_time": time(23, 0),
}


def events(edition: int) -> list[Event]:
    """One event for each entry of showcase.json, all on the evening before the Day."""
    rows = json.loads(STATES.read_text(encoding="utf-8"))
    return [_make(number, edition, fields) for number, fields in enumerate(rows, start=1)]


def _make(number: int, edition: int, fields: dict[str, Any]) -> Event:
    evening = date(edition, 12, 30)
    event = Event(**EVERY | fields, pk=number, start_date=evening, end_date=evening)
    event.derive()
    return event
