"""The way into the desk beyond the password: the second step, and in which language one works there."""

from base64 import b32encode
from typing import Any, cast
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from events import limits, staff, text
from events.forms.staff import CodeForm
from events.views.sending import mark_refused
from events.views.site import CODES

_SESSION_KEY = "new_second_factor"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """The step behind the password: a code from the app, or the app's first code, after which it is the user's."""
    user, onward = request.user, find_onward(request)
    if not staff.is_known(user):
        return redirect_to_login(onward, reverse("admin:login"))
    if staff.is_verified(user):
        return HttpResponseRedirect(onward)
    is_new = not staff.find_device(user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        try:
            if _try_code(request, form.cleaned_data["code"], is_new=is_new):
                return HttpResponseRedirect(onward)
            form.add_error("code", _("This code does not fit, or not any more. Type the one that your app shows now."))
        except limits.TooMany as limit:
            refusal = limit
            form.add_error("code", staff.say_too_many(limit))
    return _ask_for_code(request, form, onward=onward, is_new=is_new, refusal=refusal)


@sensitive_variables("code")
def _try_code(request: HttpRequest, code: str, *, is_new: bool) -> bool:
    """Whether the code let the user in."""
    user, now, network = cast(User, request.user), timezone.now(), limits.find_network(request)
    staff.count_code(user, network=network, now=now)
    device = staff.enrol(user, find_secret(request.session), code) if is_new else staff.check_code(user, code)
    if not device:
        return False
    request.session.pop(_SESSION_KEY, None)
    staff.let_in(request, device, network=network, now=now)
    return True


def _ask_for_code(
    request: HttpRequest, form: CodeForm, *, onward: str, is_new: bool, refusal: limits.TooMany | None
) -> HttpResponse:
    title = _("Set up the second step") if is_new else _("The second step")
    context = {**admin.site.each_context(request), "title": title, "form": form, "next": onward}
    template = "admin/second_factor.html"
    if is_new:
        template = "admin/second_factor_new.html"
        context |= describe(TOTPDevice(user=request.user, key=find_secret(request.session)))
    response = render(request, template, context)
    return mark_refused(response, refusal) if refusal else response


def find_secret(session: SessionBase) -> str:
    """The secret that is being set up, in hex: the same when the page is loaded anew after the picture was scanned."""
    return session.setdefault(_SESSION_KEY, random_hex(20))


def describe(device: TOTPDevice) -> dict[str, Any]:
    """The secret for an app: as a picture, as a link for an app on the same phone, and to be typed."""
    link = device.config_url
    picture = segno.make(link, micro=False).svg_inline(
        dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return {"link": link, "picture": SafeString(picture), "secret": group(device.bin_key)}


def group(secret: bytes) -> str:
    """`secret` in base 32, in groups of four."""
    letters = b32encode(secret).decode().rstrip("=")
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))


@never_cache
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the desk in a cookie that is sent to the desk alone."""
    response = HttpResponseRedirect(find_onward(request))
    if (language := request.POST.get("language", "")) in CODES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def find_onward(request: HttpRequest) -> str:
    """Where to go from here: an address of this site that answers to GET; if there is none, where the desk begins."""
    onward = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    if not is_ours or text.has_unshowable(onward) or onward == reverse("admin:logout"):
        return reverse("admin:index")
    return onward


def make_way(address: str, *, onward: str) -> str:
    """The address of a page on the way in, which then leads on."""
    return f"{address}?{urlencode({'next': onward})}"
