"""The page of the queue: what waits, or what else is asked for, a page at a time."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import pieces, queue
from events.forms.bulk import MOST, OFFERED
from events.forms.fields import PlainSelect
from events.models import Event, Status
from events.models.event_queryset import EventQuerySet
from events.models.moderator import countries_of

from .desk import find_done
from .filters import QuestionForm, asks_something
from .lines import Line, make_lines, read, render_lines

SEARCH, FIELD = "admin/events/event/_queue_search.html", "events/_filter.html"
TOOLS = "admin/events/event/_queue_tools.html"


class Question(ChangeList):
    """Django's list of a model, asked by `QuestionForm` and no other lookup: what else an address says is nothing."""

    search_form_class = forms.Form

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Event]:
        self.request, self.now = request, timezone.now()
        events = self.all_events
        return queue.in_order(self.form.narrow(events), now=self.now) if self.asks_something else queue.waiting(events)

    def get_results(self, request: HttpRequest) -> None:
        """The page asked for, or the nearest that there is. Only numbers are put in order, then the page is read."""
        events = cast(EventQuerySet, self.queryset)
        found: Any = events.values_list("pk", flat=True)
        if not self.asks_something:
            found = queue.find_order(events, now=self.now)
        paginator = self.model_admin.get_paginator(request, found, self.list_per_page)
        self.page: Page[int] = paginator.get_page(request.GET.get(PAGE_VAR))
        self.result_list = read(self.all_events, [*self.page.object_list])
        self.result_count = paginator.count

    @cached_property
    def form(self) -> QuestionForm:
        return QuestionForm(self.request.GET, user=self.user, now=self.now)

    @cached_property
    def asks_something(self) -> bool:
        return asks_something(self.request.GET)

    @property
    def all_events(self) -> EventQuerySet:
        """What the user may see."""
        return cast(EventQuerySet, self.root_queryset)

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def address(self) -> str:
        """The question as a query string."""
        return self.form.query() if self.asks_something else ""

    @property
    def onward(self) -> str:
        """What the address of an event takes along, so that the next one answers the same question."""
        return f"?{self.address}" if self.address else ""

    def render_search(self) -> SafeString:
        """The form, which costs as much as all lines: from the store if it is empty, else its lists from there."""
        if not self.asks_something:
            return pieces.remember(SEARCH, self._own, version=SEARCH, make=self._render_search)
        return self._render_search()

    def _render_search(self) -> SafeString:
        fields = {field.name: self._render_field(field) for field in self.form}
        return render_to_string(SEARCH, {"form": self.form, "fields": fields, "in_use": self.form.in_use})

    def _render_field(self, field: BoundField) -> SafeString:
        chosen = self.form.data[field.name]
        # Of what is no choice there is no end.
        is_choice = isinstance(field.field.widget, PlainSelect) and chosen == self.form.cleaned_data.get(field.name)
        make = lambda: render_to_string(FIELD, {"field": field})  # noqa: E731
        return pieces.remember(FIELD, field.name, self._own, chosen, version=FIELD, make=make) if is_choice else make()

    @property
    def _own(self) -> str:
        """Which countries are offered."""
        return "all" if self.user.is_superuser else "-".join(countries_of(self.user))


@require_safe
def show(request: HttpRequest, *, model_admin: admin.ModelAdmin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    asked = cast(Question, model_admin.get_changelist_instance(request))
    lines = make_lines(asked.result_list, asked.user, now=asked.now)
    context = {
        **model_admin.admin_site.each_context(request),
        **(_describe_question(asked) if asked.asks_something else _describe_queue(asked)),
        "asked": asked,
        "search": asked.render_search(),
        "query": asked.address,
        "tools": _render_tools(asked.address),
        "page": asked.page,
        "lines": render_lines(lines, onward=asked.onward, is_chosen="chosen" in request.GET),
        "first": _find_first(asked, lines),
        "deeds": OFFERED,
        "most": MOST,
        "done": find_done(request, request.GET.get("done", "")),
    }
    return render(request, "admin/events/event/change_list.html", context)


def _render_tools(query: str) -> SafeString:
    """What is beside the heading, from the store where nothing is asked: it is the same for everybody."""
    make = lambda: render_to_string(TOOLS, {"query": query})  # noqa: E731
    return make() if query else pieces.remember(TOOLS, version=TOOLS, make=make)


def _find_first(asked: Question, lines: list[Line]) -> Line | None:
    """Where deciding starts, if all that is listed waits."""
    is_waiting = not asked.asks_something or asked.form.data["state"] in {"", Status.PENDING}
    return next((line for line in lines if not line.opened_by), None) if is_waiting else None


def _describe_queue(asked: Question) -> dict[str, Any]:
    return {"title": _("Waiting"), "post": queue.find_post(asked.user, number=asked.result_count)}


def _describe_question(asked: Question) -> dict[str, Any]:
    return {"title": _("Events found"), "chips": asked.form.chips()}
