"""Who is let in at the desk: the one rule, the second factor, and how often one may try.

The second factor is a code of six digits that an app on the phone reckons from the time and a secret (TOTP). See
docs/decisions/0015-staff-login.md.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django_otp import DEVICE_ID_SESSION_KEY, login, verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from events import limits


def is_let_in(user: User | AnonymousUser) -> bool:
    """Whether the user of a request may see the desk, and what else only staff sees."""
    return is_known(user) and (is_verified(user) or not is_second_factor_needed(user))


def is_known(user: User | AnonymousUser) -> bool:
    """Whether the user is staff, by password at least."""
    return user.is_active and user.is_staff


def is_verified(user: User | AnonymousUser) -> bool:
    """Whether this session passed the second factor; never of a user that was not taken from a request."""
    return getattr(user, "otp_device", None) is not None


def is_second_factor_needed(user: User | AnonymousUser) -> bool:
    """On a public site of everybody; where one tries it out, of those who have one."""
    return settings.SECOND_FACTOR_REQUIRED or find_device(user) is not None


def find_device(user: User | AnonymousUser) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).first()


# How often one may try


def count_sign_in(name: str, *, network: str, now: datetime) -> None:
    """Count a password that is about to be looked at, whether there is that name or not; `TooMany` if it must not."""
    with transaction.atomic():
        limits.count(limits.SIGN_INS, _pair(name, network), now=now)
        limits.count(limits.SIGN_INS_OF_NETWORK, network, now=now)
        if not _is_known_from(network, name, now=now):
            limits.count(limits.SIGN_INS_OF_NAME, name, now=now)


def count_code(user: User, *, network: str, now: datetime) -> None:
    """Count a code that is about to be looked at; `TooMany` if it must not."""
    name = user.get_username()
    with transaction.atomic():
        limits.count(limits.CODES, _pair(name, network), now=now)
        if not _is_known_from(network, name, now=now):
            limits.count(limits.CODES_OF_NAME, name, now=now)


def say_too_many(refusal: limits.TooMany) -> str:
    many = _("Too many tries.")  # gettext does not look into the braces of a string
    return f"{many} {limits.say_wait(refusal.wait)}"


def _is_known_from(network: str, name: str, *, now: datetime) -> bool:
    """Whether that name was let in from there lately: then nobody elsewhere can use up its tries."""
    return limits.is_counted(limits.KNOWN_NETWORKS, _pair(name, network), now=now)


def _remember(name: str, network: str, *, now: datetime) -> None:
    with transaction.atomic():
        limits.lift(limits.KNOWN_NETWORKS, _pair(name, network))
        limits.count(limits.KNOWN_NETWORKS, _pair(name, network), now=now)


def _pair(name: str, network: str) -> str:
    return f"{network}\n{name}"


# The way in


def begin_session(request: HttpRequest, *, network: str, now: datetime) -> None:
    """After the right password: the session ends so many hours from now, whatever is done in it."""
    name = request.user.get_username()
    limits.lift(limits.SIGN_INS, _pair(name, network))
    request.session.pop(DEVICE_ID_SESSION_KEY, None)  # whoever signs in once more in an open session starts anew
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    if is_let_in(request.user):
        _remember(name, network, now=now)


@sensitive_variables("code")
def check_code(user: User, code: str) -> TOTPDevice | None:
    """The device of `user` if it shows `code` now; then the code is used up. `count_code` first."""
    device = find_device(user)
    return verify_token(user, device.persistent_id, code) if device else None


@sensitive_variables("secret", "code")
def enrol(user: User, secret: str, code: str) -> TOTPDevice | None:
    """A device for `user` with the `secret` (in hex), if the code shows that an app holds it; never a second one."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if find_device(user):
            return None
        device = TOTPDevice.objects.create(user=user, name="app", key=secret)
        if device.verify_token(code):
            return device
        transaction.set_rollback(True)
    return None


def let_in(request: HttpRequest, device: TOTPDevice, *, network: str, now: datetime) -> None:
    """After the right code. The session gets a new key, so that one known from before is worth nothing."""
    name = request.user.get_username()
    limits.lift(limits.CODES, _pair(name, network))
    request.session.cycle_key()
    rotate_token(request)
    login(request, device)
    _remember(name, network, now=now)


# When a phone is lost


def reset(user: User) -> bool:
    """Forget the second factor of `user` and end all their sessions. Whether there was one."""
    with transaction.atomic():
        deleted, _rows = TOTPDevice.objects.filter(user=user).delete()
        end_sessions(user)
    return bool(deleted)


def end_sessions(user: User) -> None:
    """In all browsers. Only staff and organisers who have entered have a session, so there are few to look through."""
    owner = str(user.pk)
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == owner:
            session.delete()
