"""The moderation desk: who finds what there, and what its buttons do."""

from copy import copy
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from post_office.models import Email

from events import amendments, images, moderation
from events.forms.decision import ProposalForm
from events.models import Amendment, Directory, Event, Moderator, Status, change_version, read_version
from tests import pictures
from tests.factories import make_event, make_moderator

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"
PROPOSALS = "/admin/events/amendment/"
SWITCHES = "/admin/events/directory/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(event):
    return f"{LIST}{event.pk}/change/"


@pytest.fixture
def waiting():
    return make_event(title="Waiting evening", status=Status.PENDING)


@pytest.fixture
def foreign():
    return make_event(title="Sentinel soirée", status=Status.PENDING, country="FR", city="Paris", zone="Europe/Paris")


@pytest.fixture
def german_desk():
    return signed_in(make_moderator("DE"))


@pytest.fixture
def chief():
    return signed_in(User.objects.create_superuser("chief", password="sample"))


def make_proposal(event, *, proposal=0, **fields):
    proposed = copy(event)
    for name, value in fields.items():
        setattr(proposed, name, value)
    amendments.propose(event, proposed, version=event.version, proposal=proposal)
    return Amendment.objects.get(event=event)


@pytest.fixture
def proposal():
    return make_proposal(make_event(title="First name"), title="Second name", venue="Sample House")


@pytest.fixture
def foreign_proposal():
    paris = make_event(title="Sentinel soirée", country="FR", city="Paris", zone="Europe/Paris")
    return make_proposal(paris, venue="Sentinelvenue")


def page_of_proposal(proposal):
    return f"{PROPOSALS}{proposal.pk}/change/"


def test_pending_events_stand_first_and_the_next_to_start_on_top(german_desk):
    make_event(title="Aaa seen", start_date=date(2026, 12, 1))
    make_event(title="Bbb last", status=Status.PENDING, start_date=date(2026, 12, 31))
    make_event(title="Ccc next", status=Status.PENDING, start_date=date(2026, 12, 20))

    page = german_desk.get(LIST).text

    assert page.index("Ccc next") < page.index("Bbb last") < page.index("Aaa seen")


@pytest.mark.parametrize(
    ("button", "reason", "status", "letters"),
    [
        ("_publish", "", Status.PUBLISHED, 1),
        ("_return", "Which hall?", Status.RETURNED, 1),
        ("_decline", "Not about the day.", Status.DECLINED, 1),
        ("_spam", "", Status.DECLINED, 0),
    ],
)
def test_each_button_does_what_it_says(german_desk, waiting, button, reason, status, letters):
    assert f'name="{button}"' in german_desk.get(page_of(waiting)).text

    answer = german_desk.post(page_of(waiting), {button: "x", "reason": reason, "version": 1}, follow=True)

    waiting.refresh_from_db()
    step = waiting.steps.get()
    assert (waiting.status, step.reason, Email.objects.count()) == (status, reason, letters)
    assert "Waiting evening" in answer.text
    if reason:
        assert reason in Email.objects.get().message


def test_the_decision_page_shows_the_private_contact_and_what_happened(german_desk, waiting):
    german_desk.post(page_of(waiting), {"_return": "x", "reason": "Which hall?", "version": 1})

    page = german_desk.get(page_of(waiting)).text

    assert "private@example.org" in page
    assert "Which hall?" in page
    assert 'name="_reopen"' in page
    assert 'name="_publish"' not in page


def test_the_status_is_not_to_be_typed(german_desk, waiting):
    assert 'name="status"' not in german_desk.get(page_of(waiting)).text

    forged = {"status": "published", "country": "FR", "title": "Forged", "contact_email": "x@example.org", "_save": "x"}
    german_desk.post(page_of(waiting), {**forged, "version": 1})

    waiting.refresh_from_db()
    assert (waiting.status, waiting.country, waiting.title) == (Status.PENDING, "DE", "Waiting evening")


@pytest.mark.parametrize("version", ["", "0", "2", "abc", "99999999999999999999999"])
def test_a_decision_on_another_version_is_refused_in_words_and_the_reason_stays(german_desk, waiting, version):
    answer = german_desk.post(page_of(waiting), {"_decline": "x", "reason": "Not about the day.", "version": version})

    waiting.refresh_from_db()
    assert (waiting.status, waiting.steps.count()) == (Status.PENDING, 0)
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert "Not about the day." in answer.text


def test_declining_without_a_reason_is_refused_in_words(german_desk, waiting):
    answer = german_desk.post(page_of(waiting), {"_decline": "x", "reason": " ", "version": 1})

    assert "Write the organiser a reason." in answer.text
    assert Event.objects.get().status == Status.PENDING


@pytest.mark.parametrize(
    "query",
    [
        "title__regex=(",
        "title__contains=%00",
        "created_at__year=99999999",
        "id__range=1",
        "status=x",
        "edition=x",
        "p=x",
    ],
)
def test_no_question_to_the_list_is_an_error_of_ours(german_desk, waiting, query):
    assert german_desk.get(f"{LIST}?{query}").status_code in {200, 302, 400}


def test_a_moderator_finds_nothing_of_another_country(german_desk, waiting, foreign):
    for address in (LIST, LIST + "?q=Sentinel", LIST + "?q=private@example.org", LIST + "?country=FR", "/admin/"):
        page = german_desk.get(address, follow=True).text
        assert "soir" not in page, address
        assert "Paris" not in page, address


ATTEMPTS = [
    ("get", "{pk}/change/", {}),
    ("post", "{pk}/change/", {"_publish": "x", "version": 1}),
    ("post", "{pk}/change/", {"_decline": "x", "reason": "No.", "version": 1}),
    ("get", "{pk}/history/", {}),
    ("get", "{pk}/delete/", {}),
    ("post", "{pk}/delete/", {"post": "yes"}),
    ("get", "{pk}/", {}),
]


ATTEMPTS_AT_PROPOSALS = [
    ("post", "{pk}/change/", {"_accept": "x", "version": 1}),
    ("post", "{pk}/change/", {"_refuse": "x", "reason": "No.", "version": 1}),
    *[attempt for attempt in ATTEMPTS if not {"_publish", "_decline"} & attempt[2].keys()],
]


def attempt(client, section, pks, method, address, data):
    """The answers for each of the rows."""
    return [getattr(client, method)(section + address.format(pk=pk), data, follow=True) for pk in pks]


@pytest.mark.parametrize(("method", "address", "data"), ATTEMPTS, ids=map(str, range(len(ATTEMPTS))))
def test_an_event_of_another_country_looks_like_one_that_never_was(german_desk, foreign, method, address, data):
    answers = attempt(german_desk, LIST, (foreign.pk, 999_999), method, address, data)

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "soir" not in answers[0].text
    foreign.refresh_from_db()
    assert (foreign.status, foreign.version) == (Status.PENDING, 1)


@pytest.mark.parametrize(
    ("method", "address", "data"), ATTEMPTS_AT_PROPOSALS, ids=map(str, range(len(ATTEMPTS_AT_PROPOSALS)))
)
def test_a_proposal_for_another_country_looks_like_one_that_never_was(
    german_desk, foreign_proposal, method, address, data
):
    answers = attempt(german_desk, PROPOSALS, (foreign_proposal.pk, 999_999), method, address, data)

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "entinel" not in answers[0].text
    foreign_proposal.refresh_from_db()
    assert (foreign_proposal.version, foreign_proposal.is_refused) == (1, False)


@pytest.mark.parametrize("address", ["", "?q=Sentinel", "?q=private@example.org", "?event__country=FR", "?o=2.-1"])
def test_a_moderator_finds_no_proposal_for_another_country(german_desk, proposal, foreign_proposal, address):
    page = german_desk.get(PROPOSALS + address, follow=True).text

    assert "entinel" not in page.replace('value="Sentinel"', "")
    assert "Paris" not in page


@pytest.mark.parametrize(("countries", "is_active"), [([], True), (["DE"], False)])
def test_staff_without_a_country_or_no_longer_active_see_no_proposal(countries, is_active, proposal):
    client = signed_in(make_moderator(*countries, is_active=is_active))

    for method, address, data in ATTEMPTS_AT_PROPOSALS:
        [answer] = attempt(client, PROPOSALS, [proposal.pk], method, address, data)
        assert "First name" not in answer.text
    assert "First name" not in client.get(PROPOSALS, follow=True).text
    assert Amendment.objects.open().get().version == 1


def test_the_short_cut_from_a_number_to_a_page_does_not_tell_the_name(german_desk, foreign):
    kind = ContentType.objects.get_for_model(Event)

    assert german_desk.get(f"/admin/r/{kind.pk}/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize(("countries", "is_active"), [([], True), (["DE"], False)])
def test_staff_without_a_country_or_no_longer_active_see_no_event(countries, is_active, waiting):
    client = signed_in(make_moderator(*countries, is_active=is_active))

    for address in (LIST, page_of(waiting)):
        answer = client.get(address, follow=True)
        assert "Waiting evening" not in answer.text
    client.post(page_of(waiting), {"_publish": "x", "version": 1})
    assert Event.objects.get().status == Status.PENDING


def test_a_visitor_without_an_account_sees_the_sign_in_alone(waiting):
    answer = Client().get(page_of(waiting), follow=True)

    assert "Waiting evening" not in answer.text
    assert answer.resolver_match.view_name == "admin:login"


def test_a_change_of_countries_counts_at_the_next_request(waiting):
    user = make_moderator("FR")
    client = signed_in(user)
    assert client.get(page_of(waiting)).status_code == 404

    Moderator.objects.filter(user=user).update(countries="DE")

    assert client.get(page_of(waiting)).status_code == 200


@pytest.mark.parametrize(("address", "most"), [("/admin/", 8), (LIST, 12), ("page", 12)])
def test_the_desk_asks_the_database_little(german_desk, waiting, address, most):
    with CaptureQueriesContext(connection) as queries:
        german_desk.get(page_of(waiting) if address == "page" else address)

    assert len(queries) <= most, [query["sql"][:100] for query in queries]


def test_a_superuser_sees_every_country(waiting, foreign):
    client = signed_in(User.objects.create_superuser("chief", password="sample"))

    page = client.get(LIST).text

    assert "Waiting evening" in page
    assert "Sentinel soirée" in page
    assert client.post(page_of(foreign), {"_publish": "x", "version": 1}).status_code == 302


def test_a_moderator_cannot_make_themself_moderator_of_more(german_desk):
    for address in ("/admin/events/moderator/", "/admin/auth/user/", "/admin/post_office/email/", SWITCHES):
        assert german_desk.get(address).status_code == 403


def test_events_and_proposals_are_neither_added_nor_deleted_by_hand(chief, waiting, proposal):
    for section, row in ((LIST, waiting), (PROPOSALS, proposal)):
        for address in ("add/", f"{row.pk}/delete/"):
            assert chief.get(section + address).status_code == 403
            assert chief.post(section + address, {"post": "yes"}).status_code == 403
    assert (Event.objects.count(), Amendment.objects.count()) == (2, 1)


def test_a_forged_request_from_another_site_decides_nothing(waiting):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_moderator("DE"))

    answer = client.post(page_of(waiting), {"_publish": "x", "version": 1})

    assert (answer.status_code, "This page was open too long" in answer.text) == (403, True)
    assert Event.objects.get().status == Status.PENDING


def test_every_admin_address_of_events_was_thought_of():
    # A new address must be tried above with a foreign event before it is added here.
    known = {"changelist", "add", "history", "delete", "change"}
    sections = {"event", "amendment", "directory", "moderator"}
    names = {
        name for name in get_resolver("config.urls").namespace_dict["admin"][1].reverse_dict if isinstance(name, str)
    }

    ours = {name.removeprefix("events_") for name in names if name.startswith("events_")}
    assert ours == {f"{section}_{page}" for section in sections for page in known}
    assert reverse("admin:events_event_changelist") == LIST


# What is proposed for published events


def test_a_proposal_is_shown_field_by_field_old_beside_new(german_desk):
    event = make_event(title="First name", description="One\nTwo", end_time=None)
    name = images.store(images.clean(pictures.photo()))
    picture = {"image": name, "image_alt": "Sample <poster>", "image_width": 640, "image_height": 480}
    wanted = make_proposal(event, title="Second name", description="One\n<b>Three</b>", country="FR", **picture)

    page = german_desk.get(page_of_proposal(wanted)).text

    rows = [row.partition("</tr>")[0] for row in page.partition("<caption>What would change")[2].split("<tr>")]
    headings = ("Name of", "What happens", "Country", "Picture")
    cells = {heading: row for row in rows for heading in headings if heading in row}
    assert cells["Name of"].index("First name") < cells["Name of"].index("Second name")
    assert "One<br>&lt;b&gt;Three&lt;/b&gt;" in cells["What happens"]
    assert "Germany" in cells["Country"]
    assert "France" in cells["Country"]
    assert f'<img src="/pictures/{name}-480.avif" alt="Sample &lt;poster&gt;" width="480">' in cells["Picture"]
    assert ">–</td>" in cells["Picture"]
    assert "Languages spoken" not in page


def test_a_moderator_accepts_what_is_on_the_screen(german_desk, proposal):
    assert 'name="_accept"' in german_desk.get(page_of_proposal(proposal)).text

    answer = german_desk.post(page_of_proposal(proposal), {"_accept": "x", "reason": "", "version": 1}, follow=True)

    assert answer.redirect_chain == [(PROPOSALS, 302)]
    assert "Second name: change accepted" in answer.text
    assert Event.objects.get().title == "Second name"
    assert not Amendment.objects.exists()


def test_a_moderator_refuses_with_a_reason(german_desk, proposal):
    refused = {"_refuse": "x", "reason": "", "version": 1}
    answer = german_desk.post(page_of_proposal(proposal), refused)
    assert "Write the organiser a reason." in answer.text

    answer = german_desk.post(page_of_proposal(proposal), {**refused, "reason": "Which hall?"}, follow=True)

    assert "First name: change refused" in answer.text
    assert Event.objects.get().title == "First name"
    assert "Which hall?" in Email.objects.get().message
    assert german_desk.get(page_of_proposal(proposal)).status_code == 404


@pytest.mark.parametrize("version", ["", "0", "1", "abc", "99999999999999999999999"])
def test_a_proposal_that_was_replaced_is_not_accepted_but_shown(german_desk, proposal, version):
    make_proposal(proposal.event, title="Third name", proposal=1)

    typed = {"_accept": "x", "reason": "As agreed.", "version": version}
    answer = german_desk.post(page_of_proposal(proposal), typed)

    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert "Third name" in answer.text
    assert "As agreed." in answer.text
    assert 'name="version" value="2"' in answer.text
    assert Event.objects.get().title == "First name"


def test_nothing_of_a_proposal_is_to_be_typed_at_the_desk(german_desk, proposal):
    forged = {"changes": "{}", "base": "7", "is_refused": "on", "title": "Forged", "_save": "x", "version": 1}

    german_desk.post(page_of_proposal(proposal), forged)

    same = Amendment.objects.get()
    assert (same.changes, same.base, same.is_refused, same.version) == (proposal.changes, 1, False, 1)


def test_a_proposal_for_an_event_that_was_cancelled_since_can_only_be_refused(german_desk, proposal):
    moderation.cancel(proposal.event, by=None)

    page = german_desk.get(page_of_proposal(proposal)).text
    assert "Something else happened to the event" in page
    assert 'name="_accept"' not in page
    assert 'name="_refuse"' in page
    assert ">organiser</td>" in german_desk.get(PROPOSALS).text

    answer = german_desk.post(page_of_proposal(proposal), {"_accept": "x", "version": 1})
    assert "Something else happened to the event" in answer.text
    assert Event.objects.get().title == "First name"


def test_a_move_to_a_foreign_country_can_only_be_refused(german_desk):
    wanted = make_proposal(make_event(), country="FR", city="Paris", zone="Europe/Paris")

    page = german_desk.get(page_of_proposal(wanted)).text

    assert "a country that is not yours" in page
    assert 'name="_accept"' not in page
    both = signed_in(make_moderator("DE", "FR"))
    assert 'name="_accept"' in both.get(page_of_proposal(wanted)).text


def test_a_decision_on_what_was_taken_back_a_moment_before_says_so(german_desk, proposal, monkeypatch):
    decide = ProposalForm.decide

    def take_back_and_decide(form, amendment, *, by):
        amendments.take_back(Amendment.objects.get())  # as the organiser may, while the request is answered
        return decide(form, amendment, by=by)

    monkeypatch.setattr(ProposalForm, "decide", take_back_and_decide)

    answer = german_desk.post(page_of_proposal(proposal), {"_accept": "x", "version": 1}, follow=True)

    assert answer.redirect_chain == [(PROPOSALS, 302)]
    assert "Somebody else was first" in answer.text
    assert Event.objects.get().title == "First name"


def test_an_event_leads_to_what_is_proposed_for_it_and_tells_its_history(german_desk, proposal, foreign_proposal):
    page = german_desk.get(page_of(proposal.event)).text

    assert page_of_proposal(proposal) in page
    assert "change proposed" in page
    amendments.take_back(proposal)
    page = german_desk.get(page_of(proposal.event)).text
    assert PROPOSALS + str(proposal.pk) not in page
    assert "proposal taken back" in page


@pytest.mark.parametrize(("address", "most"), [(PROPOSALS, 10), ("page", 14)])
def test_proposals_ask_the_database_little(german_desk, proposal, address, most):
    for _number in range(5):
        make_proposal(make_event(), title="Another")

    with CaptureQueriesContext(connection) as queries:
        german_desk.get(page_of_proposal(proposal) if address == "page" else address)

    assert len(queries) <= most, [query["sql"][:100] for query in queries]


# The switches of the directory


def test_a_superuser_turns_the_proof_of_work_on_and_off_and_nothing_else(chief):
    change_version()
    version = read_version()
    page = chief.get(SWITCHES, follow=True)
    assert page.redirect_chain == [(f"{SWITCHES}1/change/", 302)]
    assert 'name="asks_for_work"' in page.text
    assert 'name="version"' not in page.text

    for is_on in (True, False):
        data = {"asks_for_work": "on"} if is_on else {}
        assert chief.post(f"{SWITCHES}1/change/", {**data, "version": "forged"}).status_code == 302
        assert Directory.objects.get().asks_for_work == is_on
        assert read_version() == version


def test_the_switch_is_there_before_anything_was_published(chief):
    Directory.objects.all().delete()

    assert chief.get(SWITCHES, follow=True).status_code == 200
    assert not Directory.objects.exists()
    chief.post(f"{SWITCHES}1/change/", {"asks_for_work": "on"})

    assert Directory.objects.get().asks_for_work


def test_there_is_one_directory_which_is_neither_added_nor_deleted(chief):
    change_version()

    for address in ("add/", "1/delete/"):
        assert chief.get(SWITCHES + address).status_code == 403
        assert chief.post(SWITCHES + address, {"post": "yes", "asks_for_work": "on"}).status_code == 403
    assert chief.get(f"{SWITCHES}2/change/", follow=True).redirect_chain == [("/admin/", 302)]
    assert Directory.objects.count() == 1


@pytest.mark.parametrize("address", ["", "add/", "1/change/", "1/history/", "1/delete/", "2/change/"])
@pytest.mark.parametrize("countries", [["DE"], []])
def test_nobody_but_a_superuser_gets_to_the_switches(address, countries):
    change_version()
    client = signed_in(make_moderator(*countries))

    for answer in (client.get(SWITCHES + address), client.post(SWITCHES + address, {"asks_for_work": "on"})):
        assert answer.status_code in {302, 403}
        assert "asks_for_work" not in answer.text
    assert not Directory.objects.get().asks_for_work
