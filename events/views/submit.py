"""From the form to a confirmed submission. No session and no cookie: what these pages need is in the request.

They are exempt from the check against forged requests because they act with no authority of the visitor's: anybody
may submit, and a confirmation is authorised by the token in its address.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events import access, moderation
from events.forms.submission import SubmissionForm
from events.models import Link, Status


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """The form; a good one becomes an unconfirmed event."""
    now = timezone.now()
    if request.method != "POST":
        initial = {"country": request.GET.get("country", "").upper()}
        return render(request, "events/submit.html", {"form": SubmissionForm(now=now, initial=initial)})
    form = SubmissionForm(request.POST, request.FILES, now=now)
    if form.is_from_robot:
        return redirect("sent")  # looks like success, so that nothing is learnt
    if not form.is_valid():
        return render(request, "events/submit.html", {"form": form})
    moderation.submit(form.event(), now=now)
    return redirect("sent")


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "events/sent.html", {"letters_folder": settings.DEBUG and settings.LETTERS_FOLDER})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter: GET shows the event and a button, only POST confirms, so a mail scanner cannot."""
    event = access.find_event(token, purpose=Link.Purpose.CONFIRM, now=timezone.now())
    if event and event.status == Status.PUBLISHED:
        return redirect(event)
    if not event or event.status not in {Status.UNCONFIRMED, Status.PENDING}:
        return render(request, "events/confirm_expired.html", status=404)
    if request.method == "POST" and event.status == Status.UNCONFIRMED:
        try:
            moderation.confirm(event)
        except moderation.NotAllowed:  # pressed twice: the other press has done it
            event.refresh_from_db()
    context = {
        "event": event,
        "is_waiting_for_press": event.status == Status.UNCONFIRMED,
        "picture_key": access.make_picture_key(event.image),
    }
    return render(request, "events/confirm.html", context)
