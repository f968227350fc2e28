"""What a template cannot say without: dates in words, Markdown, names of countries and languages."""

from datetime import date, datetime

from django import template
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language

from events import day, markdown
from events.geo import countries, languages, zones
from events.models import Event

register = template.Library()
register.filter("markdown", markdown.render)


def _language() -> str:
    return get_language() or "en"


@register.filter
def long_day(value: date) -> str:
    """ "Thursday, 31 December 2026" in the reader's language and its order of the parts."""
    weekday = str(WEEKDAYS[value.weekday()])
    month = date_format(value, "E")
    match _language():
        case "az":  # lower case inside a sentence, which Django's catalogue does not know
            return f"{value.day} {month.lower()} {value.year}, {weekday.lower()}"
        case "tr":
            return f"{value.day} {month} {value.year}, {weekday}"
        case "ru":
            return f"{value.day} {month.lower()} {value.year}, {weekday.lower()}"
    return f"{weekday}, {value.day} {month} {value.year}"


@register.filter
def short_day(value: date) -> str:
    """ "Thu 31 December": where the year is known and space is short."""
    month = date_format(value, "E")
    weekday = date_format(value, "D")
    if _language() in {"az", "ru"}:
        return f"{value.day} {month.lower()}, {weekday.lower()}"
    return f"{weekday} {value.day} {month}"


@register.filter
def country_name(code: object) -> str:
    return countries.name(str(code), language=_language())


@register.filter
def language_names(codes: list[str]) -> str:
    return ", ".join(languages.name(code, language=_language()) for code in codes)


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
def openstreetmap(point: tuple[float, float]) -> str:
    """The map of OpenStreetMap with a mark at `point`, latitude and longitude in degrees."""
    latitude, longitude = (f"{degrees:.5f}" for degrees in point)
    query = f"mlat={latitude}&mlon={longitude}#map=13/{latitude}/{longitude}"
    return f"https://www.openstreetmap.org/?{query}"


@register.simple_tag
def picture_url(event: Event, width: int, extension: str, key: str = "") -> str:
    """Where a rendition of the event's picture is; with a key of `access` also before it is published."""
    address = reverse("picture", args=(event.image, width, extension))
    return f"{address}?key={key}" if key else address
