"""What moderators have to do with the samples: changes proposed for some, reports about some, doubles."""

from datetime import datetime, time, timedelta

from events import amendments, reports
from events.models import Condition, Event, Report, Status, apply_changes

REPORT = "Sample: the notice in our centre says half past six."  # invented, as the events are
FIRST_DOUBLE = 100  # those before it are in one country each
# What a double has in common with the sample before it
SHARED = (
    *("title", "description", "kind", "languages", "format", "online_url", "organiser"),
    *("country", "city", "place", "latitude", "longitude"),
    *("start_date", "start_time", "end_date", "end_time", "zone"),
)


def is_double(number: int) -> bool:
    return number >= FIRST_DOUBLE and number % 60 == 59


def ask(event: Event, number: int) -> None:
    """Give moderators something to decide about this sample, if its number says so."""
    if event.status != Status.PUBLISHED or event.condition != Condition.PLANNED:
        return
    if number % 40 == 6:
        proposed = apply_changes(event, _propose(event))
        amendments.propose(event, proposed, version=event.version, proposal=0, reason="Sample: our hall changed.")
    elif number % 45 == 8:
        reports.add(event, subject=Report.Subject.WRONG, text=REPORT)


def _propose(event: Event) -> dict[str, str]:
    changes = {"description": f"{event.description}\n\nSample: the doors open an hour earlier."}
    if event.start_time and event.start_time < time(21):
        earlier = datetime.combine(event.start_date, event.start_time) - timedelta(minutes=30)
        changes["start_time"] = earlier.time().isoformat()
    return changes
