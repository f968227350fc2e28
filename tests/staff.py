"""Members of staff at the desk, let in as by a real sign-in."""

import time

from django.contrib.auth.models import User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page

PASSWORD = "sample"  # of everybody in the tests


def make_device(user: User) -> TOTPDevice:
    """The app on the phone of `user`, made if there is none."""
    return TOTPDevice.objects.get_or_create(user=user, defaults={"name": "app"})[0]


def read_code(device: TOTPDevice) -> str:
    """What the app shows; the next one where that was used already, as if one had waited for it."""
    device.refresh_from_db()
    app = TOTP(device.bin_key)
    app.time = max(time.time(), (device.last_t + 1) * device.step)
    return f"{app.token():06}"


def sign_in(client: Client, user: User) -> Client:
    """`client`, let in as `user` by password and code."""
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = make_device(user).persistent_id
    session.save()
    return client


def type_password(page: Page, user: User) -> None:
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")


def enter_desk(page: Page, user: User, address: str = "/admin/") -> None:
    """Goes to a page of the desk by the real sign-in, with both steps."""
    device = make_device(user)
    page.goto(address)
    type_password(page, user)
    page.fill("[name=code]", read_code(device))
    page.click("[type=submit]")
    page.wait_for_url(f"**{address}")
