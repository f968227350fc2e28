"""The signed time stamp of a form: when it was shown, and, while robots flood the site, what their browser reckoned."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

SOONEST = timedelta(seconds=0.5)  # nobody fills the form in faster; most robots do
LATEST = timedelta(days=2)
WORK_BITS = 16  # 65,000 hashes on average: a second or two in a browser
_SALT = "form shown"

TOO_SOON = _("That was very quick. Look it through, and send it once more.")
TOO_LATE = _(
    "This page was open for long, or parts of it were lost on the way. Look it through, and send it once more."
)
USED = _("An event was registered from this page already. If this is another one, send it once more.")
NO_WORK = _("The site is being flooded just now, and your browser had not finished its sum. Send the form once more.")


def make_stamp(*, now: datetime) -> str:
    """A stamp for a form that is shown `now`; no two are alike."""
    return signing.dumps([now.timestamp(), secrets.token_hex(8)], salt=_SALT)


def find_fault(stamp: str, *, now: datetime, work: str | None = None) -> str:
    """What is wrong with the stamp that came back, as a sentence for the person; empty if nothing.

    `work` is the number found by the browser, if one is demanded.
    """
    try:
        shown_at = signing.loads(stamp, salt=_SALT)[0]
    except signing.BadSignature:
        return str(TOO_LATE)
    age = timedelta(seconds=now.timestamp() - shown_at)
    if not timedelta(0) <= age <= LATEST:
        return str(TOO_LATE)
    if age < SOONEST:
        return str(TOO_SOON)
    return "" if work is None or _is_worked(stamp, work) else str(NO_WORK)


def _is_worked(stamp: str, work: str) -> bool:
    """Whether the SHA-256 of stamp and number begins with enough zero bits. To find one takes 65,000 times as long."""
    digest = hashlib.sha256(f"{stamp}:{work[:20]}".encode(errors="replace")).digest()
    return int.from_bytes(digest) >> (256 - WORK_BITS) == 0
