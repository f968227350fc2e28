"""The outbox: letters wait in rows (of django-post-office) until the mail server has taken them.

A letter is claimed, sent, and marked as sent before the next one. So a sender that is killed doubles at most the one it
was at, which waits until its claim is over; and any number of senders may work at once.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from types import FrameType

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from events import text

WAITING = (STATUS.queued, STATUS.requeued)
MOST_SECONDS = 60  # for one letter: a server that answers byte by byte outlasts the timeout of its socket
CLAIM = timedelta(seconds=2 * MOST_SECONDS)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 54  # 1 + 2 + 4 + 8 + 16 + 32 minutes and 47 hours: two days


class ServerAway(Exception):
    """No letter can be sent now: the mail server does not answer, or does not let us in."""


@dataclass(frozen=True)
class Attempt:
    """One letter that was tried, as it was read, and why it was not taken, if so."""

    letter: Email
    error: Exception | None

    @property
    def is_server_away(self) -> bool:
        return isinstance(self.error, ServerAway)


def add(address: str, *, subject: str, message: str) -> None:
    """Queue a letter, which is sent when the transaction of the caller is done.

    The row is made here and not by post_office's `send`, which would render what people typed as a template. Its
    Message-ID stays the same in all attempts, so that who gets it twice may notice.
    """
    Email.objects.create(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        subject=subject,
        message=message,
        headers={"Auto-Submitted": "auto-generated"},
        message_id=make_msgid(domain=settings.SITE_HOST),
        number_of_retries=0,  # here of all tries, the first one too
        status=STATUS.queued,
    )


def forget(address: str) -> None:
    """Delete all letters to an address, sent or not, with what the mail server said of them."""
    Email.objects.filter(to__iexact=address).delete()


# Sending


def send_next() -> Attempt | None:
    """Try the letter whose turn it is; None when no letter is due. Only in the main thread of a process."""
    with _hold_endings():
        letter = _claim_next()
        return _try(letter) if letter else None


def _claim_next() -> Email | None:
    """The letter that was tried least, for CLAIM ours alone.

    Those that were never tried come first, so that no number of letters that a server refuses keeps them waiting.
    """
    while True:
        now = timezone.now()
        due = Email.objects.filter(Q(scheduled_time__lte=now) | Q(scheduled_time=None), status__in=WAITING)
        letter = due.order_by(F("number_of_retries").asc(nulls_first=True), "pk").first()
        if not letter:
            return None
        tries = (letter.number_of_retries or 0) + 1
        # Of two senders that found the same letter the second changes no row, and looks for another one.
        mine = due.filter(pk=letter.pk, number_of_retries=letter.number_of_retries)
        if mine.update(number_of_retries=tries, scheduled_time=now + CLAIM, last_updated=now):
            letter.number_of_retries = tries
            return letter


def _try(letter: Email) -> Attempt:
    connection = get_connection()
    try:
        error = _hand_over(letter, connection)
        _record(letter, error)
        return Attempt(letter, error)
    finally:
        with suppress(Exception), _end_after(MOST_SECONDS):  # however the server says goodbye, the letter is recorded
            connection.close()


def _hand_over(letter: Email, connection: BaseEmailBackend) -> Exception | None:
    """Give the letter to the mail server; returns why it could not be given, if so."""
    try:
        with _end_after(MOST_SECONDS):
            message = letter.email_message()
            _open(connection)
            connection.send_messages([message])
    except Exception as error:  # whatever it was, other letters and later tries may go well
        return error
    return None


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except Exception as error:
        raise ServerAway(repr(error)) from error


def _record(letter: Email, error: Exception | None) -> None:
    """What was taken is emptied at once: what remains says to whom, about what, and when."""
    now = timezone.now()
    if error is None:
        facts = {"message": "", "scheduled_time": None, "last_updated": now}
        Email.objects.filter(pk=letter.pk).update(status=STATUS.sent, **facts)
        return
    tries = letter.number_of_retries
    status = STATUS.requeued if tries < MOST_TRIES else STATUS.failed
    facts = {"scheduled_time": now + _wait(tries), "last_updated": now}
    with transaction.atomic():
        # Deleted meanwhile, or taken at a later try while this one was suspended: then there is nothing to record.
        if Email.objects.filter(pk=letter.pk, status__in=WAITING).update(status=status, **facts):
            reason = text.clean_text(f"{type(error).__name__}: {error}")
            Log.objects.create(email_id=letter.pk, status=STATUS.failed, message=reason)


def _wait(tries: int) -> timedelta:
    """How long a letter waits after so many tries: 1, 2, 4, 8 … minutes."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_WAIT)


@contextmanager
def _hold_endings() -> Iterator[None]:
    """Who ends the sender in the ordinary way ends it after the block, so that no letter is sent and not recorded."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _end_after(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block if it takes longer."""

    def expire(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# At the desk


def send_again(letters: QuerySet[Email], *, now: datetime) -> int:
    """Give those that were refused or given up all their tries anew, from now on. Returns how many.

    Not one that a sender may be at, which would then be sent twice.
    """
    idle = Q(status=STATUS.failed) | Q(status=STATUS.requeued, last_updated__lte=now - CLAIM)
    again = {"status": STATUS.queued, "number_of_retries": 0, "scheduled_time": None, "last_updated": now}
    return letters.filter(idle).update(**again)
