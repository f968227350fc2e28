"""`python -m benchmarks.superuser KEY`: lets a superuser in, as by password and code, in the session KEY.

The site is a throw-away one that this machine alone can reach.
"""

import sys
from datetime import timedelta

import django

django.setup()  # before what follows can be imported

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_otp import DEVICE_ID_SESSION_KEY  # noqa: E402
from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: E402


def let_in(key: str) -> None:
    user = User.objects.get_or_create(username="benchmark", defaults={"is_staff": True, "is_superuser": True})[0]
    device = TOTPDevice.objects.get_or_create(user=user, name="app")[0]
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        DEVICE_ID_SESSION_KEY: device.persistent_id,
    }
    row = {"session_data": SessionStore().encode(data), "expire_date": timezone.now() + timedelta(days=1)}
    Session.objects.update_or_create(session_key=key, defaults=row)


if __name__ == "__main__":
    let_in(sys.argv[1])
