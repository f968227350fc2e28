"""Events as iCalendar (RFC 5545).

An event keeps its UID for ever; SEQUENCE is its version. Both DTSTAMP and LAST-MODIFIED tell when it was last changed,
as the standard wants them in a file without a METHOD, so that the same event is the same file. There is no ORGANIZER:
that is an e-mail address, and the organiser's is private.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from icalendar import Calendar, Timezone
from icalendar import Event as Entry

from events import markdown, text
from events.feeds import links
from events.models import Condition, Event, Format
from events.models.step import WITHOUT_VERSION

# Postponed is not cancelled: most calendars drop a cancelled entry without a word, and whoever looks for the new date
# would find nothing. So it stays, as uncertain, and says so in its name.
STATUSES = {Condition.PLANNED: "CONFIRMED", Condition.CANCELLED: "CANCELLED", Condition.POSTPONED: "TENTATIVE"}


@require_safe
@cache_control(public=True, max_age=60)
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One published event as a calendar file, in the language `lang`; 400 for a language that the site has not.

    One that was merged leads to the file of the event in its place: whoever subscribed to it gets that instead.
    """
    language = request.GET.get("lang", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        return HttpResponse("lang: az, en, ru or tr\n", status=400, content_type="text/plain; charset=utf-8")
    seen = Max("steps__at", filter=~Q(steps__verb__in=WITHOUT_VERSION))  # nothing is revised by what is only proposed
    event = Event.objects.published().annotate(revised_at=seen).filter(pk=pk).first()
    if not event:
        return _missing(request, pk, language=language)
    with override(language):
        content = write([event], language=language)
    disposition = {"Content-Disposition": f'attachment; filename="{event.slug}.ics"', "Content-Language": language}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=disposition)


def _missing(request: HttpRequest, pk: int, *, language: str) -> HttpResponse:
    gone = Event.objects.withdrawn_after_publishing().filter(pk=pk).first()
    if not gone:
        raise Http404
    if not gone.survivor:
        return render(request, "410.html", status=410)
    return redirect(f"{reverse('calendar', args=(gone.survivor.pk,))}?lang={language}")


def write(events: list[Event], *, language: str) -> bytes:
    """A calendar of `events`, each annotated with `revised_at`, with the time zones that they need."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_HOST}//{text.clean_line(str(settings.SITE_NAME))}//{language.upper()}")
    calendar.add("version", "2.0")
    for zone, edition in sorted({(event.zone, event.edition) for event in events if event.start_time}):
        calendar.add_component(_zone(zone, edition))
    for event in events:
        calendar.add_component(_entry(event, language=language))
    return calendar.to_ical()


@lru_cache(maxsize=600)
def _zone(zone: str, edition: int) -> Timezone:
    """The rules of a time zone around the Day of an edition."""
    return Timezone.from_tzid(zone, first_date=date(edition, 1, 1), last_date=date(edition + 2, 1, 1))


def _entry(event: Event, *, language: str) -> Entry:
    entry = Entry()
    revised_at = getattr(event, "revised_at", None) or event.created_at
    properties = {
        "uid": f"{event.pk}@{settings.SITE_HOST}",
        "sequence": event.version,
        "dtstamp": revised_at,
        "last-modified": revised_at,
        "summary": _summary(event),
        "description": text.clean_text("\n".join(_description(event))),
        "location": links.place(event, language=language),
        "url": links.page(event),
        "categories": [text.clean_line(str(event.get_kind_display()))],
        "status": STATUSES[Condition(event.condition)],
        "transp": "OPAQUE" if event.start_time and event.condition == Condition.PLANNED else "TRANSPARENT",
    }
    for name, value in properties.items():
        entry.add(name, value)
    _add_times(entry, event)
    if event.has_public_address and event.format != Format.ONLINE and event.latitude is not None:
        entry.add("geo", event.point)
    return entry


def _add_times(entry: Entry, event: Event) -> None:
    """An end that nobody told is left out (docs/decisions/0004-end-of-an-event.md): calendars show the start alone."""
    if not event.start_time:
        entry.add("dtstart", event.start_date)
        entry.add("dtend", links.last_day(event))
        return
    entry.add("dtstart", event.local_start)
    if event.local_end and event.local_end > event.local_start:
        entry.add("dtend", event.local_end)


def _summary(event: Event) -> str:
    """Its name; in front of it what is wrong, because not every calendar shows a status."""
    title = text.clean_line(event.title)
    return title if event.condition == Condition.PLANNED else f"{event.get_condition_display()}: {title}"


def _description(event: Event) -> Iterator[str]:
    if event.is_sample:
        yield _("This is an invented sample event. It does not take place.") + "\n"
    if event.description:
        yield markdown.to_text(event.description) + "\n"
    facts = [
        (_("Held by:"), event.organiser),
        (_("With the support of:"), event.supporters),
        (_("Admission:"), event.get_admission_display()),
        (_("Registration:"), event.registration_url),
        (_("Take part online:"), event.online_url),
        (_("Contact:"), event.public_contact),
        (_("Website:"), event.website),
    ]
    yield from (f"{name} {value}" for name, value in facts if value)
    yield f"\n{links.page(event)}"
