"""Whatever is typed or sent: no error of ours, and what is taken breaks no page, no calendar and no letter."""

import socket
from email import message_from_bytes, policy
from html.parser import HTMLParser
from itertools import count
from urllib.parse import urlencode, urlsplit

import icalendar
import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from post_office.models import Email

from events import erasure, moderation, text
from events.models import Event
from tests import organisers
from tests.factories import make_event, make_moderator, submission

numbers = count(1)
MARK = "<b data-typed>&\"'"  # in all that is typed; on no page is it a tag

WORDS = ["title", "description", "city", "venue", "address", "organiser", "supporters", "public_contact"]
WORDS += ["contact_name", "image_alt"]
LINKS = ["website", "registration_url", "online_url"]
OTHERS = ["contact_email", "country", "kind", "languages", "format", "admission", "address_visibility", "zone"]
OTHERS += ["start_date", "start_time", "end_date", "end_time", "latitude", "longitude", "consent", "is_new"]
OTHERS += ["place", "image_kept", "image_removed", "stamp", "work"]

# All code points; those that make the reading direction, end lines, or are none at all more often than the others.
ODD = "\x00\x0b\x1c\x7f\x85\u061c\u200b\u200f\u2028\u202e\u2066\ufdd0\ufffe\ufeff\U000e0041\U0001ffff\ud800\udfff\u0300"
ODD += "<>&;,:=\\\r\n"
EVERYTHING = st.text(st.one_of(st.characters(codec=None, exclude_categories=()), st.sampled_from(ODD)), max_size=80)
SHOWABLE = EVERYTHING.filter(lambda typed: not text.has_unshowable(typed))

# To shrink what fails takes minutes here, and each field is told apart without it.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
many = settings(max_examples=20, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(many, max_examples=12)


def encode(fields):
    """A form's fields as bytes, those that are no UTF-8 too."""
    return urlencode({name: as_bytes(value) for name, value in fields.items()}, doseq=True)


def as_bytes(value):
    return [*map(as_bytes, value)] if isinstance(value, list) else str(value).encode("utf-8", "surrogatepass")


def post(visitor, path, fields, **extra):
    return visitor.post(path, encode(fields), content_type="application/x-www-form-urlencoded", **extra)


def new_address():
    return f"person{next(numbers)}@example.org"


def send(visitor, **fields):
    """From a network and an address that have sent nothing yet, with every question answered."""
    number = next(numbers)
    answers = {"contact_email": new_address(), "is_new": "on", "place": "0", **fields}
    return post(visitor, "/en/submit/", submission(**answers), REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}")


class Page(HTMLParser):
    """The tags of a page, none of which may be typed ones, and all closed that must be."""

    ALONE = {"meta", "link", "input", "img", "br", "hr", "source", "use", "path", "col", "wbr"}
    UNCLOSED = {"p", "li", "option", "dt", "dd", "tr", "td", "th"}

    def __init__(self, html):
        super().__init__()
        self.tags, self.opened = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        assert "data-typed" not in dict(attributes)
        if tag not in self.ALONE | self.UNCLOSED:
            self.opened.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.ALONE | self.UNCLOSED:
            assert self.opened.pop() == tag


def check_page(answer):
    assert answer.status_code == 200
    html = answer.content.decode()
    page = Page(html)
    assert not page.opened
    assert html.rstrip().endswith("</html>")
    assert page.tags.count("main") == 1
    return html


def check_shown(answer):
    """Of what was taken nothing is on the page that no reader could have typed."""
    assert not text.has_unshowable(check_page(answer))


def check_letter(letter):
    """It has the headers that every letter has, once each, and says what is in the outbox."""
    message = message_from_bytes(letter.email_message().message().as_bytes(), policy=policy.default)
    assert sorted(name.lower() for name in message) == [
        *("auto-submitted", "content-transfer-encoding", "content-type", "date", "from"),
        *("message-id", "mime-version", "subject", "to"),
    ]
    assert [message["to"], message["subject"]] == [letter.to[0], letter.subject]
    assert not message.is_multipart()
    assert message.get_content_type() == "text/plain"
    assert not text.has_unshowable(message.get_content().replace("\r\n", "\n"))
    assert message.get_content().splitlines() == letter.message.splitlines()


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def moderator():
    return make_moderator(is_superuser=True)


# What is taken


@pytest.mark.django_db
@many
@given(st.fixed_dictionaries(dict.fromkeys(WORDS, SHOWABLE)))
def test_whatever_is_taken_breaks_no_page_no_calendar_and_no_letter(moderator, typed):
    visitor, address = Client(), new_address()
    room = {"title": 100, "city": 80, "contact_name": 80}
    fields = {name: (MARK + value)[: room.get(name, 180)] for name, value in typed.items()}
    answer = send(visitor, **fields, contact_email=address)
    assert answer.status_code == 302, answer.context["form"].errors

    event = Event.objects.get(contact_email=address)
    [letter] = Email.objects.filter(to=address)
    link = urlsplit(next(line for line in letter.message.splitlines() if "/confirm/" in line)).path
    check_shown(visitor.get(link))
    assert visitor.post(link).status_code == 302
    event.refresh_from_db()
    moderation.publish(event, by=moderator)

    own = f"/en/events/{event.pk}/{event.slug}/"
    for page in ("/en/", "/en/events/", f"/en/events/?{encode({'q': fields['title']})}", "/en/countries/de/", own):
        check_shown(visitor.get(page))
    entry = icalendar.Calendar.from_ical(visitor.get(f"/events/{event.pk}.ics").content).events[0]
    assert str(entry["summary"]) == event.title
    organiser = organisers.organiser(address)
    for page in ("/en/my-events/", f"/en/my-events/{event.pk}/", f"/en/my-events/{event.pk}/edit/"):
        check_shown(organiser.get(page))
    moderation.cancel(event, by=None, reason=text.clean_text(fields["description"]))
    check_shown(visitor.get(own))
    for letter in Email.objects.filter(to=address):
        check_letter(letter)
    erasure.forget(address)


@pytest.mark.django_db
def test_marks_are_not_piled_up_on_a_letter(visitor):
    send(visitor, title="Gecə" + "\u0301" * 50 + "!", contact_email="a@example.org")

    title = Event.objects.get().title
    assert title == "Gecə" + "\u0301" * text.MOST_MARKS + "!"


# What is typed


@pytest.mark.django_db
@many
@given(st.dictionaries(st.sampled_from([*WORDS, *LINKS, *OTHERS]), EVERYTHING, min_size=1, max_size=8))
def test_whatever_is_typed_anywhere_is_stored_or_answered_with_the_form(typed):
    answer = send(Client(), **typed)

    if answer.status_code != 302:
        check_page(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*WORDS, *LINKS, *OTHERS])
def test_two_megabytes_in_a_field_get_a_word(visitor, name):
    for typed in ("e\u0300\u0327" * 400_000, "\u0f73" * 600_000 + "\x00"):
        answer = visitor.post("/en/submit/", submission(**{name: typed}))

        assert answer.status_code in ({200} if name in WORDS + LINKS else {200, 302})


@pytest.mark.django_db
@few
@given(EVERYTHING, EVERYTHING)
def test_whatever_is_searched_for_is_answered(one, other):
    visitor = Client()
    for asked in (
        {"q": one, "city": other},
        {"country": one, "page": other},
        {"kind": one, "date_from": other, "edition": one},
    ):
        check_page(visitor.get(f"/en/events/?{encode(asked)}"))
    for country in ("DE", other):
        assert visitor.get(f"/en/cities/?{encode({'country': country, 'q': one})}").status_code == 200
    check_page(visitor.get(f"/en/submit/?{encode({'country': one})}"))


@pytest.mark.django_db
@few
@given(EVERYTHING)
def test_whatever_address_is_given_for_a_link_is_answered_and_writes_to_it_alone(typed):
    number = next(numbers)
    for address in (typed, f"{typed}@example.org"):
        asked = {"contact_email": address}
        answer = post(Client(), "/en/my-events/", asked, REMOTE_ADDR=f"10.1.{number // 250}.{number % 250}")

        assert answer.status_code in {200, 302}
    assert not Email.objects.exists()


@pytest.mark.django_db
@few
@given(EVERYTHING)
def test_whatever_is_said_with_a_step_is_taken_or_answered_with_the_form(typed):
    event = make_event(contact_email=(address := new_address()))
    organiser = organisers.organiser(address)
    for step in ("cancel", "restore", "postpone", "withdraw"):
        event.refresh_from_db()
        said = {"version": event.version, "reason": MARK + typed}
        answer = post(organiser, f"/en/my-events/{event.pk}/{step}/", said, follow=True)
        check_page(answer)

    for letter in Email.objects.filter(to=address):
        check_letter(letter)


# What is sent


def ask(server, raw):
    """The status of the answer to a raw request."""
    with socket.create_connection(server) as line:
        line.settimeout(20)
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        return int(line.makefile("rb").readline().split()[1])


def request(body=b"", *, method="POST", kind="application/x-www-form-urlencoded", length=None, path="/en/submit/"):
    size = len(body) if length is None else length
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"Content-Type: {kind}"] * bool(kind) + [f"Content-Length: {size}"] * (size != "")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


MULTIPART = "multipart/form-data; boundary=edge"
PART = b'--edge\r\nContent-Disposition: form-data; name="title"\r\n\r\nEvening\r\n'
END = b"--edge--\r\n"
FILE = b'--edge\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: image/jpeg\r\n\r\n%s\r\n'

RAW = {
    "nothing": request(),
    "JSON": request(b'{"title": "Evening"}', kind="application/json"),
    "no type": request(b"title=Evening", kind=""),
    "nonsense for a type": request(b"title=Evening", kind='\xff;;="; charset=;'),
    "an encoding that is none": request(b"title=Evening", kind="application/x-www-form-urlencoded; charset=none-such"),
    "another encoding": request("title=Ə".encode("utf-16"), kind="application/x-www-form-urlencoded; charset=utf-16"),
    "bytes that are no text": request(b"title=%ff%fe%00&description=\xff\xfe\x00"),
    "a thousand fields and one": request(b"&".join(b"f%d=1" % number for number in range(1001))),
    "a huge name": request(b"x" * 3_000_000 + b"=1"),
    "more than any form": request(b"title=" + b"x" * 5_000_000),
    "several values of one": request(b"title=one&title=two&country=DE&country=ZZ&place=1&place=2&stamp=1&stamp=2"),
    "no boundary": request(PART + END, kind="multipart/form-data"),
    "an empty boundary": request(PART + END, kind="multipart/form-data; boundary="),
    "a boundary that is never there": request(PART + END, kind="multipart/form-data; boundary=other"),
    "truncated": request(PART + PART[:60], kind=MULTIPART),
    "shorter than it says": request(PART, kind=MULTIPART, length=len(PART) + 1000),
    "longer than it says": request(PART + END, kind=MULTIPART, length=20),
    "no length": request(PART + END, kind=MULTIPART, length=""),
    "a length that is none": request(PART + END, kind=MULTIPART, length="many"),
    "a negative length": request(PART + END, kind=MULTIPART, length=-5),
    "a file for a text": request(FILE % (b"title", b"a.txt", b"Evening") + END, kind=MULTIPART),
    "a text for a file": request(PART.replace(b"title", b"image") + END, kind=MULTIPART),
    "files without end": request(FILE % (b"image", b"a.jpg", b"\xff\xd8") * 101 + END, kind=MULTIPART),
    "a file with an odd name": request(
        FILE % (b"image", b'../\x00\xff"/etc/passwd', b"\xff\xd8") + END, kind=MULTIPART
    ),
    "parts in base64 that are none": request(
        PART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!") + END, kind=MULTIPART
    ),
    "a huge header of a part": request(b"--edge\r\n" + b"X: y\r\n" * 5000 + b"\r\nx\r\n" + END, kind=MULTIPART),
    "HEAD": request(method="HEAD"),
    "PUT": request(b"title=Evening", method="PUT"),
    "DELETE": request(method="DELETE"),
    "OPTIONS": request(method="OPTIONS"),
    "a confirmation by PUT": request(method="PUT", path="/en/confirm/token/"),
    "a confirmation of nothing": request(path="/en/confirm/%00%ff/"),
    "a page of nothing": request(method="GET", path="/en/submit/?country=%00&" + "a=1&" * 1001),
}


@pytest.mark.django_db(transaction=True)
def test_whatever_is_sent_is_answered_with_the_form_or_refused(live_server):
    server = (live_server.thread.host, live_server.thread.port)

    answers = {name: ask(server, raw) for name, raw in RAW.items()}

    assert not {name: status for name, status in answers.items() if status != 200 and not 400 <= status < 500}
    assert not Event.objects.exists()
