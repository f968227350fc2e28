"""Where visitors look for events: a country's page, and the listing."""

from datetime import datetime
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import day, lights, pieces
from events.forms.search import SearchForm
from events.geo import countries, worldmap
from events.models import Event, read_version
from events.models.event import EventQuerySet, is_over
from events.views import gathering

PAGE_SIZE = 24
NOT_ON_CARDS = ("description", "search_text")  # most of what a row weighs


@require_safe
@cache_control(public=True, max_age=60)
def country(request: HttpRequest, code: str) -> HttpResponse:
    """One country: its outline with lights, its events by city, who held them, and earlier years."""
    code, language = code.upper(), get_language() or "en"
    if code not in countries.names(language):
        raise Http404
    now = timezone.now()
    edition = day.coming_edition(now)
    directory = lights.count(edition, country=code)
    outline = worldmap.outline(code)
    to_come, over = gathering.gather_events(edition, country=code, number=directory.events, now=now)
    sections = gathering.arrange_sections(to_come, directory)
    context = {
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
    return render(request, "events/country.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def listing(request: HttpRequest) -> HttpResponse:
    """Search and filters, a page at a time: what is to come, then what is over."""
    now = timezone.now()
    form = SearchForm(request.GET, now=now)
    found = UpcomingFirst(form.events().select_related(None).defer(*NOT_ON_CARDS), now=now)
    page: Page[Event] = Paginator(cast(Any, found), PAGE_SIZE).get_page(request.GET.get("page"))
    cards, edition, chips = pieces.cards(page.object_list), form.chosen_edition, form.chips()
    to_come = max(0, found.to_come - (page.number - 1) * PAGE_SIZE)
    context = {
        "form": form,
        "filters": _render_filters(form, in_use=len(chips)),
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


def _render_filters(form: SearchForm, *, in_use: int) -> SafeString:
    """The form: of whoever asks for nothing yet from the store, because it costs more than all else on the page."""

    def context() -> dict[str, Any]:
        published = Event.objects.published()
        first = published.order_by("edition").values("edition")[:1]  # with each row: a question less
        rows = published.in_edition(form.chosen_edition).order_by().values_list("country", Subquery(first)).distinct()
        known = dict(rows) or {"": first.values_list("edition", flat=True).first()}
        form.offer(countries=known, first_edition=min(known.values()) or form.coming)
        return {"form": form, "in_use": in_use}

    if form.query():
        return render_to_string("events/_filters.html", context())
    return pieces.render("events/_filters.html", form.coming, version=read_version(), context=context)


class UpcomingFirst:
    """The events found, those that are over after all that are to come: counted and cut into pages by a Paginator."""

    def __init__(self, found: EventQuerySet, *, now: datetime) -> None:
        self.parts = found.upcoming(now=now), found.over(now=now)
        counted = found.order_by().aggregate(all=Count("pk"), over=Count("pk", filter=is_over(now)))
        self.over: int = counted["over"]
        self.to_come: int = counted["all"] - self.over

    def count(self) -> int:
        return self.to_come + self.over

    def __getitem__(self, part: slice) -> list[Event]:
        """The events from `part.start` up to `part.stop`; a query for each of the two kinds that are among them."""
        to_come, over = self.parts
        events: list[Event] = []
        if part.start < self.to_come:
            events += to_come[part.start : min(part.stop, self.to_come)]
        if part.stop > self.to_come:
            events += over[max(0, part.start - self.to_come) : part.stop - self.to_come]
        return events
