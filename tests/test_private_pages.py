"""Private addresses: nobody but the organiser finds anything there, and looking changes nothing."""

import re
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Condition, Status
from events.urls import private_pages
from tests.factories import make_moderator, submission
from tests.organisers import make_own_event as make_event
from tests.organisers import organiser, private_addresses, propose, read_tables
from tests.staff import sign_in
from tests.test_leaks import store_picture

pytestmark = pytest.mark.django_db

# Addresses of one event, and what is sent there. One that is missing here fails the first test.
OF_ONE_EVENT = {
    "my-event": {},
    "my-event-edit": {"title": "Sentinel"},
    "my-event-copy": submission(),
    "my-event-confirm": {},
    "my-event-take-back": {},
    "my-event-cancel": {"version": 1},
    "my-event-postpone": {"version": 1},
    "my-event-restore": {"version": 1},
    "my-event-withdraw": {"version": 1},
}
OF_ONE_PERSON = {"my-data": {}, "my-data-delete": {"is_sure": "on"}}
OPEN = {"my-events", "my-events-asked", "enter", "leave", "my-data-deleted"}  # to whoever comes; test_access.py
ONLY_POST = {"leave", "my-event-confirm", "my-event-take-back"}
ONLY_GET = {"my-event", "my-data"}


def make_every_kind():
    """One event of each status, one that is cancelled, and one with a proposal."""
    events = [make_event(status=status, **store_picture()) for status in Status]
    events.append(make_event(condition=Condition.CANCELLED))
    propose(events[3], title="Proposed evening")
    return events


def test_every_private_address_is_in_the_lists():
    assert {path.name for path in private_pages} == OF_ONE_EVENT.keys() | OF_ONE_PERSON.keys() | OPEN


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("name", OF_ONE_EVENT)
def test_whoever_has_not_entered_for_this_event_finds_what_is_where_nothing_ever_was(name, status):
    event = make_event(status=status, condition=Condition.PLANNED)
    abroad, at_home, chief = make_moderator("FR"), make_moderator("DE"), make_moderator(is_superuser=True)
    everybody = [Client(), organiser("other@example.org"), *(Client() for _user in range(3))]
    for client, user in zip(everybody[2:], (abroad, at_home, chief), strict=True):
        sign_in(client, user)
    before = read_tables()
    known, unknown = (reverse(name, args=[pk]) for pk in (event.pk, event.pk + 10))

    for client in everybody:
        for ask in (client.get, partial(client.post, data=OF_ONE_EVENT[name])):
            answer, nothing = ask(known), ask(unknown)
            is_refused = name in (ONLY_POST if ask == client.get else ONLY_GET)
            assert answer.status_code == nothing.status_code == (405 if is_refused else 404)
            assert answer.text == nothing.text.replace(f"/{event.pk + 10}/", f"/{event.pk}/")
            assert not answer.cookies
    assert read_tables() == before


@pytest.mark.parametrize("name", OF_ONE_PERSON)
def test_nobody_who_has_not_entered_gets_or_deletes_data(name):
    make_event()
    before = read_tables()

    for client in (Client(), Client()):
        for answer in (client.get(reverse(name)), client.post(reverse(name), OF_ONE_PERSON[name])):
            assert answer.status_code in {404, 405}
    assert read_tables() == before


@pytest.mark.parametrize("pk", ["0", "-1", "99999999999999999999", "9" * 400, "1e3", "٣"])
@pytest.mark.parametrize("rest", ["", "edit/", "cancel/", "copy/"])
def test_a_nonsense_number_is_no_event(pk, rest):
    inside = organiser()

    assert inside.get(f"/en/my-events/{pk}/{rest}").status_code == 404
    if rest:
        assert inside.post(f"/en/my-events/{pk}/{rest}", {"version": 1}).status_code == 404


def test_looking_changes_nothing():
    events, inside = make_every_kind(), organiser()
    before = read_tables()

    for event in events:
        for name, address in private_addresses(event).items():
            for answer in (inside.get(address), inside.head(address)):
                assert answer.status_code in ({405} if name in ONLY_POST else {200, 302, 404}), address
    assert read_tables() == before


@pytest.mark.parametrize("name", [*OF_ONE_EVENT, *OF_ONE_PERSON, "leave"])
def test_no_other_site_can_press_a_button_for_an_organiser(name):
    event = make_event()
    inside = organiser(enforce_csrf_checks=True)
    before = read_tables()

    answer = inside.post(private_addresses(event)[name], {"version": 1, "is_sure": "on"})

    assert answer.status_code in ({405, 403} if name in ONLY_GET else {403})
    assert read_tables() == before


def test_every_button_of_an_organisers_pages_works_in_their_browser():
    inside = organiser(enforce_csrf_checks=True)
    forms = 0
    for event in make_every_kind():
        for address in (*private_addresses(event).values(), "/en/my-events/"):
            page = b"" if "/enter/" in address else inside.get(address).getvalue()
            for form in re.findall(r'<form [^>]*method="post".*?</form>', page.decode(errors="replace"), re.DOTALL):
                assert "csrfmiddlewaretoken" in form, (address, form)
                forms += 1
    assert forms > 20
    assert take_with_token(inside, event, "restore").status_code == 302


def take_with_token(client, event, name):
    address = reverse(f"my-event-{name}", args=[event.pk])
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(address).text)[1]
    return client.post(address, {"version": event.version, "csrfmiddlewaretoken": token})


def test_private_pages_are_kept_by_no_cache_and_found_by_no_search_engine():
    inside = organiser()
    for event in make_every_kind():
        for name, address in private_addresses(event).items():
            answer = inside.get(address)
            if name != "my-data" and answer.status_code == 200:
                assert "no-store" in answer.headers["Cache-Control"], name
                assert "noindex" in answer.text or name == "my-events", name
