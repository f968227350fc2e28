from .choices import AddressVisibility, Admission, Condition, Format, Kind, Status
from .city import City
from .directory import Directory, Moment, change_version, read_moment, read_version
from .event import Event
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
    "Moment",
    "Status",
    "Step",
    "Verb",
    "change_version",
    "read_moment",
    "read_version",
]
