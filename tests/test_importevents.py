"""What `manage.py importevents` says about a file, and what is there afterwards."""

import csv
from datetime import date, time
from functools import cache
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.geo import cities
from events.management.commands import loadcities
from events.management.commands.demodata import REPORTED
from events.models import City, Event, Status, Verb
from tests.factories import make_city, make_event

with REPORTED.open(encoding="utf-8", newline="") as file:
    REPORTS = [*csv.DictReader(file)]
COLUMNS = "title,kind,country,city,start_date,organiser,source_url"
GOOD = "Sample evening,evening,DE,Berlin,2026-12-31,Sample Association,https://example.org/report"

pytestmark = pytest.mark.django_db


@cache
def find_reported_cities():
    """The cities of the reported events, whatever name these call them by."""
    wanted = {(report["country"], report["city"]) for report in REPORTS}
    return [city for city in cities.read() if any((city.country, name) in wanted for name in city.names)]


@pytest.fixture
def reported_cities():
    City.objects.bulk_create([loadcities.row(city, version="test") for city in find_reported_cities()])


@pytest.fixture
def berlin():
    return make_city()


@pytest.fixture
def file_of(tmp_path):
    """Writes a file of these lines, or of these very bytes."""

    def write(*lines, data=None):
        path = tmp_path / "events.csv"
        path.write_bytes("\n".join(lines).encode() if data is None else data)
        return path

    return write


def import_events(path, **options):
    """What the command said, and with which error it ended, if any."""
    said = StringIO()
    try:
        call_command("importevents", path, stdout=said, stderr=said, **options)
    except CommandError as error:
        return said.getvalue(), str(error)
    return said.getvalue(), ""


def reason_for(path):
    """Why the only bad line of a file is refused."""
    said, error = import_events(path)
    assert error.startswith("Bad lines: 1 of ")
    assert not Event.objects.exists()
    return said


# What is there afterwards


def test_reported_events_are_published_in_their_editions_without_an_hour(reported_cities):
    assert import_events(REPORTED, publish=True)[1] == ""

    events = Event.objects.published()
    assert events.count() == len(REPORTS) >= 41
    assert events.get(title="Year-end meeting with music").edition == 2007  # on 7 January 2008
    assert events.get(title="Solidarity Day concert in London").edition == 2025
    assert not events.exclude(start_time=None)
    assert not events.filter(place=None)
    assert events.get(title="Opera concert for Solidarity Day").zone == "Europe/Tallinn"
    online = [report for report in REPORTS if report["format"] == "online"]
    assert events.filter(format="online", online_url="").count() == len(online) >= 2
    assert {step.verb for event in events for step in event.steps.all()} == {Verb.IMPORT}


def test_imported_events_wait_for_a_moderator_unless_published(berlin, file_of):
    import_events(file_of(COLUMNS, GOOD))

    event = Event.objects.get()
    assert event.status == Status.PENDING
    assert (event.languages, event.admission, event.format) == ("", "", "in_person")  # not told, so not known
    assert (event.zone, event.place) == ("Europe/Berlin", berlin)


def test_dry_run_says_what_would_happen_and_writes_nothing(berlin, file_of):
    said, error = import_events(file_of(COLUMNS, GOOD), dry_run=True)

    assert "Would be imported as pending: 1." in said
    assert not error
    assert not Event.objects.exists()


def test_importing_twice_adds_nothing_and_says_so(berlin, file_of):
    path = file_of(COLUMNS, GOOD, GOOD.replace("evening,evening", "concert,concert"))
    import_events(path)

    said, error = import_events(path)

    assert "Imported as pending: 0. Already there: 2." in said
    assert not error
    assert Event.objects.count() == 2


@pytest.mark.parametrize("status", [Status.DECLINED, Status.WITHDRAWN])
def test_event_that_was_refused_or_taken_back_does_not_return_by_a_file(status, berlin, file_of):
    make_event(title="SAMPLE  Evening", start_date=date(2026, 12, 31), status=status)

    assert "Already there: 1." in import_events(file_of(COLUMNS, GOOD))[0]
    assert Event.objects.count() == 1


def test_all_fields_of_an_event_can_be_imported(berlin, file_of):
    columns = f"{COLUMNS},languages,start_time,end_time,venue,address,address_visibility,contact_email,supporters"
    line = f'{GOOD},"az,de",20:30,01:00,Sample House,Sample Street 1,city_only,sample@example.org,One;Two'
    import_events(file_of(columns, line))

    event = Event.objects.get()
    assert (event.languages, event.contact_email, event.supporters) == ("az,de", "sample@example.org", "One; Two")
    assert (event.start_time, event.end_date, event.end_time) == (time(20, 30), date(2027, 1, 1), time(1, 0))
    assert (event.venue, event.has_public_address) == ("Sample House", False)


@pytest.mark.parametrize("languages", ["az;de", "az; de", "az de"])
def test_languages_may_be_separated_by_semicolons_or_spaces(languages, berlin, file_of):
    import_events(file_of(f"{COLUMNS},languages", f"{GOOD},{languages}"))
    assert Event.objects.get().languages == "az,de"


@pytest.mark.parametrize("before", ["\ufeff", ""])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_file_of_an_office_program_is_understood(before, delimiter, line_end, berlin, file_of):
    table = before + line_end.join([COLUMNS, GOOD, ",,,,,,", ""]).replace(",", delimiter)

    assert import_events(file_of(data=table.encode())) == ("Imported as pending: 1. Already there: 0.\n", "")


def test_what_an_export_says_beyond_the_fields_is_named_and_not_read(berlin, file_of):
    said, error = import_events(file_of(f"{COLUMNS},status,image_alt", f"{GOOD},published,Musicians"))

    assert "Not read: status, image_alt." in said
    assert not error
    assert (Event.objects.get().status, Event.objects.get().image_alt) == (Status.PENDING, "")


# What is wrong with a line


def test_three_bad_lines_among_good_ones_are_named_and_nothing_is_imported(reported_cities, tmp_path):
    lines = REPORTED.read_text(encoding="utf-8").splitlines()
    lines.insert(1, "Sample,concert,in_person,2025-11-30,DE,Berlin,,Sample Association,,https://example.org/1")
    lines.insert(20, "Sample,dance,in_person,2025-12-30,DE,Berlin,,Sample Association,,https://example.org/2")
    lines.append("Sample,concert,in_person,2025-12-30,DE,,,Sample Association")
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines), encoding="utf-8")

    said, error = import_events(path, publish=True)

    bad = said.splitlines()
    assert bad[0] == "Line 2: start_date: An event of the Day starts in December or January."
    assert bad[1].startswith("Line 21: kind: Give one of these: concert, evening,")
    assert bad[2] == f"Line {len(lines)}: The line has 8 cells, but there are 10 columns."
    assert len(bad) == 3
    assert error == f"Bad lines: 3 of {len(REPORTS) + 3}. Nothing was imported."
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("2026-12-31", "31.12.2026", "start_date: Write the date as 2026-12-31."),
        ("2026-12-31", "12/31/2026", "start_date: Write the date as 2026-12-31."),
        ("2026-12-31", "2026-06-01", "start_date: An event of the Day starts in December or January."),
        ("Sample Association", "", "organiser: Say who holds the event."),
        ("Sample Association", ";", "organiser: Say who holds the event."),
        ("Berlin", "", "city: Give the city where it takes place."),
        ("DE,", "Germany,", "country: Give the country’s code of two letters (ISO 3166), such as DE."),
        ("https://example.org/report", "javascript:alert(1)", "source_url: This is not a link to a page."),
        ("https://example.org/report", "", "contact_email: Give an e-mail address, or in source_url"),
        ("Berlin", "Ber\0lin", "city: There are characters in this text that cannot be shown."),
        ("evening,DE", "eve\0ning,DE", "kind: There are characters in this text that cannot be shown."),
        ("Sample evening", "Sample \u0007evening", "title: There are characters in this text that cannot be shown."),
        ("Sample evening", "S" * 121, "title: Ensure this value has at most 120 characters"),
        ("https://example.org/report", "https://example.org/report,", "The line has 8 cells, but there are 7 columns."),
        ("Sample evening", '"Sample" evening', "The line cannot be split into columns"),
        ("Sample Association,", '"Sample Association,', "The line cannot be split into columns"),
    ],
)
def test_bad_line_is_refused_with_its_number_and_reason(good, bad, reason, berlin, file_of):
    other = GOOD.replace("Sample evening", "Another")

    assert f"Line 3: {reason}" in reason_for(file_of(COLUMNS, other, GOOD.replace(good, bad, 1)))


def test_lines_are_counted_as_editors_do_where_texts_have_several_and_some_are_empty(berlin, file_of):
    several = f'{GOOD.replace("evening", "concert", 1)},"One\nTwo\n\nThree"'
    path = file_of(f"{COLUMNS},description", several, "", f"{GOOD.replace('DE', 'XX')},", f"{GOOD},")

    assert "Line 7: country:" in reason_for(path)


def test_same_event_twice_in_a_file_is_named_with_the_line_of_the_first(berlin, file_of):
    path = file_of(COLUMNS, GOOD, GOOD.replace("Sample evening", "SAMPLE EVENING"))

    assert "Line 3: title: the same event stands in line 2." in reason_for(path)


def test_only_of_a_reported_online_event_the_link_may_be_missing(file_of, berlin):
    columns, line = f"{COLUMNS},format,contact_email", f"{GOOD},online,sample@example.org"

    unreported = line.replace("https://example.org/report", "")
    assert "Line 2: online_url: Give the link" in reason_for(file_of(columns, unreported))

    assert import_events(file_of(columns, line))[1] == ""


def test_city_that_is_not_known_needs_a_zone_where_the_country_has_several(file_of):
    path = file_of(COLUMNS, GOOD.replace("DE,Berlin", "US,Nowhere"))

    assert "Line 2: zone: We do not know this city" in reason_for(path)


# What is wrong with the file


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (f"{COLUMNS},price", "Unknown column: price."),
        (f"{COLUMNS},image", "Unknown column: image."),
        (COLUMNS.replace(",organiser", ""), "Missing column: organiser."),
        (f"{COLUMNS},title", "Column that stands there twice: title."),
        ("ti\0tle", "does not begin with a line that names the columns"),
    ],
)
def test_wrong_columns_are_named(columns, reason, file_of):
    assert reason in import_events(file_of(columns, GOOD))[1]


def test_empty_file_is_refused(file_of):
    assert "does not begin with a line that names the columns" in import_events(file_of(""))[1]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
def test_other_encoding_is_refused_with_the_way_out(encoding, file_of):
    table = f"{COLUMNS}\n{GOOD}\n{GOOD.replace('Sample evening', 'Вечер')}"

    error = import_events(file_of(data=table.encode(encoding)))[1]

    assert "is not in UTF-8. Save the file as “CSV UTF-8”" in error
    assert ("Line 3" if encoding == "cp1251" else "Line 1") in error


def test_file_that_is_not_there_is_named(tmp_path):
    assert "missing.csv: No such file" in import_events(tmp_path / "missing.csv")[1]
