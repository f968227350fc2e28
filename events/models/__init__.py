from .choices import AddressVisibility, Admission, Format, Kind
from .city import City
from .event import Condition, Event, Status
from .link import Link
from .moderator import Moderator
from .step import Step, Verb

__all__ = [
    "AddressVisibility",
    "Admission",
    "City",
    "Condition",
    "Event",
    "Format",
    "Kind",
    "Link",
    "Moderator",
    "Status",
    "Step",
    "Verb",
]
