"""The rules that join place and time: which city and zone are meant, and when by the wall clock there it ends."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events import text
from events.geo import countries, zones
from events.models import AddressVisibility, City, Format

LONGEST = timedelta(days=62)
LONGEST_NIGHT = timedelta(hours=16)  # what would last longer, from an end time alone, is a slip

NONE_OF_THESE = 0  # instead of a city's number, where it was asked which one is meant

Data = dict[str, Any]  # the cleaned data of a form, where a field with an error is missing


def check_place(data: Data) -> None:
    """An event is somewhere: in a city, online, or both."""
    errors: dict[str, Any] = {}
    if data.get("format") != Format.ONLINE and data.get("city") == "":
        errors["city"] = _("Give the city where it takes place.")
    # Of an event that was reported afterwards the broadcast may be over.
    needs_link = data.get("format") in {Format.ONLINE, Format.HYBRID} and not data.get("source_url")
    if needs_link and data.get("online_url") == "":
        errors["online_url"] = _("Give the link with which people take part online.")
    if (data.get("latitude") is None) != (data.get("longitude") is None) and {"latitude", "longitude"} <= data.keys():
        errors["longitude"] = _("Give both latitude and longitude, or neither.")
    if errors:
        raise ValidationError(errors)


def find_place(data: Data) -> City | None:
    """The city in the data that was meant, if it is there: the one chosen, or else the likeliest of that name.

    Only one of which a name begins with what is typed: who chose Berlin may have typed another city since. And who
    chose Londonderry and now has London means that.
    """
    if not data.get("country") or not data.get("city"):
        return None
    chosen = None
    if data.get("place") and (start := text.fold(data["city"])):
        named = City.objects.filter(pk=data["place"], country=data["country"], search__contains=f"|{start}")
        chosen = named.first()
        if chosen and f"|{start}|" in chosen.search:
            return chosen
    if data.get("place") == NONE_OF_THESE and City.objects.namesakes(data["country"], data["city"]):
        return None
    return City.objects.match(data["country"], data["city"]) or chosen


def find_city_name(data: Data, place: City | None) -> str:
    """The name of the city as it was typed, or, where that is but its beginning, the city's own."""
    typed: str = data["city"]
    return place.name if place and f"|{text.fold(typed)}|" not in place.search else typed


def find_zone(data: Data, place: City | None) -> str:
    """The zone chosen, or else the city's, or else the country's where all its clocks agree."""
    candidates = countries.zones(data["country"]) if data.get("country") else ()
    if chosen := data.get("zone"):
        if candidates and chosen not in (*candidates, place and place.zone):
            raise ValidationError({"zone": _("This time zone is not used in the country.")})
        return chosen
    if place:
        return place.zone
    if not candidates or (not data.get("city") and data.get("format") != Format.ONLINE):
        return ""  # the country or the city has an error of its own
    if len({zones.instant(data.get("start_date") or date(2000, 12, 31), None, zone) for zone in candidates}) == 1:
        return candidates[0]
    if data.get("city"):
        message = _(
            "We do not know this city, and its country has several time zones. Choose one, for example %(zone)s."
        )
    else:
        message = _("This country has several time zones. Choose yours, for example %(zone)s.")
    raise ValidationError({"zone": ValidationError(message, code="unknown", params={"zone": candidates[0]})})


def find_position(data: Data, place: City | None) -> tuple[float, float] | None:
    """Latitude and longitude to keep: the exact ones only where the address is public, else the city's."""
    exact = data.get("latitude"), data.get("longitude")
    if data.get("address_visibility") == AddressVisibility.PUBLIC and exact[0] is not None and exact[1] is not None:
        return exact[0], exact[1]
    if place:
        return place.latitude, place.longitude
    return countries.point(data["country"]) if data.get("country") else None


def check_position(data: Data, place: City | None) -> None:
    """The exact spot lies in or near the city."""
    spot = data.get("latitude"), data.get("longitude")
    if not place or spot[0] is None or spot[1] is None:
        return
    if not place.is_near((spot[0], spot[1])):
        raise ValidationError({"latitude": _("This spot is far from the city.")})


def find_end(data: Data) -> date | None:
    """The date on which it ends: where only a time was given, the first one on which that follows the start."""
    start, clock = data.get("start_date"), data.get("start_time")
    end, end_clock = data.get("end_date"), data.get("end_time")
    if not start or end or not end_clock:
        return end
    if clock and end_clock <= clock:
        past_midnight = datetime.combine(start + timedelta(days=1), end_clock)
        if past_midnight - datetime.combine(start, clock) < LONGEST_NIGHT:
            return past_midnight.date()
    return start


def check_times(data: Data, zone: str) -> None:
    """The wall times exist and come once in `zone`; the end is after the start and not absurdly far from it."""
    start, clock = data.get("start_date"), data.get("start_time")
    end, end_clock = data.get("end_date"), data.get("end_time")
    if not start:
        return
    if end_clock and not clock and "start_time" in data:
        raise ValidationError({"start_time": _("Give the time at which it starts as well.")})
    _check_wall_time("start_time", start, clock, zone)
    _check_wall_time("end_time", end, end_clock, zone)
    if end and end < start:
        raise ValidationError({"end_date": _("The end is before the start.")})
    if end == start and clock and end_clock and end_clock <= clock:
        raise ValidationError({"end_time": _("The end is before the start.")})
    if end and end - start > LONGEST:
        raise ValidationError({"end_date": _("An event lasts two months at most.")})


def _check_wall_time(field: str, day: date | None, clock: time | None, zone: str) -> None:
    if not day or not clock or not zone:
        return
    params = {"time": clock.strftime("%H:%M"), "date": date_format(day), "zone": zone.replace("_", " ")}
    try:
        zones.check_wall_time(datetime.combine(day, clock), zone)
    except zones.SkippedTime as error:
        message = _(
            "The clocks are put forward over %(time)s on %(date)s (%(zone)s), so this time does not come. "
            "Give a time before or after the change."
        )
        raise ValidationError({field: ValidationError(message, code="skipped", params=params)}) from error
    except zones.RepeatedTime as error:
        message = _(
            "The clocks are put back over %(time)s on %(date)s (%(zone)s), so this time comes twice. "
            "Give a time before or after that hour, and say in the description what is meant."
        )
        raise ValidationError({field: ValidationError(message, code="repeated", params=params)}) from error
