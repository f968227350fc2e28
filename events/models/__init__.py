from .choices import AddressVisibility, Admission, Format, Kind
from .city import City
from .directory import Directory, change_version, read_moment, read_version
from .event import Condition, Event, Status
from .link import Link
from .moderator import Moderator
from .step import Step, Verb

__all__ = [
    "AddressVisibility",
    "Admission",
    "City",
    "Condition",
    "Directory",
    "Event",
    "Format",
    "Kind",
    "Link",
    "Moderator",
    "Status",
    "Step",
    "Verb",
    "change_version",
    "read_moment",
    "read_version",
]
