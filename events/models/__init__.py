from .amendment import AMENDABLE, Amendment, apply_changes, find_changes, is_picture_in_use
from .bucket import Bucket
from .choices import AddressVisibility, Admission, Condition, Format, Kind, Status
from .city import City
from .claim import Claim
from .directory import Directory, Moment, asks_for_work, change_version, read_moment, read_version
from .event import Event
from .link import Link
from .moderator import Moderator
from .reason import Reason, Wording
from .report import Report
from .step import Step, Verb
from .trust import Trust

__all__ = [
    "AMENDABLE",
    "AddressVisibility",
    "Admission",
    "Amendment",
    "Bucket",
    "City",
    "Claim",
    "Condition",
    "Directory",
    "Event",
    "Format",
    "Kind",
    "Link",
    "Moderator",
    "Moment",
    "Reason",
    "Report",
    "Status",
    "Step",
    "Trust",
    "Verb",
    "Wording",
    "apply_changes",
    "asks_for_work",
    "change_version",
    "find_changes",
    "is_picture_in_use",
    "read_moment",
    "read_version",
]
