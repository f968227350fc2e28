"""The Day, 31 December: which edition a date belongs to, which is coming, and when the Day ends where."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from events.geo import clocks, zones
from events.geo.clocks import Clock

BAKU = ZoneInfo("Asia/Baku")
FIRST_EDITION = 1991  # the year in which the day was proclaimed
LAST_EDITION = 2100  # what is later is a slip of the pen


def edition_of(start: date) -> int:
    """The year of the 31 December to which an event that starts on the local date `start` belongs."""
    return start.year - 1 if start.month == 1 else start.year


def coming_edition(now: datetime) -> int:
    """The edition that the site shows at the instant `now`: from 1 February on the one of the same year."""
    return edition_of(now.astimezone(BAKU).date())


def window(edition: int) -> tuple[date, date]:
    """The first and the last local start date of an edition's events."""
    return date(edition, 12, 1), date(edition + 1, 1, 31)


def is_in_window(start: date) -> bool:
    """Whether `start` lies in the weeks around the Day of some edition, in which its events take place."""
    return start.month in {1, 12} and FIRST_EDITION <= edition_of(start) <= LAST_EDITION


def days_to_go(now: datetime) -> int:
    """Whole days from the date in Baku at `now` to 31 December of the coming edition; 0 from the Day on."""
    today = now.astimezone(BAKU).date()
    return max(0, (date(coming_edition(now), 12, 31) - today).days)


class Midnight(NamedTuple):
    """A stop of the relay: an instant in UTC, and the clocks on which 31 December ends then, most people first."""

    instant: datetime
    clocks: tuple[Clock, ...]

    @property
    def offset(self) -> str:
        """What the clocks differ from UTC: "UTC+13:45"."""
        return zones.offset_name(self.instant, self.clocks[0].zone)


@lru_cache(maxsize=4096)
def end_in(zone: str, *, edition: int) -> datetime | None:
    """The instant in UTC at which 31 December of `edition` ends in `zone`; None where that day never was.

    Islands that moved to the other side of the date line left a day out, and some of Kiribati this one, in 1994.
    """
    end = zones.instant(date(edition + 1, 1, 1), None, zone)
    last_day = (end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    return end if last_day == date(edition, 12, 31) else None


@lru_cache(maxsize=16)
def relay(edition: int) -> tuple[Midnight, ...]:
    """All midnights that end 31 December of `edition`, from the first to the last, by the rules of that year."""
    stops: dict[datetime, list[Clock]] = defaultdict(list)
    for clock in clocks.read():
        if end := end_in(clock.zone, edition=edition):
            stops[end].append(clock)
    return tuple(Midnight(instant, tuple(stops[instant])) for instant in sorted(stops))
