"""The Day, 31 December: which edition a date belongs to, and which edition is coming."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

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
