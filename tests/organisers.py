"""Organisers: their browsers, their letters, their events, and what they send to change one."""

import json
import re
from collections.abc import Container

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from events import access
from events.forms.edit import EditForm
from events.models import Amendment, Event
from events.urls import private_pages
from tests.factories import make_city, make_event
from tests.reading import text_of

ADDRESS = "private@example.org"  # that of tests/factories.py
POSITION = {"latitude": 52.52, "longitude": 13.41}  # of Berlin


def start_session(address: str = ADDRESS) -> str:
    """The key of a session of somebody who has just entered by a letter to that address."""
    session = SessionStore()
    access.enter(access.make_entry(address, now=timezone.now()), session, now=timezone.now())
    session.save()
    return str(session.session_key)


def organiser(address: str = ADDRESS, **options) -> Client:
    """Their browser, in which they have entered."""
    client = Client(**options)
    client.cookies["sessionid"] = start_session(address)
    return client


def find_link(address: str = ADDRESS) -> str:
    """The path of the link in the last letter to that address."""
    letter = Email.objects.filter(to__iexact=address).latest("id")
    return re.search(r"http://[^/\s]+(/\S+/enter/\S+)", letter.message)[1]


def private_addresses(event: Event) -> dict[str, str]:
    """Every address of an organiser's own pages, as they are for this event, by name."""
    args = {"<int:pk>": [event.pk], "<str:token>": ["nonsense"]}
    found = {path.name: re.findall("<[^>]*>", str(path.pattern)) for path in private_pages}
    return {name: reverse(name, args=args[parts[0]] if parts else []) for name, parts in found.items()}


def changes_of(event: Event, **fields: object) -> dict[str, object]:
    """What a browser sends with the form for changing the event, filled in as it is shown but for `fields`."""
    form = EditForm(event=Event.objects.get(pk=event.pk), now=timezone.now())
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**shown, **fields}.items() if value not in (None, "", False)}


def make_own_event(**fields):
    """One of ADDRESS, filled in as by the form, unless said otherwise."""
    return make_event(**{"admission": "free", "place": make_city(), **POSITION, **fields})


def page_of(client, event, name="my-event"):
    return client.get(reverse(name, args=[event.pk]))


def words_of(client, event):
    return text_of(page_of(client, event).text)


def take(client, event, name, **fields):
    return client.post(reverse(f"my-event-{name}", args=[event.pk]), {"version": event.version, **fields}, follow=True)


def change(client, event, **fields):
    return client.post(reverse("my-event-edit", args=[event.pk]), changes_of(event, **fields), follow=True)


def propose(event, **fields):
    """The amendment that a change of these fields makes."""
    change(organiser(), event, **fields)
    return Amendment.objects.get(event=event)


def errors_in(answer):
    assert answer.status_code == 200
    return text_of(re.search(r'<section class="errors".*?</section>', answer.text, re.DOTALL)[0])


def read_tables(*, without: Container[str] = ()) -> str:
    """All that the database holds, as JSON: every row of every table."""
    tables = {}
    with connection.cursor() as cursor:
        for table in sorted({*connection.introspection.table_names(cursor)} - {*without}):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - its own names
            tables[table] = sorted(map(str, cursor.fetchall()))
    return json.dumps(tables, ensure_ascii=False)
