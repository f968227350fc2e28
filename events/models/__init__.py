from .amendment import AMENDABLE, Amendment, find_changes, is_picture_in_use
from .bucket import Bucket
from .choices import AddressVisibility, Admission, Condition, Format, Kind, Status
from .city import City
from .directory import Directory, Moment, asks_for_work, change_version, read_moment, read_version
from .event import Event
from .link import Link
from .moderator import Moderator
from .step import Step, Verb

__all__ = [
    "AMENDABLE",
    "AddressVisibility",
    "Admission",
    "Amendment",
    "Bucket",
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
    "asks_for_work",
    "change_version",
    "find_changes",
    "is_picture_in_use",
    "read_moment",
    "read_version",
]
