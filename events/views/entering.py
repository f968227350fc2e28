"""How an organiser gets in: by a link that is sent to the address of an event. No password, no account."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import access, limits, mail, text
from events.forms.edit import AskForm
from events.models import Event, Status
from events.views import errors


def send_link(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """The answer is the same whether there are events of that address or not."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return render(request, "events/mine_ask.html", {"form": form})
    address = form.cleaned_data["contact_email"]
    try:
        with transaction.atomic():  # one, so that storing a letter takes no longer than storing what was counted
            limits.count(limits.ENTRIES_OF_NETWORK, limits.find_network(request), now=now)
            limits.count(limits.ENTRIES, limits.fold_address(address), now=now)
            _write_letter(address, now=now)
    except limits.TooMany as limit:
        return errors.too_many(request, retry_after=limit.wait)
    return redirect("my-events-asked")


def _write_letter(address: str, *, now: datetime) -> None:
    """To the address as it stands in the event, and not as a stranger spelt it.

    For an address without events, or to which no more may go, all is done too, and undone, so that neither the answer
    nor the time it takes tells anything.
    """
    events = Event.objects.of_organiser(address)
    known = events.order_by("-pk").values_list("contact_email", flat=True).first()
    is_proven = events.exclude(status=Status.UNCONFIRMED).exists()
    with transaction.atomic():
        has_room = _has_room(address, now=now)
        token = access.make_entry(known or address, now=now)
        mail.enter(known or address, language=text.current_language(), token=token)
        transaction.set_rollback(not known or not (is_proven or has_room))


def _has_room(address: str, *, now: datetime) -> bool:
    """Count a letter to an address that may be nobody's who asked; whether it may go."""
    try:
        limits.count(limits.ENTRIES_UNPROVEN, limits.fold_address(address), now=now)
    except limits.TooMany:
        return False
    return True


@require_safe
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """A link is on its way, if there are events of the address."""
    return render(request, "events/mine_asked.html", {"letters_folder": settings.DEBUG and settings.LETTERS_FOLDER})


@csrf_exempt  # the token in the address is what authorises, and so the page needs no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: GET shows a button, only POST signs in, so that a mail scanner does not use it up."""
    now = timezone.now()
    if request.method != "POST" or _is_sent_by_another_site(request):
        is_valid = access.is_entry(token, now=now)
        return _ask_to_press(request, token) if is_valid else _refuse(request, now=now)
    is_valid, pk = access.enter(token, request.session, now=now)
    if not is_valid:
        return _refuse(request, now=now)
    return redirect("my-event", pk) if pk else redirect("my-events")


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, here and in the database."""
    access.leave(request.session)
    return redirect("home")


def _is_sent_by_another_site(request: HttpRequest) -> bool:
    """Nobody lets another person in by a link of their own, unnoticed. Browsers say where a form was sent."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"cross-site", "same-site"}


@sensitive_variables("token")
def _ask_to_press(request: HttpRequest, token: str) -> HttpResponse:
    return _keep_address(render(request, "events/mine_enter.html", {"token": token}))


def _refuse(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """A link that was used, or is too old; whoever pressed twice is in already."""
    is_in = bool(access.find_address(request.session, now=now))
    context = {"form": AskForm(), "is_in": is_in}
    return _keep_address(render(request, "events/mine_expired.html", context, status=404))


def _keep_address(response: HttpResponse) -> HttpResponse:
    """No other address learns that of this page, not even one of ours."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
