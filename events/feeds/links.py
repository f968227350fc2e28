"""Links that take an event along: to a calendar on the web, to whoever one tells of it. Plain links, nothing loads."""

from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events import markdown, text
from events.geo import countries
from events.models import Event, Format

LONGEST_TEXT = 300  # characters of the description: percent-encoded they may be six times as many


class Link(NamedTuple):
    name: str
    address: str


def page(event: Event) -> str:
    """The whole address of the event's page in the language of the moment."""
    return settings.SITE_URL + event.get_absolute_url()


def town(event: Event, *, language: str) -> str:
    """City and country; of an event without a city, which is online alone, that it is online."""
    country = countries.name(str(event.country), language=language)
    return text.clean_line(", ".join([event.city or _("Online"), country]))


def place(event: Event, *, language: str) -> str:
    """Where to go, on one line and only as far as it is public."""
    if event.format == Format.ONLINE:
        return _("Online")
    hall = [event.venue, event.address] if event.has_public_address else []
    return text.clean_line(", ".join([*filter(None, hall), town(event, language=language)]))


def last_day(event: Event) -> date:
    """The day after the last one, as calendars want the end of what lasts whole days."""
    return (event.end_date or event.start_date) + timedelta(days=1)


def calendars(event: Event, *, language: str) -> list[Link]:
    """Where one press adds the event to a calendar; the file, for all other calendars, first."""
    where, details = place(event, language=language), _details(event)
    return [
        Link(_("Calendar file (.ics)"), f"{reverse('calendar', args=(event.pk,))}?lang={language}"),
        Link("Google Calendar", _google(event, where, details)),
        Link("Outlook", _outlook(event, where, details)),
    ]


def sharing(event: Event) -> list[Link]:
    title, address = text.clean_line(event.title), page(event)
    both = f"{title}\n{address}"
    return [
        Link("WhatsApp", _link("https://wa.me/", text=both)),
        Link("Telegram", _link("https://t.me/share/url", url=address, text=title)),
        Link("Facebook", _link("https://www.facebook.com/sharer/sharer.php", u=address)),
        Link(pgettext("share by", "E-mail"), _link("mailto:", subject=title, body=both.replace("\n", "\r\n"))),
    ]


def _google(event: Event, where: str, details: str) -> str:
    if event.start_time:
        # Google wants an end. One that nobody told is not invented: the same moment asks the reader for it.
        moments = (event.local_start, event.local_end or event.local_start)
        dates = "/".join(f"{moment:%Y%m%dT%H%M%S}" for moment in moments)
    else:
        dates = f"{event.start_date:%Y%m%d}/{last_day(event):%Y%m%d}"
    return _link(
        "https://calendar.google.com/calendar/render",
        action="TEMPLATE",
        text=text.clean_line(event.title),
        dates=dates,
        ctz=event.zone,
        location=where,
        details=details,
    )


def _outlook(event: Event, where: str, details: str) -> str:
    if event.start_time:
        when = {"startdt": event.local_start.isoformat()}
        when |= {"enddt": event.local_end.isoformat()} if event.local_end else {}
    else:
        when = {"startdt": f"{event.start_date}", "enddt": f"{last_day(event)}", "allday": "true"}
    return _link(
        "https://outlook.live.com/calendar/0/deeplink/compose",
        path="/calendar/action/compose",
        rru="addevent",
        subject=text.clean_line(event.title),
        **when,
        location=where,
        body=details,
    )


def _details(event: Event) -> str:
    """The page's address first, so that a calendar that cuts leaves it whole."""
    words = text.clean_text(markdown.to_text(event.description))
    if len(words) > LONGEST_TEXT:
        words = words[:LONGEST_TEXT].rpartition(" ")[0] + " …"
    return "\n\n".join(filter(None, [page(event), words]))


def _link(base: str, **query: str) -> str:
    return f"{base}?{urlencode({name: value for name, value in query.items() if value}, quote_via=quote, safe='')}"
