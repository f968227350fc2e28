"""Wall clocks and instants: what a clock on the wall of a place says, and the moment in UTC that it means."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class SkippedTime(ValueError):
    """The clocks of the zone jump over this wall time: it never comes."""


class RepeatedTime(ValueError):
    """The clocks of the zone are set back over this wall time: it comes twice."""


def check_wall_time(wall: datetime, zone: str) -> None:
    """Raise `SkippedTime` or `RepeatedTime` unless the naive `wall` comes exactly once in `zone`."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first < second:
        raise SkippedTime(wall)
    if first > second:
        raise RepeatedTime(wall)


def instant(day: date, clock: time | None, zone: str) -> datetime:
    """The moment in UTC at which the wall clock of `zone` shows `clock` (None: midnight) on `day`.

    Of a time that comes twice it is the first; a skipped time is read with the offset before the jump.
    """
    return datetime.combine(day, clock or time.min, ZoneInfo(zone)).astimezone(UTC)


def offset_name(moment: datetime, zone: str) -> str:
    """The offset of `zone` from UTC at `moment`, as people write it: "UTC+1", "UTC−3:30", "UTC"."""
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = int(abs(offset).total_seconds()) // 60
    if not minutes:
        return "UTC"
    sign = "−" if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
