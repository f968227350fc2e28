"""How often one may do what costs others something: send forms, have letters sent, change what all see.

Counted in our own table, so that it works with several web nodes and needs no store. Who did it is an e-mail address,
without what makes variants of one address, or a network; both are kept as keyed hashes, at most for a week. See
docs/decisions/0013-limits.md.
"""

import hmac
import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Bucket, Event, Status

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
LONGEST = timedelta(days=6)  # and a day until `purge` comes by
AT_ONCE = timedelta(minutes=1)
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Limit:
    """At most `most` times in a `window` of time, which begins with the first time, for one source."""

    name: str
    most: int
    window: timedelta


# What a form that comes costs, good or bad; and what is kept of its picture, though nothing may come of it.
TRIES = (Limit("tries", 300, timedelta(minutes=10)),)
PICTURES = (Limit("pictures", 120, HOUR), Limit("pictures of a day", 400, DAY))
# What is stored, by the network it comes from. A community centre is one network, and so is a university.
SUBMISSIONS = (Limit("submissions", 60, HOUR), Limit("submissions of days", 300, LONGEST))
SUBMISSIONS_OF_ALL = (Limit("submissions of all", 2000, HOUR),)
# Letters to an address that nobody has proven to be theirs, so that nobody is flooded through us.
CONFIRMATIONS = (Limit("confirmations", 5, DAY),)
# While a proof of work is demanded, each stamp is good for one event; an older one than these days is not taken.
STAMPS = (Limit("stamps", 1, timedelta(days=3)),)
# The owner may need one after another; whoever asks in another's name must not shut them out for a day.
ENTRIES = (Limit("entries", 5, HOUR),)
ENTRIES_OF_NETWORK = (Limit("entries of a network", 30, HOUR),)
# As long as nobody has proven the address, these are letters to a stranger as well.
ENTRIES_UNPROVEN = (Limit("entries of an unproven address", 5, DAY),)
# What an organiser does with their own events: each time a letter, pages made anew for all, or work for a moderator.
CHANGES = (Limit("changes", 60, HOUR),)
# What visitors report, each time work for a moderator: from a network, about an event, and at all. What ten strangers
# say of an event within an hour is said; and whoever had to read more of a flood would read nothing else.
REPORTS = (Limit("reports", 20, HOUR), Limit("reports of days", 100, LONGEST))
REPORTS_OF_EVENT = (Limit("reports of an event", 10, HOUR), Limit("reports of an event of days", 40, LONGEST))
REPORTS_OF_ALL = (Limit("reports of all", 500, HOUR),)
# Who signs in at the desk. Each try costs the processor a slow hash, and is a guess: of a name from a network, from the
# network at all, and of the name from all networks from which nobody was let in by that name lately.
SIGN_INS = (Limit("sign-ins", 10, QUARTER),)
SIGN_INS_OF_NETWORK = (Limit("sign-ins of a network", 60, QUARTER),)
SIGN_INS_OF_NAME = (Limit("sign-ins of a name", 100, HOUR),)
KNOWN_NETWORKS = (Limit("known networks", 1, LONGEST),)
# Whoever guesses codes knows the password. Three of a million are right: a chance of one in a hundred takes four days.
CODES = (Limit("codes", 10, QUARTER),)
CODES_OF_NAME = (Limit("codes of a name", 30, HOUR),)
PASSWORD_CHANGES = (Limit("password changes", 10, HOUR),)
# Events of one address that wait for a moderator.
MOST_WAITING = 20
MANY_CAME = _("Too many forms came from this e-mail address or network.")
MANY_AT_ONCE = _("Very many events are being registered just now.")
MANY_ABOUT_IT = _("Many people have reported this event, and a moderator will look at it.")
MANY_REPORTS = _("Very many reports come in just now.")
MANY_WAIT = _("Many events of this address wait for a moderator. Register more when some of them are decided.")

# What is said of a limit; of all others that too many forms came
SAID = ((SUBMISSIONS_OF_ALL, MANY_AT_ONCE), (REPORTS_OF_EVENT, MANY_ABOUT_IT), (REPORTS_OF_ALL, MANY_REPORTS))


class TooMany(Exception):
    """A limit is reached; `wait` is the number of seconds until it is lifted. The message is for the person."""

    def __init__(self, limit: Limit, *, wait: int) -> None:
        super().__init__(limit.name, wait)
        self.limit, self.wait = limit, wait

    def __str__(self) -> str:
        what = next((words for limits, words in SAID if self.limit in limits), MANY_CAME)
        return f"{what} {say_wait(self.wait)}"


def count(limits: tuple[Limit, ...], source: str, *, now: datetime) -> None:
    """Count once against each of the limits; `TooMany` if one is reached, and then nothing is counted."""
    with transaction.atomic():
        for limit in limits:
            _count(limit, source, now=now)


def lift(limits: tuple[Limit, ...], source: str) -> None:
    """Forget what was counted."""
    Bucket.objects.filter(key__in=[_key(limit, source) for limit in limits]).delete()


def is_counted(limits: tuple[Limit, ...], source: str, *, now: datetime) -> bool:
    """Whether something was counted in a window that still lasts."""
    keys = [_key(limit, source) for limit in limits]
    return Bucket.objects.filter(key__in=keys, count__gt=0, ends_at__gt=now).exists()


def count_form(request: HttpRequest, *, now: datetime) -> None:
    """Count a form that came from a network, and the picture in it, which is costly to look at."""
    network = find_network(request)
    count(TRIES, network, now=now)
    if request.FILES:
        count(PICTURES, network, now=now)


def say_wait(seconds: int) -> str:
    """When to try again, in whole minutes or hours."""
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return ngettext("Try again in %(n)d minute.", "Try again in %(n)d minutes.", minutes) % {"n": minutes}
    hours = math.ceil(minutes / 60)
    return ngettext("Try again in %(n)d hour.", "Try again in %(n)d hours.", hours) % {"n": hours}


def _count(limit: Limit, source: str, *, now: datetime) -> None:
    key, ends_at = _key(limit, source), now + limit.window
    Bucket.objects.bulk_create([Bucket(key=key, ends_at=ends_at)], ignore_conflicts=True)
    bucket = Bucket.objects.filter(key=key)
    # A window that is over begins anew; so does one that ends later than any can: a clock was wrong when it began. But
    # of many requests at once one may have read the clock before the one that came first here.
    bucket.filter(Q(ends_at__lte=now) | Q(ends_at__gt=ends_at + AT_ONCE)).update(count=0, ends_at=ends_at)
    # One conditional UPDATE, so that many at once do not pass together.
    if bucket.filter(count__lt=limit.most).update(count=F("count") + 1):
        return
    full = bucket.first()
    if not full:  # `purge` came by
        return _count(limit, source, now=now)
    raise TooMany(limit, wait=int((full.ends_at - now).total_seconds()) + 1)


def _key(limit: Limit, source: str) -> str:
    return _hash(f"{limit.name}\n{source}")


def has_too_many_waiting(address: str, *, is_proven: bool = False) -> bool:
    """Whether so many events of the address, or of a variant of it, wait that no more are taken.

    Whoever has proven the address answers only for those that are confirmed: others may have sent the rest.
    """
    waiting = {Status.PENDING} if is_proven else {Status.PENDING, Status.UNCONFIRMED}
    return Event.objects.filter(source=hash_source(address), status__in=waiting).count() >= MOST_WAITING


# Who it is


def hash_source(address: str) -> str:
    """What tells whether two addresses are likely one mailbox: a keyed hash of the folded address; empty for none."""
    return _hash(fold_address(address)) if address else ""


def fold_address(address: str) -> str:
    """The address without what many providers ignore: capitals, dots in the name, and whatever follows a +."""
    name, _at, domain = address.strip().casefold().rpartition("@")
    with suppress(UnicodeError):  # letters that a mail server reads as others: ｅxample.org
        domain = domain.encode("idna").decode()
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def find_network(request: HttpRequest) -> str:
    """The network of the visitor: an IPv4 address, the first 64 bits of an IPv6 one, or "unknown".

    Each proxy of ours appends to X-Forwarded-For whom it got the request from; what stands further to the left
    anybody may have written. Without a proxy of ours the header says nothing, and a server that is reached by a
    socket of its machine alone knows nobody: then all are one source.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    hops = [*(forwarded.split(",") if forwarded else []), request.META.get("REMOTE_ADDR") or ""]
    hop = hops[max(0, len(hops) - 1 - settings.TRUSTED_PROXIES)]
    try:
        return _network_of(ip_address(_without_port(hop.strip())))
    except ValueError:
        return "unknown"


def _without_port(hop: str) -> str:
    """Some proxies write the port too: 192.0.2.1:1234, [2001:db8::1]:1234."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _network_of(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{int(address) >> 64:016x}/64"


def _hash(text: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"limit\n{text}".encode(errors="replace"), "sha256").hex()
