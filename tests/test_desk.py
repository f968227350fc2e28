"""The moderation desk: who finds what there, and what its buttons do."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from post_office.models import Email

from events.models import Event, Moderator, Status
from tests.factories import make_event, make_moderator

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"


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


@pytest.mark.parametrize(("method", "address", "data"), ATTEMPTS, ids=map(str, range(len(ATTEMPTS))))
def test_an_event_of_another_country_looks_like_one_that_never_was(german_desk, foreign, method, address, data):
    answers = [
        getattr(german_desk, method)(LIST + address.format(pk=pk), data, follow=True) for pk in (foreign.pk, 999_999)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "soir" not in answers[0].text
    foreign.refresh_from_db()
    assert (foreign.status, foreign.version) == (Status.PENDING, 1)


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
    for address in ("/admin/events/moderator/", "/admin/auth/user/", "/admin/post_office/email/"):
        assert german_desk.get(address).status_code == 403


def test_events_are_neither_added_nor_deleted_by_hand(waiting):
    client = signed_in(User.objects.create_superuser("chief", password="sample"))

    assert client.get(LIST + "add/").status_code == 403
    assert client.post(f"{LIST}{waiting.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Event.objects.exists()


def test_a_forged_request_from_another_site_decides_nothing(waiting):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_moderator("DE"))

    answer = client.post(page_of(waiting), {"_publish": "x", "version": 1})

    assert (answer.status_code, "This page was open too long" in answer.text) == (403, True)
    assert Event.objects.get().status == Status.PENDING


def test_every_admin_address_of_events_was_thought_of():
    # A new address must be tried above with a foreign event before it is added here.
    known = {"changelist", "add", "history", "delete", "change"}
    names = {
        name for name in get_resolver("config.urls").namespace_dict["admin"][1].reverse_dict if isinstance(name, str)
    }

    assert {name.removeprefix("events_event_") for name in names if name.startswith("events_event_")} == known
    assert reverse("admin:events_event_changelist") == LIST
