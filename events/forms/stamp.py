"""What keeps robots out of forms that need no account.

A signed time stamp tells when the form was shown; while robots flood the site, the browser reckons a sum as well.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from events.forms.fields import UnseenField
from events.models import asks_for_work

SOONEST = timedelta(seconds=0.5)  # nobody fills the form in faster; most robots do
LATEST = timedelta(days=2)
WORK_BITS = 16  # 65,000 hashes on average: a second or two in a browser
_SALT = "form shown"

TOO_SOON = _("That was very quick. Look it through, and send it once more.")
TOO_LATE = _(
    "This page was open for long, or parts of it were lost on the way. Look it through, and send it once more."
)
USED = _("Something was sent from this page already. If this is something else, send it once more.")
NO_WORK = _("The site is being flooded just now, and your browser had not finished its sum. Send the form once more.")


class GuardForm(forms.Form):
    """The part of a form for whoever comes that people do not see. The form that it belongs to holds it as `guard`."""

    nickname = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
    )
    stamp = UnseenField(required=False)
    work = UnseenField(required=False)

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now

    @property
    def is_from_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("nickname"))

    @cached_property
    def work_bits(self) -> int:
        """How many zero bits the browser has to find; 0 while the site is left in peace."""
        return WORK_BITS if asks_for_work() else 0

    @property
    def new_stamp(self) -> str:
        """For the form as it is shown now; who sees it again need not take time once more."""
        return make_stamp(now=self.now - SOONEST if self.is_bound else self.now)

    def find_fault(self) -> str:
        """What is wrong with the stamp, as a sentence; empty if nothing."""
        self.full_clean()  # none of its fields can be wrong
        data = self.cleaned_data
        return find_fault(data["stamp"], now=self.now, work=data["work"] if self.work_bits else None)


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
