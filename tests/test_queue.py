"""The queue at the desk: what waits, in which order, how it is searched, and what its first page counts."""

import re
from datetime import date, time, timedelta
from html import unescape

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from django.utils import timezone

from events import amendments, moderation, queue, reports, trust
from events.models import Claim, Report, Status, apply_changes
from tests.factories import make_city, make_event, make_moderator
from tests.staff import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"
SENTINELS = ("Sentineltitle", "sentinel@example.org", "sentinelpicture", "Sentinelnote", "Sentinelcity")


@pytest.fixture
def anna():
    return make_moderator("DE", "AT")


@pytest.fixture
def desk(anna):
    return sign_in(Client(), anna)


def make_pending(**fields):
    return make_event(status=Status.PENDING, **fields)


def titles(page):
    """Those of the lines, in their order."""
    return [unescape(title) for title in re.findall(r'<h2><a href="\d+/change/[^"]*">([^<]*)</a>', page.text)]


def line_of(page, event):
    """What a line of the list says, as text."""
    line = re.search(
        rf'<li><label><input type="checkbox" name="event" value="{event.pk}:.*?</strong>', page.text, re.DOTALL
    )
    return unescape(" ".join(re.sub("<[^>]*>", " ", line[0]).split()))


def found(desk, **question):
    page = desk.get(LIST, question)
    assert page.status_code == 200
    return titles(page)


def propose(event, **changes):
    amendments.propose(event, apply_changes(event, changes), version=event.version, proposal=0)


def report(event):
    reports.add(event, subject=Report.Subject.WRONG, text="It is next door.")


# What waits, in which order


def test_what_waits_is_listed_by_the_hours_left_and_what_is_over_comes_last(desk):
    make_pending(title="On the 29th", start_date=date(2026, 12, 29))
    make_pending(title="Over", start_date=date(2026, 11, 21))
    make_pending(title="Tokyo", start_date=date(2026, 12, 29), start_time=time(19), zone="Asia/Tokyo")
    make_pending(title="On the 27th")

    assert titles(desk.get(LIST)) == ["On the 27th", "Tokyo", "On the 29th", "Over"]


def test_proposed_changes_and_reports_wait_too_and_nothing_else_does(desk, anna):
    for status in Status:
        make_event(title=f"Only {status}", status=status)
    changed, reported = make_event(title="Changed"), make_event(title="Reported", start_date=date(2026, 12, 28))
    propose(changed, title="Changed anew")
    report(reported)

    assert titles(desk.get(LIST)) == ["Only pending", "Changed", "Reported"]

    changed.refresh_from_db()
    amendments.refuse(changed.amendment, by=anna, version=changed.amendment.version, reason="No.")
    reports.settle(reported, by=anna, last=Report.objects.last().pk, now=timezone.now())
    assert titles(desk.get(LIST)) == ["Only pending"]


def test_what_is_reported_of_an_event_that_went_does_not_wait(desk, anna):
    event = make_event()
    report(event)
    moderation.withdraw(event, by=None)

    assert titles(desk.get(LIST)) == []


def test_a_line_says_all_one_needs_to_choose(desk, clock):
    event = make_pending(title="Yeni il", organiser="Sample Association", start_date=date(2026, 11, 23))
    clock.shift(timedelta(hours=3))

    line = line_of(desk.get(LIST), event)

    for words in ("Yeni il", "Sample Association", "Mon 23 November, 19:00", "Berlin, Germany", "waits 3 h", "in 26 h"):
        assert words in line
    assert "first time" in line


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ((date(2026, 11, 22), time(13, 31)), "in 30 min"),
        ((date(2026, 11, 24), time(12, 1)), "in 47 h"),
        ((date(2026, 11, 24), time(13, 1)), "in 2 d"),
        ((date(2026, 11, 25), time(10, 0)), "in 3 d"),  # of the calendar, as visitors read it
        ((date(2026, 11, 22), time(12, 0)), "started"),
        ((date(2026, 11, 22), time(9, 0)), "over"),
    ],
)
def test_hours_left_are_those_until_the_local_start(desk, start, words):
    event = make_pending(start_date=start[0], start_time=start[1])  # it is 13:00 in Berlin

    assert line_of(desk.get(LIST), event).endswith(words)


def test_an_event_waits_since_what_made_it_wait(desk, clock):
    event = make_event()
    clock.shift(timedelta(hours=5))
    report(event)
    clock.shift(timedelta(minutes=20))

    assert "waits 20 min" in line_of(desk.get(LIST), event)


def test_who_else_has_an_event_open_is_said_until_the_claim_is_over(desk, anna, clock):
    event, other = make_pending(), make_moderator("DE")
    queue.claim(event, by=other, now=timezone.now())

    assert f"open: {other.username}" in line_of(desk.get(LIST), event)

    clock.shift(timedelta(minutes=6))
    assert "open:" not in line_of(desk.get(LIST), event)


def test_my_own_claim_is_nothing_to_tell(desk, anna):
    event = make_pending()
    queue.claim(event, by=anna, now=timezone.now())

    assert "open:" not in line_of(desk.get(LIST), event)


def test_deciding_starts_with_the_first_that_nobody_has_open(desk):
    taken, free = make_pending(), make_pending(start_date=date(2026, 12, 28))
    queue.claim(taken, by=make_moderator("DE"), now=timezone.now())

    assert f'class="start" href="{LIST}{free.pk}/change/"' in desk.get(LIST).text


def test_an_empty_queue_says_so_in_words(desk):
    make_event()

    page = desk.get(LIST)

    assert "Nothing waits." in page.text
    assert "Start deciding" not in page.text


# Questions


def test_the_words_of_an_event_its_city_in_any_spelling_and_its_contact_find_it(desk):
    make_pending(
        title="Həmrəylik gecəsi", contact_email="Leyla@example.org", place=make_city(search="|berlin|berlino|")
    )
    make_pending(title="Another", contact_email="other@example.org", city="Köln")

    for words in ("hemreylik", "ҺӘМРӘЙЛИК", "Berlino", "leyla@example.org", "LEYLA@"):
        assert found(desk, q=words) == ["Həmrəylik gecəsi"], words


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ({"country": "AT"}, {"country": "AT", "city": "Wien"}),
        ({"city": "wien"}, {"country": "AT", "city": "Wien"}),
        ({"kind": "film"}, {"kind": "film"}),
        ({"format": "online"}, {"format": "online", "city": "", "online_url": "https://example.org"}),
        ({"admission": "ticket"}, {"admission": "ticket"}),
        ({"language": "tr"}, {"languages": "az,tr"}),
        ({"date_from": "2026-12-31"}, {"start_date": date(2026, 12, 31)}),
        ({"date_to": "2026-12-20"}, {"start_date": date(2026, 12, 19)}),
        ({"edition": "2027"}, {"start_date": date(2027, 12, 27)}),
        ({"flag": "soon"}, {"start_date": date(2026, 11, 23)}),
    ],
)
def test_each_filter_leaves_what_it_names(desk, question, fields):
    make_pending(title="Other")
    make_pending(**{"title": "Meant", **fields})

    assert found(desk, **question) == ["Meant"]


@pytest.mark.parametrize("status", Status)
def test_events_of_each_status_can_be_looked_at(desk, status):
    for other in Status:
        make_event(title=f"Only {other}", status=other)

    assert found(desk, state=status) == [f"Only {status}"]
    assert len(found(desk, state="all")) == len(Status)


def test_what_is_proposed_reported_or_of_trusted_organisers_can_be_asked_for(desk, anna):
    changed, reported = make_event(title="Changed"), make_event(title="Reported")
    trusted = make_pending(title="Trusted", contact_email="trusted@example.org")
    propose(changed, title="Anew")
    report(reported)
    trust.grant(trusted, by=anna)

    assert found(desk, flag="amended") == ["Changed"]
    assert found(desk, flag="reported") == ["Reported"]
    assert found(desk, flag="trusted") == ["Trusted"]


def make_flagged(*, by):
    """Events of which each flag is beside some, and what looks nearly so; in France what nobody here may know of."""
    published = make_pending(contact_email="Known@example.org", start_date=date(2026, 12, 1))
    moderation.publish(published, by=by)
    trusted = make_pending(contact_email="trusted@example.org", start_date=date(2026, 12, 2))
    trust.grant(trusted, by=by)
    known = {"organiser": "", "contact_email": "known@example.org"}
    make_pending(**known, start_date=date(2026, 12, 3), description="See HTTPS://example.org, www.example.org")
    make_pending(**known, start_date=date(2026, 12, 4), supporters="(www.example.org)")
    make_pending(**known, start_date=date(2026, 12, 5), venue="The httpſ://example.org café")
    make_pending(**known, start_date=date(2026, 12, 6), title="Əwww. of http and awww.")
    make_pending(organiser="", contact_email="", start_date=date(2026, 12, 7))
    make_event(**known, title="Bahar", start_date=date(2026, 12, 8), status=Status.DECLINED)
    for title in ("Bahar", "Həmrəylik", "HEMREYLIK", "Novruz"):
        make_pending(**known, title=title, start_date=date(2026, 12, 8))
    make_pending(**known, title="Novruz", start_date=date(2026, 12, 8), country="AT")
    place = {"place": make_city(), "start_date": date(2026, 12, 9)}
    make_event(**known, title="Xonça", city="Berlin", **place)
    make_event(**known, title="Xonça", city="Berlin-Mitte", **place)
    make_pending(**known, title="Other", city="Berlin", **place)
    make_event(**known, title="Other", country="FR", city="Berlin", **place)
    foreign = {"country": "FR", "city": "Berlin", "start_date": date(2026, 12, 8)}
    abroad = make_pending(title="Novruz", contact_email="paris@example.org", **foreign)
    moderation.publish(abroad, by=make_moderator("FR"))
    make_pending(contact_email="paris@example.org", start_date=date(2026, 12, 10))
    make_pending(contact_email="trusted@example.org", country="AT", city="Wien", start_date=date(2026, 12, 10))


def flags_of(page):
    """The flags that each line shows, by the number of its event."""
    lines = re.findall(r'name="event" value="(\d+):(.*?)</strong>', page.text, re.DOTALL)
    return {number: re.findall('data-flag="([^"]*)"', line) for number, line in lines}


@pytest.mark.parametrize("flag", ["first", "trusted", "links", "double"])
def test_a_flag_finds_just_the_lines_that_show_it(anna, desk, flag):
    make_flagged(by=anna)

    for state in ("", "all", "pending", "published", "declined"):
        every = flags_of(desk.get(LIST, {"state": state}))
        meant = {number: flags for number, flags in every.items() if flag in flags}
        assert flags_of(desk.get(LIST, {"state": state, "flag": flag})) == meant
        assert state in ("published", "declined") or 0 < len(meant) < len(every) < 20


def test_a_flag_asked_for_with_something_else_finds_what_is_both(anna, desk):
    make_flagged(by=anna)

    assert found(desk, flag="double", q="hemreylik") == ["Həmrəylik", "HEMREYLIK"]
    assert found(desk, flag="double", date_from="2026-12-09", state="all") == ["Xonça", "Xonça"]
    assert found(desk, flag="links", q="bahar") == []


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ({"date_from": "tomorrow"}, "Enter a valid date."),
        ({"date_from": "2026-12-31", "date_to": "2026-12-01"}, "The last day is before the first."),
        ({"country": "FR"}, "FR is not one of the available choices."),
        ({"country": "XX"}, "XX is not one of the available choices."),
        ({"state": "deleted"}, "deleted is not one of the available choices."),
        ({"edition": "1"}, "greater than or equal to 1991"),
        ({"q": "a\x00b"}, "characters in this text that cannot be shown"),
        ({"q": "x" * 101}, "at most 100 characters"),
    ],
)
def test_a_wrong_question_is_explained_at_its_field(desk, question, complaint):
    make_pending()

    page = desk.get(LIST, question)

    assert page.status_code == 200
    assert complaint in unescape(page.text)
    assert "What is wrong stands at the field." in page.text
    assert titles(page) == []


@pytest.mark.parametrize(
    "question",
    [
        {"status__exact": "declined"},
        {"contact_email__startswith": "s"},
        {"o": "-1.2"},
        {"all": ""},
        {"e": "1"},
        {"_facets": "True"},
        {"_popup": "1"},
        {"p": "99999999999999999999"},
        {"p": "-1"},
        {"p": "x"},
        {"pk__in": "1,2"},
    ],
)
def test_an_address_can_ask_nothing_but_what_the_form_asks(desk, question):
    make_pending(title="Waits")
    make_event(title="Declined", status=Status.DECLINED, contact_email="s@example.org")

    assert found(desk, **question) == ["Waits"]


def test_filters_in_use_are_named_and_can_be_taken_away_one_by_one(desk):
    page = desk.get(LIST, {"country": "DE", "state": "published", "q": "gecə"})

    links = {unescape(link) for link in re.findall(r'<li><a href="\?([^"]*)" aria-label="Remove', page.text)}
    assert links == {"state=published&country=DE", "q=gec%C9%99&state=published", "q=gec%C9%99&country=DE"}


def test_a_search_that_finds_nothing_among_what_waits_leads_to_all_events(desk):
    make_event(title="Published")

    page = desk.get(LIST, {"q": "published"})

    assert "This looked only among what waits." in page.text
    further = unescape(re.search(r'href="\?([^"]*)">Look among all events', page.text)[1])
    assert titles(desk.get(f"{LIST}?{further}")) == ["Published"]


def test_a_search_among_new_events_alone_does_not_say_that_nothing_of_the_kind_waits(desk):
    changed = make_event(title="Sample evening")
    propose(changed, title="Anew")

    page = desk.get(LIST, {"state": "pending", "q": "sample"}).text

    assert "Nothing found." in page
    assert "This looked only among what waits." not in page


def test_the_second_page_goes_on_with_the_same_question(desk):
    for number in range(25):
        make_pending(title=f"Evening {number:02}", start_time=time(10, number))

    page = desk.get(LIST, {"country": "DE"})

    assert titles(page) == [f"Evening {number:02}" for number in range(20)]
    assert "country=DE&amp;p=2" in page.text
    assert found(desk, country="DE", p=2) == [f"Evening {number:02}" for number in range(20, 25)]


# Whose


def make_foreign(**fields):
    event = make_event(
        title="Sentineltitle",
        country="FR",
        city="Sentinelcity",
        zone="Europe/Paris",
        contact_email="sentinel@example.org",
        organiser="Sample Association",
        image="sentinelpicture",
        image_width=480,
        image_height=360,
        image_alt="A poster",
        **{"status": Status.PENDING, **fields},
    )
    event.steps.create(verb="return", status=event.status, version=1, reason="Sentinelnote")
    return event


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"state": "all"},
        {"state": "pending", "country": "FR"},
        {"q": "sentinel"},
        {"q": "Sentineltitle", "state": "all"},
        {"city": "Sentinelcity", "state": "all"},
        {"flag": "soon", "state": "all"},
        {"p": "2"},
        {"o": "1"},
        {"chosen": "all"},
        {"_facets": "True"},
        {"done": "{pk}"},
    ],
)
def test_nothing_of_a_foreign_event_is_on_any_page_of_the_list(desk, question):
    event = make_foreign(start_date=date(2026, 11, 23))
    make_foreign(status=Status.PUBLISHED)
    make_pending(title="Own", start_date=date(2026, 11, 23))

    page = desk.get(LIST, {name: value.replace("{pk}", str(event.pk)) for name, value in question.items()})

    typed = [*question.values()]
    assert not [word for word in SENTINELS if word in page.text and word not in typed]
    assert titles(page) in ([], ["Own"])


def test_no_country_is_offered_that_is_not_the_moderators(desk):
    page = desk.get(LIST)

    offered = re.search(r'<select id="id_country".*?</select>', page.text, re.DOTALL)[0]
    assert re.findall('value="([A-Z]*)"', offered) == ["", "AT", "DE"]


def test_two_moderators_after_another_are_not_shown_each_others_countries(desk):
    desk.get(LIST)

    page = sign_in(Client(), make_moderator("FR")).get(LIST)

    assert "Germany" not in page.text


def test_without_a_country_there_is_no_list_and_the_first_page_says_whom_to_ask():
    desk = sign_in(Client(), make_moderator())

    assert desk.get(LIST).status_code == 403
    assert "Ask whoever runs this site" in desk.get("/admin/").text


# The first page


def figures(page):
    return dict(re.findall(r'\?([^"]*)"><strong data-number="\d+">(\d+)</strong>', page.text))


def test_the_first_page_counts_what_waits_and_leads_to_it(desk):
    make_pending()
    make_pending(start_date=date(2026, 11, 24), start_time=time(11), country="AT", city="Wien")
    changed = make_event()
    propose(changed, title="Anew")
    for _time in range(2):
        reports.add(changed, subject=Report.Subject.WRONG, text=f"Wrong {_time}")
    make_foreign()

    page = desk.get("/admin/")

    assert figures(page) == {"state=pending": "2", "flag=amended": "1", "flag=reported": "1", "flag=soon": "1"}
    for question, number in figures(page).items():
        assert len(titles(desk.get(f"{LIST}?{question}"))) == int(number)
    assert "3 events wait" in page.text
    assert re.findall(r"country=(..)\">\w+ <strong>(\d)", page.text) == [("DE", "2"), ("AT", "1")]
    assert "France" not in page.text


def test_countries_with_most_stand_first_then_in_the_order_of_the_alphabet_and_none_is_left_out():
    codes = ["CH", "DE", "DZ", "AZ", "GE", "TR", "FR", "IT", "PL", "CZ", "SE", "NO", "FI", "LV"]
    for code in (*codes, "SE"):
        make_pending(country=code, city="Sample")
    page = sign_in(Client(), make_moderator(*codes)).get("/admin/").text

    shown, _summary, more = page.partition("2 more countries</summary>")
    named = [re.findall(r"country=(..)\">[\w ]+ <strong>\d", part) for part in (shown, more)]
    assert named == [["SE", "DZ", "AZ", "CZ", "FI", "FR", "GE", "DE", "IT", "LV", "NO", "PL"], ["CH", "TR"]]


def test_every_page_says_whose_events_one_decides_and_how_many_wait(desk):
    make_pending()
    make_foreign()

    for address in (LIST, "/admin/", "/admin/password_change/", f"{LIST}?state=published"):
        head = desk.get(address).text.partition("</header>")[0]
        assert "Austria, Germany" in head, address
        assert "1 waiting" in head, address


def test_neither_the_first_page_nor_that_of_a_section_tells_what_others_did(desk, anna):
    foreign = make_foreign()
    LogEntry.objects.log_actions(anna.pk, [foreign], CHANGE, single_object=True)  # before France was taken from Anna

    for address in ("/admin/", "/admin/events/"):
        page = desk.get(address)
        assert page.status_code == 200
        assert not [word for word in SENTINELS if word in page.text]


def test_a_superuser_sees_what_waits_everywhere_with_or_without_countries():
    make_foreign()
    chief = make_moderator(is_superuser=True)

    page = sign_in(Client(), chief).get("/admin/")

    assert "1 event waits" in page.text
    assert "all countries" in page.text
    assert "Ask whoever runs this site" not in page.text


# What it costs


def fill(*, by):
    for number in range(30):
        make_pending(title=f"Evening {number}", contact_email=f"{number}@example.org", place=make_city())
    for number in range(5):
        event = make_event(title=f"Published {number}", start_date=date(2026, 12, 1 + number))
        propose(event, title="Anew")
        report(event)
        Claim.objects.create(event=event, by=by, until=timezone.now() + timedelta(minutes=5))


def test_the_list_asks_the_database_the_same_few_questions_however_much_waits(desk, django_assert_num_queries):
    make_pending()
    desk.get(LIST)
    with django_assert_num_queries(10):
        desk.get(LIST)
    fill(by=make_moderator("DE"))

    with django_assert_num_queries(11):  # one more of what is published
        assert len(titles(desk.get(LIST))) == 20
    with django_assert_num_queries(13):  # and which look like others
        assert titles(desk.get(LIST, {"flag": "double"}))
    with django_assert_num_queries(13):  # and how many wait in all
        assert len(titles(desk.get(LIST, {"state": "all", "q": "e", "country": "DE"}))) == 20


def test_the_first_page_asks_the_database_few_questions(desk, django_assert_num_queries):
    fill(by=make_moderator("DE"))
    desk.get("/admin/")

    with django_assert_num_queries(7):
        desk.get("/admin/")
