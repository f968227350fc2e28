"""Two events side by side that are one and the same: one stays, the other is withdrawn in its favour."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from events import amendments, merging, moves, queue
from events.forms.comparison import compare_versions
from events.forms.decision import LONGEST_REASON, SeenField
from events.forms.fields import ParagraphsField
from events.models import Event, Status, Verb
from events.moves import NotAllowed

from .walk import read_walk

OLD_PAGE = _("The page did not say which versions it showed. Look at both events again.")


class MergeForm(forms.Form):
    """The number of the event to `keep`, and the versions in which both, and what is proposed for them, were seen."""

    keep = SeenField()
    version = SeenField()
    other_version = SeenField()
    proposal = SeenField(required=False)
    other_proposal = SeenField(required=False)
    reason = ParagraphsField(
        label=_("Note for the history, not sent to anybody"), required=False, max_length=LONGEST_REASON
    )

    def merge(self, event: Event, other: Event, *, by: User) -> Event:
        """Withdraw the one that is not kept, and return it; or raise `NotAllowed`."""
        if "reason" in self.errors:
            raise NotAllowed(" ".join(map(str, self.errors["reason"])))
        if not self.is_valid() or self.cleaned_data["keep"] not in {event.pk, other.pk}:
            raise NotAllowed(OLD_PAGE)
        data = self.cleaned_data
        both = [(event, ""), (other, "other_")]  # with what the names of their fields begin with
        (kept, of_kept), (gone, of_gone) = both if data["keep"] == event.pk else reversed(both)
        seen = {"version": data[f"{of_gone}version"], "proposal": data[f"{of_gone}proposal"] or 0}
        merging.merge(gone, by=by, into=kept, into_version=data[f"{of_kept}version"], reason=data["reason"], **seen)
        return gone


@dataclass(frozen=True)
class Side:
    """One of the two, why it cannot stay in the other's place, if it cannot, and who gets a letter if it does.

    A number stands before its title, for mostly both have the same one.
    """

    event: Event
    name: str
    obstacle: Any
    letter_to: str
    proposal: int | None  # the version of what is proposed for it


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int, other: int, *, model_admin: "admin.ModelAdmin[Event]") -> HttpResponse:
    """GET shows both; POST withdraws one, and goes on to the event that waits after the first."""
    by, walk = cast(User, request.user), read_walk(request, now=timezone.now())
    events = _find_both(pk, other, by=by)
    form, refusal = MergeForm(request.POST or None), ""
    if request.method == "POST":
        try:
            gone = form.merge(*events, by=by)
        except NotAllowed as error:
            events, refusal = _find_both(pk, other, by=by), str(error)
        else:
            queue.release(events[0], by=by)
            return redirect(walk.address_of(walk.find_next(after=events[0]), done=gone))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("The same event twice?"),
        "sides": [*_compare(*events)],
        "event": events[0],
        "other": events[1],
        "changes": compare_versions(*events),
        "reason": form["reason"].value() or "",
        "longest": LONGEST_REASON,
        "refusal": refusal,
        "onward": walk.query,
    }
    return render(request, "admin/events/event/merge.html", context)


def _find_both(pk: int, other: int, *, by: User) -> tuple[Event, Event]:
    """If `by` may decide both, and they are two."""
    events = Event.objects.for_moderator(by).select_related("place", "amendment")
    found = {event.pk: event for event in events.filter(Q(pk=pk) | Q(pk=other))}
    if len(found) != 2:
        raise Http404
    return found[pk], found[other]


def _compare(event: Event, other: Event) -> Iterator[Side]:
    for number, (kept, gone) in enumerate(((event, other), (other, event)), start=1):
        amendment = amendments.find_open(kept)
        proposal = amendment.version if amendment else None
        yield Side(kept, f"{number}. {kept}", _find_obstacle(kept, gone), gone.contact_email, proposal)


def _find_obstacle(kept: Event, gone: Event) -> Any:
    if kept.status == Status.PENDING:
        return _("It can stay once it is published: publish it first, and come back.")
    if kept.status != Status.PUBLISHED:
        return _("It cannot stay: it is not published.")
    if not moves.allows(Verb.MERGE, gone):
        return _("There is nothing to withdraw: visitors do not see the other one, and it does not wait.")
    return ""
