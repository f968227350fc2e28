"""Two events that are one: they are compared, one stays, and the other is withdrawn in its favour."""

import re
from datetime import time

import pytest
from django.test import Client
from post_office.models import Email

from events import amendments, merging, moderation
from events.models import Amendment, Event, Status, apply_changes
from tests.factories import make_event, make_moderator
from tests.reading import text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"


def page_of(event, other):
    return f"{LIST}{event.pk}/merge/{other.pk}/"


@pytest.fixture
def moderator():
    return make_moderator("DE")


@pytest.fixture
def desk(moderator):
    return sign_in(Client(), moderator)


@pytest.fixture
def public():
    return make_event(title="Həmrəylik gecəsi", contact_email="first@example.org")


@pytest.fixture
def waiting():
    return make_event(
        title="Həmrəylik axşamı", status=Status.PENDING, start_time=time(18), contact_email="b@example.org"
    )


def keep(desk, event, other, kept, **fields):
    """What a press on the button does on a page that was just opened."""
    seen = seen_on(desk.get(page_of(event, other)).text)
    return desk.post(page_of(event, other), {**seen, "keep": kept.pk, **fields}, follow=True)


def seen_on(page):
    """What the page would send along with its buttons."""
    return dict(re.findall(r'name="((?:other_)?(?:version|proposal))" value="(\d*)"', page))


def propose(event, title):
    amendments.propose(event, apply_changes(event, {"title": title}), version=event.version, proposal=0)


def test_both_stand_side_by_side_with_what_differs_marked(desk, waiting, public):
    page = desk.get(page_of(waiting, public)).text

    assert "<mark>axşamı</mark>" in page
    assert "<mark>gecəsi</mark>" in page
    assert "<mark>18:00</mark>" in page
    assert "What happens there" not in page  # it is the same
    for event in (waiting, public):
        assert f'href="{LIST}{event.pk}/preview/"' in page
    assert "A letter to b@example.org says" in page


def test_two_of_the_same_title_are_told_apart_by_a_number(desk, waiting, public):
    Event.objects.update(title="One title")

    page = desk.get(page_of(waiting, public)).text

    assert f'href="{LIST}{waiting.pk}/change/">1. One title</a>' in page
    assert f'href="{LIST}{public.pk}/change/">2. One title</a>' in page
    assert re.findall(r'<th scope="col">(\d\. One title)</th>', page) == ["1. One title", "2. One title"]


def test_the_one_that_waits_is_withdrawn_in_favour_of_the_published_one(desk, waiting, public):
    following = make_event(status=Status.PENDING)

    answer = keep(desk, waiting, public, public, reason="Same hall.")

    waiting.refresh_from_db()
    assert (waiting.status, waiting.merged_into, waiting.steps.get().reason) == (Status.WITHDRAWN, public, "Same hall.")
    assert answer.redirect_chain == [(f"{LIST}{following.pk}/change/?done={waiting.pk}", 302)]
    letter = Email.objects.get()
    assert letter.to == ["b@example.org"]
    assert "Same hall." not in letter.message


def test_it_is_taken_apart_again_with_one_button(desk, waiting, public):
    make_event(status=Status.PENDING)
    page = keep(desk, waiting, public, public).text

    undo = re.search(r'<form class="done".*?</form>', page, re.DOTALL)[0]
    version = re.search(r'name="version" value="(\d+)"', undo)[1]
    assert 'name="_split"' in undo
    desk.post(f"{LIST}{waiting.pk}/change/", {"_split": "x", "version": version})

    waiting.refresh_from_db()
    assert (waiting.status, waiting.merged_into) == (Status.PENDING, None)


def test_one_that_waits_cannot_stay_before_it_is_published(desk, waiting, public):
    page = desk.get(page_of(waiting, public)).text
    assert "publish it first" in text_of(page)
    assert f'name="keep" value="{waiting.pk}"' not in page

    answer = keep(desk, waiting, public, waiting)

    assert "must be published" in answer.text
    public.refresh_from_db()
    assert public.status == Status.PUBLISHED


def test_of_two_published_ones_either_can_stay(desk, public):
    other = make_event(title="Həmrəylik axşamı")
    assert desk.get(page_of(public, other)).text.count('name="keep"') == 2

    keep(desk, public, other, other)

    assert [*Event.objects.published()] == [other]


@pytest.mark.parametrize("changed", ["event", "other"])
def test_if_one_of_them_changed_meanwhile_nothing_is_merged(desk, moderator, public, changed):
    other = make_event(title="Həmrəylik axşamı")
    versions = {"version": public.version, "other_version": other.version}
    moderation.cancel({"event": public, "other": other}[changed], by=moderator)

    answer = desk.post(page_of(public, other), {**versions, "keep": other.pk, "reason": "Typed."})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "Typed.</textarea>" in answer.text
    assert Event.objects.published().count() == 2


def test_one_for_which_a_change_is_proposed_says_so_and_is_withdrawn_by_whoever_has_read_that(desk, public):
    other = make_event(title="Həmrəylik axşamı")
    propose(public, "Anew")
    assert text_of(desk.get(page_of(public, other)).text).count("A change is proposed for this one") == 1

    keep(desk, public, other, other)

    public.refresh_from_db()
    assert public.status == Status.WITHDRAWN


@pytest.mark.parametrize("is_first", [True, False])
def test_an_event_for_which_a_change_was_proposed_since_is_not_withdrawn_unseen(desk, public, is_first):
    other = make_event(title="Həmrəylik axşamı")
    first, second = (public, other) if is_first else (other, public)
    seen = seen_on(desk.get(page_of(first, second)).text)
    propose(public, "Anew")

    page = desk.post(page_of(first, second), {**seen, "keep": other.pk}).text

    assert "Somebody else was first" in page
    assert "A change is proposed for this one" in page
    assert Event.objects.published().count() == 2
    assert desk.post(page_of(first, second), {**seen, "keep": public.pk}).status_code == 302  # that one stays open
    assert Amendment.objects.open().get().event == public


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"keep": "x", "version": 1, "other_version": 1},
        {"keep": 10**30, "version": 1, "other_version": 1},
        {"keep": 999_999, "version": 1, "other_version": 1},
        {"keep": "{public}", "version": 1},
        {"keep": "{public}", "version": "", "other_version": "x"},
        {"keep": "{public}", "version": 1, "other_version": 1, "proposal": "x"},
        {"keep": "{public}", "version": 1, "other_version": 1, "reason": "\x00"},
        {"keep": "{public}", "version": 1, "other_version": 1, "reason": "x" * 2001},
    ],
)
def test_what_no_button_sends_is_refused_in_words(desk, waiting, public, sent):
    answer = desk.post(
        page_of(waiting, public), {name: str(value).format(public=public.pk) for name, value in sent.items()}
    )

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    waiting.refresh_from_db()
    assert waiting.status == Status.PENDING


def test_an_event_is_not_compared_with_itself_nor_with_a_foreign_or_unknown_one(desk, waiting, public):
    foreign = make_event(title="Sentinel soirée", country="FR")
    numbers = [(waiting.pk, waiting.pk), (waiting.pk, foreign.pk), (foreign.pk, waiting.pk), (waiting.pk, 10**30)]

    for one, other in numbers:
        for ask in (desk.get, desk.post):
            answer = ask(f"{LIST}{one}/merge/{other}/", {"keep": one, "version": 1, "other_version": 1})
            assert answer.status_code == 404
            assert "Sentinel" not in answer.text
    assert not Event.objects.filter(status=Status.WITHDRAWN).exists()


def test_the_page_of_a_merged_event_names_the_other_unless_that_became_a_foreign_one(desk, moderator, waiting, public):
    merging.merge(waiting, by=moderator, into=public)
    page = f"{LIST}{waiting.pk}/change/"
    assert f'href="{LIST}{public.pk}/change/">Həmrəylik gecəsi</a>' in desk.get(page).text

    Event.objects.filter(pk=public.pk).update(country="FR")

    assert "Həmrəylik gecəsi" not in desk.get(page).text
