"""What can be checked of an event without reading it: cheap, certain, and said in a sentence to the moderator."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import day, text
from events.doubles import LINKS
from events.geo import countries
from events.models import AddressVisibility, Admission, Event, Format, Kind

# Hosts that lead elsewhere without saying where. Those of maps and forms (maps.app.goo.gl, forms.gle) say it.
SHORTENERS = frozenset(
    (
        *(
            "bit.ly",
            "buff.ly",
            "clck.ru",
            "cutt.ly",
            "goo.gl",
            "goo.su",
            "is.gd",
            "lnkd.in",
            "ow.ly",
            "qrco.de",
            "rb.gy",
        ),
        *("rebrand.ly", "s.id", "shorturl.at", "surl.li", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "v.gd", "vk.cc"),
    )
)
FEW_LINKS = 3
SHORTEST_SHOUT = 10  # letters: a shorter name may be that of a hall or of a band
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w/.=-])(?:\+|00)\d[\d\s().\u2011\u2013-]{7,20}\d")
FREE_TEXTS = ("title", "description", "organiser", "supporters", "venue", "address", "image_alt")


class Finding(NamedTuple):
    """What a check found; good ones in few words, bad ones in a sentence."""

    is_good: bool
    words: str

    @property
    def kind(self) -> str:
        return "good" if self.is_good else "bad"

    @property
    def mark(self) -> str:
        return "✓" if self.is_good else _("Look:")


def inspect(event: Event, *, now: datetime) -> list[Finding]:
    """All findings, the bad ones first. No query, if the event was read together with its place."""
    findings = [finding for check in _CHECKS for finding in check(event, now)]
    return sorted(findings, key=lambda finding: finding.is_good)


def _good(words: str) -> Finding:
    return Finding(is_good=True, words=words)


def _bad(words: str) -> Finding:
    return Finding(is_good=False, words=words)


def _check_place(event: Event, now: datetime) -> Iterator[Finding]:
    place = event.place
    if place and place.country != str(event.country):
        yield _bad(_("The city that was found is not in the country."))
    elif place:
        yield _good(_("city in its country"))
    elif event.city:
        yield _bad(_("The city is not in our data: is there one of that name in the country?"))
    if place and event.has_exact_point and event.latitude is not None and event.longitude is not None:
        is_near = place.is_near((event.latitude, event.longitude))
        yield _good(_("spot near the city")) if is_near else _bad(_("The spot on the map is far from the city."))
    known = (*countries.zones(str(event.country)), place and place.zone)
    if event.zone not in known:
        yield _bad(_("The time zone is not one of the country."))


def _check_place_is_told(event: Event, now: datetime) -> Iterator[Finding]:
    if event.format == Format.ONLINE:
        return
    if event.address_visibility == AddressVisibility.ON_REQUEST and not (event.public_contact or event.website):
        yield _bad(_("The place is told on request, but there is nobody to ask."))
    elif event.has_public_address and not (event.venue or event.address):
        yield _bad(_("Neither venue nor address is given."))


def _check_date(event: Event, now: datetime) -> Iterator[Finding]:
    coming = day.coming_edition(now)
    if not day.is_in_window(event.start_date):
        yield _bad(_("The date is not in December or January."))
    elif event.edition > coming:
        yield _bad(_("It belongs to a later edition: %(year)s.") % {"year": event.edition})
    elif event.source_url:
        yield _good(_("date in the window"))  # reported afterwards
    elif event.local_over <= now:
        yield _bad(_("It is over already."))
    else:
        yield _good(_("date in the window"))
    if not event.start_time and not event.end_date and event.kind != Kind.EXHIBITION and not event.source_url:
        yield _bad(_("No hour is given."))


def _check_links(event: Event, now: datetime) -> Iterator[Finding]:
    texts = [getattr(event, field) for field in FREE_TEXTS]
    links = [link for link in (getattr(event, field) for field in LINKS) if link]
    links += [link for source in texts for link in _LINK.findall(source)]
    short = sorted({host for host in map(_find_host, links) if host in SHORTENERS})
    if short:
        yield _bad(_("A link hides where it leads: %(hosts)s.") % {"hosts": ", ".join(short)})
    elif links:
        yield _good(_("no link shorteners"))
    number = sum(map(text.count_links, texts))
    if number > FEW_LINKS:
        yield _bad(ngettext("%(n)d link in the text.", "%(n)d links in the text.", number) % {"n": number})


def _find_host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _check_ways_in(event: Event, now: datetime) -> Iterator[Finding]:
    if event.format != Format.IN_PERSON and not event.source_url:
        yield _good(_("link to take part")) if event.online_url else _bad(_("Online, but without a link to take part."))
    needs_link = event.admission in {Admission.REGISTRATION, Admission.TICKET}
    if needs_link and not (event.registration_url or event.public_contact or event.website):
        yield _bad(_("One has to register or buy a ticket, but it is not said where."))


def _check_picture(event: Event, now: datetime) -> Iterator[Finding]:
    if event.image:
        has_words = text.has_word(event.image_alt)
        yield _good(_("picture described")) if has_words else _bad(_("The picture is not described in words."))


def _check_words(event: Event, now: datetime) -> Iterator[Finding]:
    if len(event.title) >= SHORTEST_SHOUT and event.title.isupper():
        yield _bad(_("The name is all in capitals."))
    if not event.description:
        yield _bad(_("There is no description."))


def _check_privacy(event: Event, now: datetime) -> Iterator[Finding]:
    """What somebody may have made public by mistake; `public_contact` is public by their own choice."""
    texts = " ".join(getattr(event, field) for field in FREE_TEXTS)
    own = event.contact_email.lower()
    if own and own in texts.lower() and own != event.public_contact.lower():
        yield _bad(_("The private e-mail address stands in what visitors will see."))
    if _PHONE.search(texts):
        yield _bad(_("A telephone number stands in what visitors will see: is it meant for them?"))


_CHECKS: tuple[Callable[[Event, datetime], Iterator[Finding]], ...] = (
    _check_place,
    _check_place_is_told,
    _check_date,
    _check_links,
    _check_ways_in,
    _check_picture,
    _check_words,
    _check_privacy,
)
