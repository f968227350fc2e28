"""Where visitors look for events: a country's page, and the listing."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Case, Count, F, Subquery, When
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import day, lights, pieces
from events.forms.fields import PlainSelect
from events.forms.search import SearchForm
from events.geo import countries, worldmap
from events.models import Event, read_moment
from events.models.event import EventQuerySet, is_over
from events.views import gathering

PAGE_SIZE = 24


@require_safe
@cache_control(public=True, max_age=60)
def country(request: HttpRequest, code: str) -> HttpResponse:
    """One country: its outline with lights, its events by city, who held them, and earlier years."""
    code, language = code.upper(), get_language() or "en"
    if code not in countries.names(language):
        raise Http404
    now = timezone.now()
    edition = day.coming_edition(now)
    # Gathered once for all parts, and only if one of them is not stored.
    gathered = cache(lambda: _gather(code, edition, now=now, language=language))
    moment = read_moment(now=now)
    parts = {
        part: pieces.render(f"events/_country_{part}.html", code, version=moment, context=gathered)
        for part in ("description", "night", "paper")
    }
    name = countries.name(code, language=language)
    return render(request, "events/country.html", {"name": name, "edition": edition, **parts})


def _gather(code: str, edition: int, *, now: datetime, language: str) -> dict[str, Any]:
    """All that the parts of a country's page tell."""
    directory = lights.count(edition, country=code)
    outline = worldmap.outline(code)
    to_come, over = gathering.gather_events(edition, country=code, number=directory.events, now=now)
    sections = gathering.arrange_sections(to_come, directory)
    return {
        "edition": edition,
        "country": lights.Country(code, countries.name(code, language=language), directory.events),
        "region": lights.Region(countries.region_of(code), countries.region_name(countries.region_of(code)), []),
        "outline": outline,
        "embers": lights.on_outline(directory.embers, outline) if outline else [],
        "cities": gathering.arrange_cities(directory, sections, country=code, language=language),
        "sections": sections,
        "over": over,
        "is_short": len(to_come) + len(over) < directory.events,
        "organisers": gathering.gather_organisers(country=code, language=language),
        "years": gathering.gather_years(edition, country=code),
        "neighbours": [] if directory.events else gathering.gather_neighbours(edition, country=code, language=language),
    }


@require_safe
@cache_control(public=True, max_age=60)
def listing(request: HttpRequest) -> HttpResponse:
    """Search and filters, a page at a time: what is to come, then what is over."""
    # By the full hour, so that all that is stored for the hour agrees; a script marks what ended since.
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    moment = read_moment(now=now)
    form = SearchForm(request.GET, now=now)
    found = UpcomingFirst(form.events(), now=now, counts=_count(form, now=now, moment=moment))
    page: Page[tuple[int, int]] = Paginator(cast(Any, found), PAGE_SIZE).get_page(request.GET.get("page"))
    cards = list(pieces.cards(page.object_list).values())
    edition, chips = form.chosen_edition, form.chips()
    to_come = max(0, found.to_come - (page.number - 1) * PAGE_SIZE)
    context = {
        "form": form,
        "filters": _render_filters(form, version=moment, in_use=len(chips)),
        "page": page,
        "query": form.query(),
        "edition": edition,
        "is_coming": edition == form.coming,
        "chips": chips,
        "days": form.days(),
        "country": form.cleaned_data.get("country"),
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "cards": cards[:to_come],
        "cards_over": cards[to_come:],
        "over": found.over,
        "over_page": found.to_come // PAGE_SIZE + 1,
        "ways_out": {} if found.count() else form.find_ways_out(),
    }
    return render(request, "events/listing.html", context)


def _count(form: SearchForm, *, now: datetime, moment: str) -> tuple[int, int]:
    """How many events are found, and how many of them are over: for who asks for all of them from the store."""

    def count() -> tuple[int, int]:
        counts = form.events().order_by().aggregate(all=Count("pk"), over=Count("pk", filter=is_over(now)))
        return counts["all"], counts["over"]

    return count() if form.query() else pieces.remember("counts", form.coming, version=moment, make=count)


def _render_filters(form: SearchForm, *, version: str, in_use: int) -> SafeString:
    """The form, which costs more than all else on the page: of whoever asks for nothing yet from the store."""
    context = lambda: {"form": form, "in_use": in_use, "fields": _render_fields(form, version=version)}  # noqa: E731
    if form.query():
        return render_to_string("events/_filters.html", context())
    return pieces.render("events/_filters.html", form.coming, version=version, context=context)


def _render_fields(form: SearchForm, *, version: str) -> dict[str, SafeString]:
    """The fields by name; the long lists from the store, with what is chosen in them."""
    offer = cache(lambda: _offer_what_there_is(form))  # once, for both fields that need it
    return {field.name: _render_field(form, field, version=version, offer=offer) for field in form.visible_fields()}


def _render_field(form: SearchForm, field: BoundField, *, version: str, offer: Callable[[], None]) -> SafeString:
    def context() -> dict[str, Any]:
        if field.name in {"country", "edition"}:
            offer()
        return {"field": field}

    chosen, years = form.data.get(field.name, ""), (form.coming, form.chosen_edition)
    is_known = chosen == str(form.cleaned_data.get(field.name) or "")  # else anybody could fill the store
    if is_known and isinstance(field.field.widget, PlainSelect):
        return pieces.render("events/_filter.html", field.name, chosen, *years, version=version, context=context)
    return render_to_string("events/_filter.html", context())


def _offer_what_there_is(form: SearchForm) -> None:
    """Countries with events first, and all years of which anything is known. One query."""
    published = Event.objects.published()
    first = published.order_by("edition").values("edition")[:1]  # with each row: a question less
    rows = published.in_edition(form.chosen_edition).order_by().values_list("country", Subquery(first)).distinct()
    known = dict(rows) or {"": first.values_list("edition", flat=True).first()}
    form.offer(countries=known, first_edition=min(known.values()) or form.coming)


class UpcomingFirst:
    """The events found, those that are over after all that are to come: counted and cut into pages by a Paginator."""

    def __init__(self, found: EventQuerySet, *, now: datetime, counts: tuple[int, int]) -> None:
        """`counts`: of all of them, and of those that are over at `now`."""
        self.found, self.now = found.select_related(None), now
        self.over = counts[1]
        self.to_come = counts[0] - self.over

    def count(self) -> int:
        return self.to_come + self.over

    def __getitem__(self, part: slice) -> list[tuple[int, int]]:
        """Numbers and versions of the events from `part.start` up to `part.stop`. One query."""
        start, stop = part.start, min(part.stop, self.count())
        if stop <= self.to_come:
            return [*self.found.upcoming(now=self.now).values_list("pk", "version")[start:stop]]
        if start >= self.to_come:
            over = self.found.over(now=self.now).values_list("pk", "version")
            return [*over[start - self.to_come : stop - self.to_come]]
        return [*self._both().values_list("pk", "version")[start:stop]]

    def _both(self) -> EventQuerySet:
        """All in the order of `upcoming` and then of `over`: no index knows it, but only one page needs it."""
        events = self.found.annotate(is_over=Case(When(is_over(self.now), then=1), default=0))
        begins = Case(When(is_over=0, then="starts_at"))
        number = Case(When(is_over=1, then=-F("pk")), default="pk", output_field=BigIntegerField())
        return events.order_by("is_over", begins, "-starts_at", number)
