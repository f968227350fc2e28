"""What a template cannot say without: dates in words, Markdown, names of countries and languages, links elsewhere."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Page
from django.urls import reverse
from django.utils.dates import MONTHS_ALT, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from events import day, markdown, text
from events.feeds import links
from events.geo import countries, languages, zones
from events.models import Condition, Event

_MAP = "https://www.openstreetmap.org/"

register = template.Library()
register.filter("markdown", markdown.render)
register.filter("sharing_links", links.sharing)


@register.filter
def long_day(value: date) -> str:
    """ "Thursday, 31 December 2026" in the reader's language and its order of the parts."""
    return _long_day(value, text.current_language())


@lru_cache(maxsize=1024)
def _long_day(value: date, language: str) -> str:
    weekday, month = str(WEEKDAYS[value.weekday()]), str(MONTHS_ALT[value.month])
    match language:
        case "az" | "ru":  # lower case inside a sentence, which not every catalogue knows
            return f"{value.day} {month.lower()} {value.year}, {weekday.lower()}"
        case "tr":
            return f"{value.day} {month} {value.year}, {weekday}"
    return f"{weekday}, {value.day} {month} {value.year}"


@register.filter
def short_day(value: date) -> str:
    """ "Thu 31 December": where the year is known and space is short."""
    return _short_day(value, text.current_language())


@lru_cache(maxsize=1024)
def _short_day(value: date, language: str) -> str:
    weekday, month = str(WEEKDAYS_ABBR[value.weekday()]), str(MONTHS_ALT[value.month])
    match language:
        case "az" | "ru":
            return f"{value.day} {month.lower()}, {weekday.lower()}"
        case "tr":
            return f"{value.day} {month}, {weekday}"
    return f"{weekday} {value.day} {month}"


@register.simple_tag
def short_days(first: date, last: date) -> dict[str, str]:
    """What `short_day` says of each day from `first` to `last`, by its ISO date: for a script to say."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {value.isoformat(): short_day(value) for value in days}


@register.filter
def country_name(code: object) -> str:
    return countries.name(str(code), language=text.current_language())


@register.filter
def language_names(codes: list[str]) -> str:
    return ", ".join(languages.name(code, language=text.current_language()) for code in codes)


@register.filter
def in_baku(moment: datetime) -> datetime:
    return moment.astimezone(day.BAKU)


@register.filter
def wall_time(moment: datetime) -> str:
    """Hours and minutes of an aware datetime by its own zone (the `time` filter would turn it into UTC)."""
    return moment.strftime("%H:%M")


@register.filter
def city_of_zone(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


@register.filter
def offset(event: Event) -> str:
    return zones.offset_name(event.starts_at, event.zone)


@register.filter
def midnight(value: date, zone: str) -> str:
    """The instant at which `value` begins in `zone`, for the `datetime` of a day without a time."""
    return datetime(value.year, value.month, value.day, tzinfo=ZoneInfo(zone)).isoformat()


@register.filter
def has_words(event: Event) -> bool:
    """Whether "now" or "tonight" may be said of it: not of what does not take place, nor of the date of a report."""
    return event.condition == Condition.PLANNED and not event.source_url


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[str | int]:
    """The pages to offer on one: the first, the last, and those beside it, with an ellipsis for others."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def calendar_links(event: Event) -> list[links.Link]:
    return links.calendars(event, language=text.current_language())


@register.simple_tag
def describe_event(event: Event) -> str:
    """One sentence for search engines and whoever is sent a link: what, when, where, by whom."""
    clock = f", {event.start_time:%H:%M}" if event.start_time else ""
    where = links.town(event, language=text.current_language())
    what, when, by = event.get_kind_display(), f"{long_day(event.start_date)}{clock}", _("Held by:")
    return f"{what}: {when}, {where}. {by} {event.organiser}"


_MAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+")
_PHONE = re.compile(r"\+?[\d(][\d\s()./\u2011\u2013-]{5,24}")


@register.filter
def contact_link(contact: str) -> str:
    """Where pressing a public contact leads: an address, a mailbox, a telephone; empty for any other words."""
    if contact.startswith(("https://", "http://")) and " " not in contact:
        return contact
    if _MAIL.fullmatch(contact):
        return f"mailto:{quote(contact, safe='@+')}"
    if _PHONE.fullmatch(contact):
        return "tel:" + re.sub(r"[^\d+]", "", contact)
    return ""


@register.filter
def openstreetmap(event: Event) -> str:
    """The map of OpenStreetMap with a mark where the event is, if that is public and known; else the city."""
    if event.has_public_address and event.has_exact_point:
        latitude, longitude = (f"{degrees:.5f}" for degrees in event.point)
        return f"{_MAP}?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    if event.place and not (event.has_public_address and event.address):
        return f"{_MAP}#map=12/{event.place.latitude:.4f}/{event.place.longitude:.4f}"
    street = [event.address] if event.has_public_address and event.address else []
    town = links.town(event, language=text.current_language())
    return f"{_MAP}search?query={quote(', '.join([*street, town]), safe='')}"


@register.simple_tag
def picture_url(event: Event, width: int, extension: str, key: str = "") -> str:
    """Where a rendition of the event's picture is; with a key of `access` also before it is published."""
    address = reverse("picture", args=(event.image, width, extension))
    return f"{address}?key={key}" if key else address
