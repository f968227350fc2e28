"""Letters: into the outbox with their step, out of it by a real mail server on this machine, in plain words."""

import socket
from email import message_from_bytes, policy
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core.management import call_command
from django.utils import translation
from post_office.models import STATUS, Email

from events import mail, moderation
from events.models import Event, Status
from tests.factories import make_event, make_moderator

pytestmark = pytest.mark.django_db(transaction=True)  # the sender closes its connection


class MailServer:
    """Takes letters, or answers with `refusal` while it is set."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: object, envelope: object) -> str:
        if self.refusal:
            return self.refusal
        self.taken.append(envelope.content)
        return "250 OK"

    def letters(self):
        return [message_from_bytes(content, policy=policy.default) for content in self.taken]


@pytest.fixture(autouse=True)
def own_lock(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def mail_server(settings):
    handler = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": {"default": backend}}
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop()


def publish(**fields):
    moderation.publish(make_event(status=Status.PENDING, **fields), by=make_moderator("DE"))


def test_a_letter_arrives_once_however_often_it_is_sent(mail_server):
    publish(title="Həmrəylik gecəsi")

    for _time in range(3):
        call_command("sendletters")

    [letter] = mail_server.letters()
    assert letter["to"] == "private@example.org"
    assert letter["from"] == "directory@example.org"
    assert "Həmrəylik gecəsi" in letter.get_content()
    assert f"http://localhost/en/events/{Event.objects.get().pk}/hemreylik-gecesi/" in letter.get_content()


@pytest.mark.parametrize("refusal", ["451 come back later", "554 go away"])
def test_a_letter_that_is_refused_is_sent_again_later(mail_server, clock, refusal):
    publish()
    mail_server.refusal = refusal
    call_command("sendletters")
    assert Email.objects.get().status == STATUS.requeued
    assert Event.objects.get().status == Status.PUBLISHED

    mail_server.refusal = ""
    call_command("sendletters")
    assert mail_server.taken == []  # not at once: the server has said no
    clock.shift(16 * 60)
    call_command("sendletters")

    assert len(mail_server.taken) == 1


def test_the_watching_sender_tries_again_by_itself(mail_server, clock, monkeypatch):
    publish()
    mail_server.refusal = "451 come back later"

    def wait(seconds):
        if mail_server.taken:
            raise KeyboardInterrupt
        mail_server.refusal = ""
        clock.shift(60)

    monkeypatch.setattr("events.management.commands.sendletters.time.sleep", wait)
    with pytest.raises(KeyboardInterrupt):
        call_command("sendletters", watch=True)

    assert len(mail_server.taken) == 1


def test_a_mail_server_that_is_away_undoes_no_decision(settings):
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.POST_OFFICE = {**settings.POST_OFFICE, "BACKENDS": {"default": backend}}
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody answers there
    publish()

    call_command("sendletters")

    assert (Event.objects.get().status, Email.objects.get().status) == (Status.PUBLISHED, STATUS.requeued)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028"])
def test_what_people_typed_never_makes_a_header(mail_server, settings, break_):
    settings.SITE_NAME = f"Directory{break_}Bcc: sentinel@example.org"  # the only thing in a subject that may vary
    event = make_event(title=f"Evening{break_}Bcc: sentinel@example.org")

    mail.published(event)
    call_command("sendletters")

    [letter] = mail_server.letters()
    assert letter["bcc"] is None
    assert letter["subject"].startswith("Directory")
    assert letter["to"] == "private@example.org"


@pytest.mark.parametrize("typed", ["{{ event.contact_email }}", "{% now 'Y' %}", "{% broken", "<b>&amp;</b>"])
def test_what_people_typed_is_never_run_as_a_template_or_changed(mail_server, typed):
    publish(title=typed)

    call_command("sendletters")

    assert typed in mail_server.letters()[0].get_content().splitlines()


@pytest.mark.parametrize("language", ["az", "en", "ru", "tr"])
def test_a_letter_is_in_the_organisers_language_whatever_the_moderators(language):
    with translation.override("tr"):
        publish(contact_language=language)

    assert f"http://localhost/{language}/events/" in Email.objects.get().message


def test_a_reported_event_without_an_organiser_of_ours_gets_no_letter():
    publish(contact_email="", source_url="https://example.org/report")

    assert not Email.objects.exists()


def test_who_tries_the_site_out_reads_the_letters_on_the_console(settings):
    settings.DEBUG = True
    publish(title="Həmrəylik gecəsi")

    call_command("sendletters", stdout=(out := StringIO()))

    assert "To: private@example.org" in out.getvalue()
    assert "Həmrəylik gecəsi" in out.getvalue()
