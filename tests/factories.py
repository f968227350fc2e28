"""Rows and form data as people would make them; every test names only what it is about."""

from datetime import date, time, timedelta
from itertools import count

from django.contrib.auth.models import User
from django.utils import timezone

from events.forms.stamp import make_stamp
from events.models import City, Event, Moderator, Status, change_version

numbers = count(1)

BERLIN = {"id": 2950159, "name": "Berlin", "country": "DE", "latitude": 52.52, "longitude": 13.41}
PARIS = {"id": 2988507, "name": "Paris", "country": "FR", "latitude": 48.85, "longitude": 2.35}


def make_city(**fields) -> City:
    values = {"zone": "Europe/Berlin", "population": 1_000_000, **BERLIN, **fields}
    values.setdefault("search", f"|{values['name'].lower()}|")
    return City.objects.update_or_create(id=values.pop("id"), defaults=values)[0]


def make_event(**fields) -> Event:
    """A published concert in Berlin on the evening of 27 December 2026, unless said otherwise."""
    values = {
        "title": f"Sample evening {next(numbers)}",
        "kind": "concert",
        "languages": "az,de",
        "organiser": "Sample Association",
        "contact_email": "private@example.org",
        "country": "DE",
        "city": "Berlin",
        "start_date": date(2026, 12, 27),
        "start_time": time(19, 0),
        "zone": "Europe/Berlin",
        "status": Status.PUBLISHED,
        **fields,
    }
    change_version()  # as the verbs do
    return Event.objects.create(**values)


def make_moderator(*countries: str, **fields) -> User:
    """A member of staff who moderates these countries; none at all without countries."""
    user = User.objects.create_user(f"moderator{next(numbers)}", password="sample", is_staff=True, **fields)
    if countries:
        Moderator.objects.create(user=user, countries=list(countries))
    return user


def submission(**fields) -> dict[str, object]:
    """What a browser sends with a form that is filled in well; None takes a field out."""
    data = {
        "title": "Həmrəylik gecəsi",
        "description": "An evening of *mugham*.",
        "kind": "concert",
        "languages": ["az", "de"],
        "admission": "free",
        "format": "in_person",
        "country": "DE",
        "city": "Berlin",
        "venue": "Sample House",
        "address": "Sample Street 12",
        "address_visibility": "public",
        "start_date": "2026-12-27",
        "start_time": "19:00",
        "end_date": "",
        "end_time": "23:00",
        "zone": "Europe/Berlin",
        "organiser": "Sample Association",
        "contact_name": "Sample Person",
        "contact_email": "private@example.org",
        "consent": "on",
        "stamp": make_stamp(now=timezone.now() - timedelta(minutes=3)),  # shown three minutes ago
        **fields,
    }
    return {name: value for name, value in data.items() if value is not None}
