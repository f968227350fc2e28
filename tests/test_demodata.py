"""The sample events: marked as such on all sides, spread over the world, the same for the same seed."""

import csv
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from events import images, markdown, moderation
from events.forms.when_and_where import check_times
from events.geo import cities
from events.management.commands import loadcities
from events.management.commands.demodata import REPORTED
from events.models import Amendment, City, Condition, Event, Report, Status
from events.samples.invention import find_places, invent, read
from tests.factories import make_event

with REPORTED.open(encoding="utf-8", newline="") as file:
    REPORTS = [*csv.DictReader(file)]
EDITION = 2026
MANY = 213

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def known_cities(django_db_setup, django_db_blocker):
    """The cities of samples and of reported events."""
    wanted = {(code, name.partition("=")[0]) for code, row in read("countries").items() for name in row[2].split(", ")}
    wanted |= {(report["country"], report["city"]) for report in REPORTS}
    with django_db_blocker.unblock():
        found = [city for city in cities.read() if any((city.country, name) in wanted for name in city.names)]
        City.objects.bulk_create([loadcities.row(city, version="test") for city in found])
        yield
        City.objects.all().delete()


def add_samples(**options):
    """What the command says."""
    said = StringIO()
    call_command("demodata", stdout=said, **options)
    return said.getvalue()


def invented(count=MANY, *, seed=31):
    places = find_places()
    return [invent(number, seed=seed, edition=EDITION, places=places) for number in range(count)]


def facts(event):
    return {field.attname: getattr(event, field.attname) for field in event._meta.concrete_fields}


# What is invented


def test_samples_are_in_more_than_65_countries_and_most_in_the_great_communities():
    published = [sample.event for sample in invented() if sample.status == Status.PUBLISHED]

    countries = Counter(str(event.country) for event in published)
    assert len(countries) >= 65
    assert {"DE", "TR"} <= {code for code, _number in countries.most_common(4)}


def test_every_city_of_the_samples_is_in_the_data():
    assert {code: len(places) for code, places in find_places().items()} == {
        code: len(row[2].split(", ")) for code, row in read("countries").items()
    }


def test_every_sample_says_in_its_own_language_that_it_is_one():
    notices = {words["notice"] for words in read("texts").values()}
    for event, *_rest in invented():
        assert event.is_sample
        assert event.description.split("\n\n")[0] in notices
        assert event.contact_email.endswith("@example.org")
        for link in (event.website, event.online_url, event.registration_url):
            assert not link or link.startswith("https://example.org/")


def test_every_sample_obeys_the_rules_of_an_event():
    events = [sample.event for sample in invented(500)]
    for event in moderation.add_all(events, status=Status.PENDING):  # the database has rules of its own
        event.clean_fields()
        check_times({field.name: getattr(event, field.name) for field in event._meta.fields}, event.zone)
        assert not markdown.refused_links(event.description)
        assert date(EDITION, 12, 5) <= event.start_date <= date(EDITION + 1, 1, 15)
        assert {*event.language_codes} <= {*read("texts")}


def test_most_samples_are_in_the_last_days_of_the_year_and_many_welcome_the_new_one():
    events = [sample.event for sample in invented()]

    assert sum(event.start_date >= date(EDITION, 12, 26) for event in events) > MANY * 0.7
    assert sum(event.end_date == date(EDITION + 1, 1, 1) for event in events if event.end_time) > 30
    assert any(event.start_time is None for event in events)


def test_samples_show_every_kind_format_admission_and_visibility():
    events = [sample.event for sample in invented()]

    for name in ("kind", "format", "admission", "address_visibility"):
        shown = {str(getattr(event, name)) for event in events}
        assert shown == {value for value, _label in Event._meta.get_field(name).flatchoices}


def test_same_seed_invents_the_same_and_another_one_does_not():
    assert [facts(sample.event) for sample in invented(60)] == [facts(sample.event) for sample in invented(60)]
    assert [sample.event.title for sample in invented(60)] != [sample.event.title for sample in invented(60, seed=1)]


def test_desk_gets_work_of_every_sort():
    statuses = Counter(sample.status for sample in invented())
    conditions = {sample.condition for sample in invented() if sample.status == Status.PUBLISHED}

    assert 10 < statuses[Status.PENDING] < 25
    assert statuses[Status.RETURNED] and statuses[Status.DECLINED]
    assert conditions == {*Condition}


# What the command does


def test_samples_and_reported_events_are_added_with_pictures_that_can_be_read():
    said = add_samples(events=26)

    assert "26 of 26 sample events" in said
    assert f"Imported as published: {len(REPORTS)}." in said
    assert len(REPORTS) >= 41
    assert "Samples of 2026: 26, in 23 countries (23 published, 2 pending, 1 returned, 1 cancelled)" in said
    with_picture = Event.objects.exclude(image="")
    assert with_picture
    for event in with_picture:
        assert event.is_sample and event.image_alt
        assert default_storage.exists(images.path(event.image, "1600.avif"))
    assert Event.objects.get(status=Status.RETURNED).steps.get().reason
    assert not Event.objects.filter(is_sample=False, source_url="")


def test_running_again_adds_only_what_is_missing():
    add_samples(events=3)
    first = {event.pk: facts(event) for event in Event.objects.all()}

    said = add_samples(events=5)

    assert "Samples added: 2. Already there: 3." in said
    assert f"Imported as published: 0. Already there: {len(REPORTS)}." in said
    assert Event.objects.filter(is_sample=True).count() == 5
    assert {event.pk: facts(event) for event in Event.objects.filter(pk__in=first)} == first


def test_nothing_is_added_to_what_is_there_when_asked_so():
    make_event()

    assert add_samples(if_empty=True) == "There are events already; no sample was added.\n"
    assert Event.objects.count() == 1


def test_public_site_with_real_events_takes_no_samples(settings):
    make_event()

    with pytest.raises(CommandError, match="real events"):
        add_samples(events=1)
    assert not Event.objects.filter(is_sample=True)

    settings.DEBUG = True
    City.objects.all().delete()
    with pytest.raises(CommandError, match="loadcities"):
        add_samples(events=1)


@pytest.mark.parametrize("events", [-1, 100_001])
def test_number_of_samples_has_its_limits(events):
    with pytest.raises(CommandError, match="from 0 to 100000"):
        add_samples(events=events)


def test_moderators_find_samples_of_all_that_they_have_to_decide():
    add_samples()

    assert Amendment.objects.open().count() >= 3
    assert Report.objects.open().count() >= 3
    published = {(event.title, event.start_date, event.city) for event in Event.objects.published()}
    waiting = Event.objects.filter(status=Status.PENDING)
    assert sum((event.title, event.start_date, event.city) in published for event in waiting) >= 2


def test_samples_added_twice_ask_nothing_twice():
    add_samples()
    asked = Amendment.objects.count(), Report.objects.count()

    add_samples()

    assert (Amendment.objects.count(), Report.objects.count()) == asked
