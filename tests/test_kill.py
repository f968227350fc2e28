"""Processes that are killed, as by a power cut: what they leave behind agrees, and what was begun is done later."""

import http.client
import random
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from post_office.models import STATUS, Email

from events import mail
from events.models import Event, Link, Step
from tests import workers
from tests.factories import make_city, submission
from tests.mailserver import running_mail_server
from tools.production import find_free_port

pytestmark = pytest.mark.django_db(transaction=True)  # other processes read and write the same rows

KILLS = 20
PATIENCE = 60  # seconds, on a busy machine, until something must have happened


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def wait_at_random(longest):
    time.sleep(random.uniform(0, longest))  # noqa: S311 - of what nobody may guess there is nothing here


class Visitors:
    """Two who submit one event after another, and each again until the site says that it has it."""

    def __init__(self, port):
        self.port = port
        self.acknowledged, self.unanswered = [], 0
        self.is_over, self.patient_until = threading.Event(), time.monotonic() + PATIENCE
        self.threads = [threading.Thread(target=self.submit_events, args=(name,)) for name in ("first", "second")]

    def submit_events(self, name):
        number = 0
        while not self.is_over.is_set():
            number += 1
            address = f"{name}{number}@example.org"
            data = submission(contact_email=address, title=f"Sample evening {number} of the {name}")
            while not self.has_submitted(data, network=f"192.0.{number % 250}.{len(name)}"):
                self.unanswered += 1
                assert time.monotonic() < self.patient_until
            self.acknowledged.append(address)

    def has_submitted(self, data, *, network):
        connection = http.client.HTTPConnection(workers.HOST, self.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": network}
        try:
            connection.request("POST", "/en/submit/", urlencode(data, doseq=True), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.headers["Location"] == "/en/submit/sent/"
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)
            return False
        finally:
            connection.close()

    @contextmanager
    def at_work(self):
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.is_over.set()
            for thread in self.threads:
                thread.join()


def test_a_web_server_that_is_killed_leaves_each_event_with_its_step_its_link_and_its_letter():
    make_city()
    port = find_free_port()
    visitors = Visitors(port)
    server = workers.start(workers.serve, port, TRUSTED_PROXIES=1)
    try:
        with visitors.at_work():
            for _kill in range(KILLS):
                known = len(visitors.acknowledged)
                wait_for(lambda known=known: len(visitors.acknowledged) > known)
                wait_at_random(0.2)
                server.kill()
                server.join()
                server = workers.start(workers.serve, port, TRUSTED_PROXIES=1)
    finally:
        server.kill()
        server.join()

    assert visitors.unanswered >= KILLS  # the kills hit somebody
    addresses = Counter(Event.objects.values_list("contact_email", flat=True))
    assert addresses == Counter(visitors.acknowledged) == Counter(dict.fromkeys(addresses, 1))
    assert Counter(letter.to[0] for letter in Email.objects.all()) == addresses
    assert Counter(Link.objects.values_list("event__contact_email", flat=True)) == addresses
    assert Counter(Step.objects.values_list("event__contact_email", "verb")) == {
        (address, "submit"): 1 for address in addresses
    }


@pytest.fixture
def mail_server(settings):
    with running_mail_server(settings) as server:
        server.delay = 0.01
        yield server


@pytest.fixture
def start_sender(settings):
    """Starts senders that send to the server of the test; all of them are ended with it."""
    senders = []
    wanted = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_TIMEOUT")

    def start():
        senders.append(workers.start(workers.send_letters, **{name: getattr(settings, name) for name in wanted}))
        return senders[-1]

    yield start
    for sender in senders:
        sender.kill()
        sender.join()


def queue_letters(number):
    names = [f"organiser{number}@example.org" for number in range(number)]
    for name in names:
        mail.enter(name, language="en", token="sample-token")
    return Counter(names)


def wait_for_letters(mail_server, more):
    """Until so many more were taken, or all."""
    known, queued = len(mail_server.taken), Email.objects.count()
    wait_for(lambda: len(mail_server.taken) >= min(known + more, queued))


def send_the_rest(clock):
    clock.shift(timedelta(hours=1))
    call_command("sendletters")
    assert {*Email.objects.values_list("status", "message")} == {(STATUS.sent, "")}


def test_a_sender_that_is_killed_loses_no_letter_and_doubles_at_most_the_one_it_was_at(
    mail_server, start_sender, clock
):
    wanted, killed_at_work = queue_letters(250), 0
    for _kill in range(KILLS):
        sender = start_sender()
        wait_for_letters(mail_server, 1)
        wait_at_random(0.1)
        sender.kill()
        sender.join()
        killed_at_work += len(mail_server.taken) < wanted.total()
    assert killed_at_work > KILLS / 2

    send_the_rest(clock)

    arrived = Counter(mail_server.addresses())
    assert arrived.keys() == wanted.keys()
    assert (arrived - wanted).total() <= KILLS


def test_senders_that_work_side_by_side_and_are_ended_in_the_ordinary_way_double_nothing(
    mail_server, start_sender, clock
):
    wanted = queue_letters(120)
    for _ending in range(5):
        senders = [start_sender(), start_sender()]
        wait_for_letters(mail_server, 12)
        for sender in senders:
            sender.terminate()
        for sender in senders:
            sender.join()
    assert not Email.objects.filter(status=STATUS.queued, number_of_retries=1).exists()  # none was left half sent

    send_the_rest(clock)

    assert Counter(mail_server.addresses()) == wanted
