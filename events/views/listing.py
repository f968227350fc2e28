"""The listing: search and filters, and the pages of what they find."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, Case, Count, F, Subquery, When
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import pieces
from events.forms.fields import PlainSelect
from events.forms.search import SearchForm
from events.models import Event, Moment, read_moment
from events.models.event_queryset import EventQuerySet, is_over

PAGE_SIZE = 24


@require_safe
@cache_control(public=True, max_age=60)
def show(request: HttpRequest) -> HttpResponse:
    """Search and filters, a page at a time: what is to come, then what is over."""
    asked = request.GET  # first, because it refuses what cannot be understood, and that asks the database nothing
    moment = read_moment(now=timezone.now())
    form = SearchForm(asked, now=moment.hour)
    remember = partial(_remember, form, "listing", moment=moment)
    found = UpcomingFirst(form.events(), now=moment.hour, counts=_count(form, moment=moment), remember=remember)
    page: Page[tuple[int, int]] = Paginator(cast(Any, found), PAGE_SIZE).get_page(asked.get("page"))
    chips = form.chips()
    context = {
        "form": form,
        "filters": _render_filters(form, moment=moment, in_use=len(chips)),
        "page": page,
        "query": form.query(),
        "edition": form.chosen_edition,
        "is_coming": form.chosen_edition == form.coming,
        "chips": chips,
        "days": form.days(),
        "country": form.cleaned_data.get("country"),
        **_arrange_cards(page, found),
        "ways_out": {} if found.count() else form.find_ways_out(),
    }
    return render(request, "events/listing.html", context)


def _arrange_cards(page: Page[tuple[int, int]], found: "UpcomingFirst") -> dict[str, Any]:
    """The cards of a page, those of what is over apart; how many are over, and the page on which they begin."""
    cards = list(pieces.cards(page.object_list).values())
    to_come = max(0, found.to_come - (page.number - 1) * PAGE_SIZE)
    over_page = found.to_come // PAGE_SIZE + 1
    return {"cards": cards[:to_come], "cards_over": cards[to_come:], "over": found.over, "over_page": over_page}


def _count(form: SearchForm, *, moment: Moment) -> tuple[int, int]:
    """How many events are found, and how many of them are over: for who asks for all of them from the store."""

    def count() -> tuple[int, int]:
        counts = form.events().order_by().aggregate(all=Count("pk"), over=Count("pk", filter=is_over(moment.hour)))
        return counts["all"], counts["over"]

    return _remember(form, "counts", moment=moment, make=count)


def _remember(form: SearchForm, *key: object, moment: Moment, make: Callable[[], Any]) -> Any:
    """From the store for the questions that most visitors ask: all events, and all those of a country."""
    country = form.cleaned_data.get("country") or ""
    if form.query() not in {"", f"country={country}"}:
        return make()
    return pieces.remember(*key, form.coming, country, version=moment, make=make)


def _render_filters(form: SearchForm, *, moment: Moment, in_use: int) -> SafeString:
    """The form, which costs more than all else on the page: from the store if nothing but a country is asked for."""

    def make() -> SafeString:
        fields = _render_fields(form, moment=moment)
        return render_to_string("events/_filters.html", {"form": form, "in_use": in_use, "fields": fields})

    return _remember(form, "events/_filters.html", moment=moment, make=make)


def _render_fields(form: SearchForm, *, moment: Moment) -> dict[str, SafeString]:
    """The fields by name; the long lists from the store, with what is chosen in them."""
    offer = cache(lambda: _offer_what_there_is(form))  # once, for both fields that need it
    return {field.name: _render_field(form, field, moment=moment, offer=offer) for field in form.visible_fields()}


def _render_field(form: SearchForm, field: BoundField, *, moment: Moment, offer: Callable[[], None]) -> SafeString:
    def context() -> dict[str, Any]:
        if field.name in {"country", "edition"}:
            offer()
        return {"field": field}

    chosen = form.data.get(field.name, "")
    # Else anybody could fill the store: with words, or with each choice in each of a hundred years.
    is_known = chosen == str(form.cleaned_data.get(field.name) or "") and form.chosen_edition == form.coming
    if is_known and isinstance(field.field.widget, PlainSelect):
        return pieces.render("events/_filter.html", field.name, chosen, form.coming, version=moment, context=context)
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

    def __init__(
        self, found: EventQuerySet, *, now: datetime, counts: tuple[int, int], remember: Callable[..., Any]
    ) -> None:
        """`counts`: of all of them, and of those that are over at `now`; `remember` may have the answers stored."""
        self.found, self.now, self.remember = found.select_related(None), now, remember
        self.over = counts[1]
        self.to_come = counts[0] - self.over

    def count(self) -> int:
        return self.to_come + self.over

    def __getitem__(self, part: slice) -> list[tuple[int, int]]:
        """Numbers and versions of the events from `part.start` up to `part.stop`."""
        start, stop = part.start, min(part.stop, self.count())
        return self.remember(start, stop, make=lambda: self._read(start, stop))

    def _read(self, start: int, stop: int) -> list[tuple[int, int]]:
        """One query."""
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
