"""Letters: what they say, to whom, in which language, and that what people typed does no harm in them."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from post_office.models import Email

from events import mail, moderation
from events.models import Event, Status
from tests.factories import make_event, make_moderator
from tests.mailserver import running_mail_server

pytestmark = pytest.mark.django_db

LETTERS = {  # about an event: what each function is given besides
    "received": {},
    "published": {},
    "returned": {"reason": "Which hall?", "token": "sample-token"},
    "declined": {"reason": "Not about the day."},
    "cancelled": {"reason": "The hall is flooded."},
    "postponed": {"reason": "The singer is ill."},
    "restored": {"reason": "The hall is dry again."},
    "reopened": {"reason": "The hall asked us."},
    "withdrawn": {},
    "amendment_accepted": {},
    "amendment_refused": {"reason": "Which hall?", "token": "sample-token"},
    "amendment_reverted": {"reason": "The hall says seven.", "token": "sample-token"},
}
WITH_PAGE = {"published", "cancelled", "postponed", "restored", "amendment_accepted"}
MY_EVENTS = "http://localhost/en/my-events/"


@pytest.fixture
def mail_server(settings):
    with running_mail_server(settings) as server:
        yield server


def publish(**fields):
    moderation.publish(make_event(status=Status.PENDING, **fields), by=make_moderator("DE"))


def write(name, event):
    """The letter `name` about `event`, as it waits in the outbox."""
    getattr(mail, name)(event, **LETTERS[name])
    return Email.objects.get()


# What they say


@pytest.mark.parametrize("name", LETTERS)
def test_each_letter_says_which_event_and_why_and_where_all_of_them_are(name):
    event = make_event(title="Novruz evening", city="Köln", slug="novruz-evening")

    letter = write(name, event)

    lines = letter.message.splitlines()
    assert lines[lines.index("Novruz evening") + 1] == "Sunday, 27 December 2026, 19:00, Köln"
    assert LETTERS[name].get("reason", "") in letter.message
    assert lines[-3:] == [MY_EVENTS, "", "Solidarity Day of World Azerbaijanis"]
    assert (f"http://localhost/en/events/{event.pk}/novruz-evening/" in lines) == (name in WITH_PAGE)
    assert (MY_EVENTS + "enter/sample-token/" in lines) == ("token" in LETTERS[name])


def test_whoever_registered_an_event_once_more_is_led_to_the_one_that_visitors_find():
    first = make_event(title="Novruz evening", contact_email="first@example.org", slug="novruz-evening")

    mail.merged(make_event(title="Novruz party", city="Köln"), into=first)

    letter = Email.objects.get()
    assert letter.to == ["private@example.org"]
    lines = letter.message.splitlines()
    assert lines[lines.index("Novruz party") + 1] == "Sunday, 27 December 2026, 19:00, Köln"
    assert f"http://localhost/en/events/{first.pk}/novruz-evening/" in lines
    assert "first@example.org" not in letter.message  # who holds the other one is not told
    assert letter.subject == "Solidarity Day of World Azerbaijanis: your event is listed already"


@pytest.mark.parametrize("name", LETTERS)
def test_no_subject_holds_what_people_typed(name):
    letter = write(name, make_event(title="Sentinel", organiser="Sentinel", city="Sentinel"))

    assert "Sentinel" in letter.message
    assert letter.subject.startswith("Solidarity Day of World Azerbaijanis: ")
    assert not any(typed in letter.subject for typed in ("Sentinel", *LETTERS[name].values()))


@pytest.mark.parametrize("name", ["cancelled", "postponed", "restored", "reopened"])
def test_a_note_may_be_missing_without_leaving_a_hole(name):
    getattr(mail, name)(make_event(), reason="")

    assert "\n\n\n" not in Email.objects.get().message


@pytest.mark.parametrize("name", ["returned", "amendment_refused", "amendment_reverted"])
def test_without_a_link_to_answer_by_the_letter_leads_to_my_events(name):
    getattr(mail, name)(make_event(), reason="Which hall?")

    letter = Email.objects.get().message
    assert "enter/" not in letter
    assert MY_EVENTS in letter


@pytest.mark.parametrize(
    ("send", "link"),
    [
        (lambda event: mail.confirm_submission(event, token="sample-token"), "confirm/sample-token/"),
        (
            lambda event: mail.enter(event.contact_email, language="az", token="sample-token"),
            "my-events/enter/sample-token/",
        ),
    ],
)
def test_a_letter_to_an_address_that_is_not_proven_holds_a_link_and_nothing_that_was_typed(send, link):
    typed = dict.fromkeys(["title", "description", "organiser", "city", "contact_name", "venue"], "Sentinel")
    send(make_event(contact_language="az", slug="sentinel", **typed))

    letter = Email.objects.get()
    assert "entinel" not in letter.subject + letter.message
    assert [line for line in letter.message.splitlines() if "http" in line] == [f"http://localhost/az/{link}"]


@pytest.mark.parametrize("language", ["az", "en", "ru", "tr"])
def test_a_letter_leads_to_the_pages_in_the_organisers_language_whatever_the_moderators(language):
    with translation.override("tr"):
        publish(contact_language=language)

    assert f"http://localhost/{language}/events/" in Email.objects.get().message


@pytest.mark.parametrize("language", ["az", "ru", "tr"])
def test_every_sentence_of_every_letter_is_in_the_organisers_language(language):
    templates = (settings.BASE_DIR / "templates/mail").glob("*.txt")
    sentences = {sentence for file in templates for sentence in re.findall(r'translate "([^"]+)"', file.read_text())}

    with translation.override(language):
        untranslated = [sentence for sentence in sentences if translation.gettext(sentence) == sentence]

    assert len(sentences) > 30
    assert not untranslated


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("az", "Dünya Azərbaycanlılarının Həmrəyliyi Günü: tədbiriniz dərc edilib"),
        ("en", "Solidarity Day of World Azerbaijanis: your event is published"),
        ("ru", "День солидарности азербайджанцев мира: ваше мероприятие опубликовано"),
        ("tr", "Dünya Azerbaycanlıları Dayanışma Günü: etkinliğiniz yayımlandı"),
    ],
)
def test_the_subject_names_the_site_and_what_happened_in_the_organisers_language(language, subject):
    publish(contact_language=language)

    assert Email.objects.get().subject == subject


@pytest.mark.parametrize("name", LETTERS)
def test_a_reported_event_without_an_organiser_of_ours_gets_no_letter(name):
    getattr(mail, name)(make_event(contact_email="", source_url="https://example.org/report"), **LETTERS[name])

    assert not Email.objects.exists()


# What people typed


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
    mail.declined(make_event(title=typed, city=typed), reason=typed)

    call_command("sendletters")

    lines = mail_server.letters()[0].get_content().splitlines()
    assert [line.endswith(typed) for line in lines].count(True) == 3


# As they leave


def test_a_letter_says_that_a_program_wrote_it_so_that_no_program_answers(mail_server):
    publish(title="Həmrəylik gecəsi")

    call_command("sendletters")

    [letter] = mail_server.letters()
    assert letter["auto-submitted"] == "auto-generated"
    assert letter["from"] == "directory@example.org"
    assert letter["to"] == "private@example.org"
    assert letter.get_content_type() == "text/plain"
    assert "Həmrəylik gecəsi" in letter.get_content()
    assert f"http://localhost/en/events/{Event.objects.get().pk}/hemreylik-gecesi/" in letter.get_content()


def test_what_is_left_of_a_sent_letter_says_to_whom_and_when_but_not_what(mail_server):
    mail.enter("private@example.org", language="en", token="sample-token")

    call_command("sendletters")

    [row] = Email.objects.values()
    assert (row["to"], row["subject"].endswith("your link to my events")) == (["private@example.org"], True)
    assert "sample-token" in mail_server.letters()[0].get_content()
    assert "sample-token" not in str(row)
    assert row["message"] == ""


def test_who_tries_the_site_out_reads_the_letters_on_the_console(settings):
    settings.DEBUG = True
    publish(title="Həmrəylik gecəsi")

    call_command("sendletters", stdout=(out := StringIO()))

    assert "To: private@example.org" in out.getvalue()
    assert "Həmrəylik gecəsi" in out.getvalue()
    assert Email.objects.get().message == ""
