"""From a question to the queue through the events that answer it, and back: the question goes along."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from events.models import Status
from tests.factories import make_city, make_event, make_moderator
from tests.reading import text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"
QUESTION = "?date_from=2026-12-02&kind=children"


@pytest.fixture
def desk():
    return sign_in(Client(), make_moderator("DE"))


@pytest.fixture
def parties():
    """Three that answer the question, with others before, between and after them."""
    return [make_pending(day, kind=kind) for day, kind in enumerate(KINDS, start=1) if kind == "children" and day > 1]


KINDS = ["children", "children", "concert", "children", "evening", "children", "film"]


@pytest.fixture(autouse=True)
def others(parties):
    make_pending(1, kind="children")
    return [make_pending(day, kind=kind) for day, kind in enumerate(KINDS, start=1) if kind != "children"]


def make_pending(day, **fields):
    return make_event(title=f"Evening {day}", status=Status.PENDING, start_date=date(2026, 12, day), **fields)


def page_of(event, question=QUESTION):
    return f"{LIST}{event.pk}/change/{question}"


def form_of(page):
    """Where the buttons of the page lead, and what they send along."""
    action, fields = re.search(
        r'<form id="decision" method="post" action="\./([^"]*)"(.*?)</form>', page, re.DOTALL
    ).groups()
    return unescape(action), dict(re.findall(r'type="hidden" name="(\w+)" value="(\d+)"', fields))


def press(desk, event, button, question=QUESTION):
    """Opens the page, and presses a button on it."""
    action, seen = form_of(desk.get(page_of(event, question)).text)
    return desk.post(f"{LIST}{event.pk}/change/{action}", {**seen, button: "x"})


def titles_beside(page):
    beside = re.search(r'<nav class="beside".*?</nav>', page, re.DOTALL)[0]
    return re.findall(r">(Evening \d)</a>", beside)


def test_deciding_starts_with_the_first_that_was_asked_for(desk, parties):
    page = desk.get(f"{LIST}{QUESTION}").text

    assert re.search(r'class="start" href="([^"]*)"', page)[1] == page_of(parties[0]).replace("&", "&amp;")
    assert f'href="{parties[1].pk}/change/{QUESTION.replace("&", "&amp;")}"' in page


@pytest.mark.parametrize(("state", "is_offered"), [("pending", True), ("published", False), ("all", False)])
def test_deciding_starts_only_where_all_that_is_listed_waits(desk, state, is_offered):
    make_event()

    assert ('class="start"' in desk.get(LIST, {"state": state}).text) == is_offered


def test_after_a_decision_the_next_that_answers_is_open_and_after_the_last_the_empty_answer(desk, parties):
    first, second, third = parties

    assert press(desk, first, "_publish").url == f"{page_of(second)}&done={first.pk}"
    assert press(desk, third, "_publish").url == f"{page_of(second)}&done={third.pk}"
    answer = press(desk, second, "_publish")
    assert answer.url == f"{LIST}{QUESTION}&done={second.pk}"

    page = text_of(desk.get(answer.url).text)
    assert "Evening 4 : published Undo" in page
    assert "This looked only among what waits." in page
    assert "4 waiting" in page


def test_one_skips_and_goes_back_among_those_that_answer(desk, parties):
    first, second, third = parties

    for event, following in ((first, second), (second, third), (third, first)):
        assert press(desk, event, "_skip").url == page_of(following)
        assert press(desk, following, "_previous").url == page_of(event)


def test_beside_the_event_stand_those_that_answer_and_what_was_asked(desk, parties):
    page = desk.get(page_of(parties[1])).text

    assert titles_beside(page) == ["Evening 4", "Evening 6", "Evening 2"]
    assert "Kind: For children · From: Wednesday, 2 December 2026 · All that waits" in text_of(page)
    assert "7 waiting" in text_of(page)
    assert titles_beside(desk.get(page_of(parties[1], "")).text)[:2] == ["Evening 4", "Evening 5"]


def test_when_nothing_else_answers_that_is_said_and_not_that_nothing_waits(desk, others):
    page = text_of(desk.get(page_of(others[0], "?kind=concert")).text)

    assert "Nothing else of this waits." in page
    assert "Nothing else waits." not in page


def test_the_way_back_leads_to_what_was_found(desk, parties):
    assert f'<a href="{LIST}{QUESTION.replace("&", "&amp;")}">Events found</a>' in desk.get(page_of(parties[0])).text


def test_what_is_undone_stays_on_the_way(desk, parties):
    page = desk.get(press(desk, parties[0], "_publish").url).text
    undo = re.search(r'<form class="done" method="post" action="([^"]*)".*?value="(\d+)">', page, re.DOTALL)
    undo_form = page[undo.start() : page.index("</form>", undo.start())]
    version = re.search(r'name="version" value="(\d+)"', undo_form)[1]

    answer = desk.post(unescape(undo[1]), {"version": version, "_reopen": "x"})

    assert answer.url == f"{page_of(parties[0])}&done={parties[0].pk}"


def test_two_that_are_merged_on_the_way_lead_to_the_next_that_answers(desk, parties):
    place = make_city()
    double, public = (
        make_pending(2, kind="children", place=place),
        make_event(start_date=date(2026, 12, 2), place=place),
    )
    public.title = double.title
    public.save()
    page = desk.get(page_of(double)).text
    compare = unescape(re.search(r'href="\.\./(merge/[^"]*)"', page)[1])
    assert compare == f"merge/{public.pk}/{QUESTION}"

    answer = desk.post(f"{LIST}{double.pk}/{compare}", {"keep": public.pk, "version": 1, "other_version": 1})

    assert answer.url == f"{page_of(parties[1])}&done={double.pk}"


@pytest.mark.parametrize(
    "question",
    [
        *("?kind=nonsense", "?country=FR", "?q=%00", "?edition=99999999999999999999", "?date_from=yesterday"),
        *("?flag=unheard-of", "?state=deleted", "?kind=%20", "?status__exact=pending", "?p=2&o=-1"),
    ],
)
def test_what_makes_no_sense_asks_for_nothing(desk, parties, others, question):
    assert press(desk, parties[0], "_publish", question).url == f"{page_of(others[0], '')}?done={parties[0].pk}"


def test_a_question_that_finds_nothing_that_waits_leads_back_to_what_it_found(desk):
    public = make_event(title="Public evening")

    page = desk.get(page_of(public, "?state=published")).text

    assert "Nothing else of this waits." in page
    assert press(desk, public, "_skip", "?state=published").url == f"{LIST}?state=published"


def test_no_foreign_event_is_on_the_way(desk, parties):
    make_pending(3, kind="children", country="FR", city="Paris")

    assert titles_beside(desk.get(page_of(parties[0])).text) == ["Evening 2", "Evening 4", "Evening 6"]


def test_from_many_that_are_decided_together_one_opens_each_with_the_same_question(desk, parties, others):
    chosen = [f"{event.pk}:1" for event in parties[:2]]
    asked = {"event": chosen, "question": QUESTION[1:]}
    onward = QUESTION.replace("&", "&amp;")

    before = desk.get(f"{LIST}bulk/", {**asked, "_publish": "1"}).text
    after = desk.post(f"{LIST}bulk/", {**asked, "_publish": "1"}, follow=True).text

    for event in parties[:2]:
        for page in (before, after):
            assert f'href="{LIST}{event.pk}/change/{onward}"' in page
