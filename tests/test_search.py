"""Finding: the same word in every spelling and script, and each filter of the listing."""

from datetime import date

import pytest
from django.test import Client

from events.text import fold, search_terms, search_text, slug, sort_key
from tests.factories import make_city, make_event

# Spellings of one word; each must find each other.
SPELLINGS = [
    ["Həmrəylik", "HƏMRƏYLİK", "həmrəylik", "hemreylik", "Һәмрәјлик", "همره‌یلیک", "همرایلیک"],
    ["Bakı", "BAKI", "baki"],
    ["Baku", "Баку", "BAKU"],
    ["Azərbaycan", "Азәрбајҹан", "Азербайджан", "Azerbaijan", "AZƏRBAYCAN", "آذربایجان", "azerbaycan"],
    ["Şuşa", "Shusha", "Шуша", "ŞUŞA", "susa"],
    ["Qarabağ", "Гарабағ", "QARABAĞ", "Qarabag", "قره‌باغ", "قاراباغ"],
    ["Naxçıvan", "Нахчыван", "Nakhchivan", "NAXÇIVAN", "نخجوان"],
    ["Təbriz", "Тебриз", "TƏBRİZ", "تبریز"],
    ["Novruz", "Новруз", "نوروز"],
    ["Muğam", "Мугам", "Mugham", "MUĞAM", "موغام"],
    ["Xocalı", "Ходжалы", "Khojaly", "XOCALI"],
    ["konsert", "Концерт", "KONSERT", "کنسرت"],
    ["Bayram", "Байрам", "Бајрам", "بایرام"],
    ["İstanbul", "ISTANBUL", "istanbul", "ıstanbul", "Истанбул", "استانبول"],
    ["Köln", "KÖLN", "koln"],
    ["Straße", "STRASSE", "strasse"],
    ["Məmmədov", "MƏMMƏDOV", "memmedov"],
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_each_spelling_of_a_word_finds_each_other(spellings):
    kept = {word: search_text(f"Before {word} after") for word in spellings}

    misses = [
        (query, word)
        for query in spellings
        for word in spellings
        if not all(any(key in kept[word] for key in keys) for keys in search_terms(query))
    ]

    assert not misses


OTHERS = [("Bakı", "Berlin"), ("konsert", "sərgi"), ("trt", "Straße şturet"), ("تبریز", "Naxçıvan"), ("ə", "z")]


@pytest.mark.parametrize(("query", "word"), OTHERS)
def test_other_words_are_not_found(query, word):
    assert not all(any(key in search_text(word) for key in keys) for keys in search_terms(query))


@pytest.mark.parametrize(("query", "spellings"), [("Köln", "|stokholm|stekolna|"), ("kino", "|pekin|pekino|")])
def test_a_city_is_not_found_by_the_middle_of_its_spellings(db, query, spellings):
    make_event(place=make_city(search=spellings), city="Elsewhere")

    assert "data-event" not in Client().get("/en/events/", {"q": query}).text


@pytest.mark.parametrize("text", ["", " ", "\x00", "%_\\'\"", "~^|", "😀", "\u200d", "a" * 10_000])
def test_any_text_can_be_folded_and_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    search_terms(text)


def test_titles_of_every_script_make_addresses():
    titles = ["Həmrəylik gecəsi: Ağdam", "Вечер солидарности", "همرهلیک", "İĞDIR ığdır", "x" * 200]

    assert [slug(title, default="event") for title in titles] == [
        "hemreylik-gecesi-agdam",
        "vecher-solidarnosti",
        "event",
        "igdir-igdir",
        "x" * 60,
    ]


def test_azerbaijani_names_are_ordered_by_the_azerbaijani_alphabet():
    names = ["Çexiya", "Xorvatiya", "İran", "Irak", "Əlcəzair", "Efiopiya", "Ürdün", "Haiti", "Qətər", "Kuba", "Cibuti"]

    assert sorted(names, key=lambda name: sort_key(name, "az")) == [
        *("Cibuti", "Çexiya", "Efiopiya", "Əlcəzair", "Haiti", "Xorvatiya", "Irak", "İran", "Kuba", "Qətər", "Ürdün")
    ]


# The listing


@pytest.fixture
def events(db):
    berlin = make_city(search="|berlin|берлин|")
    return {
        "concert": make_event(title="Muğam konserti", place=berlin, languages="az", admission="ticket"),
        "online": make_event(
            title="Videokonfrans", kind="conference", format="online", city="", online_url="https://example.org/",
            country="AZ", zone="Asia/Baku", languages="en,az",
        ),
        "paris": make_event(
            title="Soirée", kind="evening", country="FR", city="Paris", start_date=date(2026, 12, 30),
            end_date=date(2027, 1, 2), languages="fr,kmr",
        ),
        "earlier": make_event(title="Muğam gecəsi", start_date=date(2025, 12, 27)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"concert", "online", "paris"}),
        ("q=MUĞAM", {"concert"}),
        ("q=мугам", {"concert"}),
        ("q=mugam+berlin", {"concert"}),
        ("q=mugam+paris", set()),
        ("q=берлин", {"concert"}),
        ("q=Almaniya", {"concert"}),
        ("q=%25", set()),
        ("country=FR", {"paris"}),
        ("country=fr", {"paris"}),
        ("city=Берлин", {"concert"}),
        ("city=paris", {"paris"}),
        ("kind=conference", {"online"}),
        ("format=in_person", {"concert", "paris"}),
        ("language=az", {"concert", "online"}),
        ("language=fr", {"paris"}),
        ("admission=ticket", {"concert"}),
        ("date_from=2026-12-28", {"paris"}),
        ("date_from=2027-01-01&date_to=2027-01-31", {"paris"}),
        ("date_to=2026-12-27", {"concert", "online"}),
        ("edition=2025", {"earlier"}),
        ("edition=1999", set()),
        ("country=FR&kind=concert", set()),
    ],
)
def test_the_listing_shows_what_fits_the_question(events, query, found):
    page = Client().get(f"/en/events/?{query}").text

    assert {name for name, event in events.items() if f'data-event="{event.pk}"' in page} == found


def test_a_search_without_a_hit_offers_a_way_on(events):
    page = Client().get("/en/events/?q=nowhere").text

    assert "Nothing fits this search." in page
    assert "Show all events" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("date_from=2026-13-01", "Enter a valid date."),
        ("date_from=2026-12-31&date_to=2026-12-01", "The last day is before the first."),
        ("kind=party", "party is not one of the available choices"),
        ("q=%00", "cannot be shown"),
    ],
)
def test_a_wrong_question_gets_a_word_at_its_field(events, query, message):
    answer = Client().get(f"/en/events/?{query}")

    assert answer.status_code == 200
    assert message in answer.text
    assert "data-event" not in answer.text


def test_pages_of_the_listing_keep_the_question(db):
    for _number in range(25):
        make_event()

    page = Client().get("/en/events/?country=DE")

    assert page.text.count("data-event") == 24
    assert "?country=DE&amp;page=2" in page.text
    assert Client().get("/en/events/?country=DE&page=2").text.count("data-event") == 1
