"""Many events decided at once: a page that says what will happen, and one that says what did."""

import hashlib
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import moves, queue
from events.forms.bulk import DEEDS, MOST, UNDO, BulkForm, Deed, find_deed, read_chosen
from events.models import Condition, Event, Status, Step, Verb
from events.models.event_queryset import EventQuerySet

from .filters import QuestionForm
from .lines import Line, make_lines, select

logger = logging.getLogger(__name__)


DONE = "done"  # in the address of the page that shows it, with the name under which it is noted
NOTED = "done-together"  # in the session
MOST_NOTED = 5  # of what was done in several tabs, the newest


class Choice(NamedTuple):
    """An event before anything is done. With an `obstacle` nothing can be, with a `doubt` only if one insists."""

    line: Line
    obstacle: str
    doubt: str
    is_chosen: bool


class Result(NamedTuple):
    """An event afterwards."""

    event: Event
    version: int  # that it has if it was done, and nothing since
    refusal: str  # why it was not done; empty if it was
    obstacle: str  # why it could not be undone, if that was tried
    is_undone: bool

    @property
    def why(self) -> str:
        """Why it is as it was when a button was pressed last."""
        return self.refusal or ("" if self.is_undone else self.obstacle)

    @property
    def is_as_left(self) -> bool:
        """Whether nobody has done anything to it since, so that it can be undone."""
        return self.event.version == self.version

    @property
    def state(self) -> str:
        """How it stands now."""
        is_marked = self.event.status == Status.PUBLISHED and self.event.condition != Condition.PLANNED
        return self.event.get_condition_display() if is_marked else self.event.get_status_display()

    @property
    def value(self) -> str:
        """By which it is chosen to be undone."""
        return f"{self.event.pk}:{self.version}"


@require_http_methods(["GET", "HEAD", "POST"])
def decide_all(request: HttpRequest, *, model_admin: admin.ModelAdmin) -> HttpResponse:
    """GET shows what would happen to the chosen events; POST does it, each by itself; then GET shows what was done."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if request.method != "POST" and DONE in request.GET:
        return _show_done(request, model_admin)
    by, data = cast(User, request.user), request.POST if request.method == "POST" else request.GET
    pressed, question = find_deed(data), _read_question(data, user=by)
    chosen = _find_all(question, by=by) if request.method != "POST" and "found" in data else read_chosen(data)
    onward = f"?{question.query()}" if question.query() else ""
    address = reverse("admin:events_event_changelist") + onward
    if not pressed or not 0 < len(chosen) <= MOST:
        messages.error(request, _say_mistake(number=len(chosen)))
        return redirect(address)
    name, deed = pressed
    form = BulkForm(request.POST if request.method == "POST" else None, deed=deed)
    if form.is_bound and form.is_valid():
        noted = _act_on_all(request, form, chosen, name=name, address=address)
        return redirect(f"{reverse('admin:events_event_bulk')}?{DONE}={noted}")
    context = {
        **model_admin.admin_site.each_context(request),
        **{"title": deed.label, "name": name, "deed": deed, "form": form},
        **{"question": question.query(), "onward": onward, "list": address},
        **_look_at_all(form, chosen, by=by),
    }
    return render(request, "admin/events/event/bulk.html", context)


def _say_mistake(*, number: int) -> str:
    if number > MOST:
        return _("At most %(n)s events can be decided at once.") % {"n": MOST}
    return _("Choose at least one event, and what to do.")


# Which


def _read_question(data: QueryDict, *, user: User) -> QuestionForm:
    """What the list was asked, to go back to it, or to take all that it finds."""
    asked = QueryDict(data.get("question", "")[:2000].encode(errors="replace"))
    return QuestionForm(asked, user=user, now=timezone.now())


def _find_all(question: QuestionForm, *, by: User) -> dict[int, int]:
    """All events that the list finds, in the versions that they have now; one more than can be done at once."""
    found = queue.in_order(question.narrow(Event.objects.for_moderator(by)), now=timezone.now())
    return dict(found.values_list("pk", "version")[: MOST + 1])


def _find(chosen: Iterable[int], *, by: User) -> EventQuerySet:
    """Those that `by` may decide; a foreign one is as missing as one that never was."""
    events = Event.objects.for_moderator(by).filter(pk__in=[*chosen])
    return queue.in_order(events, now=timezone.now())


# Before


def _look_at_all(form: BulkForm, chosen: dict[int, int], *, by: User) -> dict[str, Any]:
    events = [*select(_find(chosen, by=by))]
    lines = make_lines(events, by, now=timezone.now())
    pairs = zip(events, lines, strict=True)
    choices = [_look_at(form, event, line, seen=chosen[event.pk]) for event, line in pairs]
    impossible = sum(bool(choice.obstacle) for choice in choices)
    possible, missing = len(choices) - impossible, len(chosen) - len(choices)
    return {"choices": choices, "possible": possible, "impossible": impossible, "missing": missing}


def _look_at(form: BulkForm, event: Event, line: Line, *, seen: int) -> Choice:
    obstacle, doubt = _find_obstacle(form.deed, event), _find_doubt(form.deed, event, line, seen=seen)
    # What was chosen against a doubt stays chosen when the page comes back with a mistake.
    return Choice(line, obstacle, doubt, is_chosen=form.is_bound or not doubt)


def _find_obstacle(deed: Deed, event: Event) -> str:
    if moves.allows(deed.verb, event):
        return ""
    return _("Not possible with its status: %(status)s.") % {"status": event.get_status_display()}


def _find_doubt(deed: Deed, event: Event, line: Line, *, seen: int) -> str:
    if event.version != seen:
        return _("It was changed after you saw it in the list. Look at it again.")
    if line.opened_by:
        return _("%(name)s has it open just now.") % {"name": line.opened_by}
    is_double = deed.verb == Verb.PUBLISH and any(flag.name == "double" for flag in line.flags)
    return _("Looks like another event") if is_double else ""


# After


def _act_on_all(request: HttpRequest, form: BulkForm, chosen: dict[int, int], *, name: str, address: str) -> str:
    """Do it, and note in the session what became of each, so that the page can be loaded anew and come back to.

    Returns the name of the note, by which each tab shows its own: the same for what is pressed twice.
    """
    by, notes = cast(User, request.user), request.session.get(NOTED, {})
    whys = {str(event.pk): _act(form, event, by=by, version=chosen[event.pk]) for event in _find(chosen, by=by)}
    undone = [key for key, noted in notes.items() if _were_done(noted, chosen)] if name == UNDO else []
    if undone:
        key = undone[0]
        notes[key]["obstacles"] |= whys
    else:
        key = hashlib.sha256(repr((name, sorted(chosen.items()))).encode()).hexdigest()[:12]
        outcomes = {pk: [chosen[int(pk)] + 1, why] for pk, why in whys.items()}
        missing = len(chosen) - len(outcomes)
        notes[key] = {"name": name, "list": address, "outcomes": outcomes, "missing": missing, "obstacles": {}}
    request.session[NOTED] = dict([*notes.items()][-MOST_NOTED:])
    return key


def _were_done(noted: dict[str, Any], chosen: dict[int, int]) -> bool:
    """Whether they are of what is noted here, and not of one that was left open."""
    return all(noted["outcomes"].get(str(pk)) == [version, ""] for pk, version in chosen.items())


def _show_done(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """What the user did to many events together; each of them as it is now."""
    noted, by = request.session.get(NOTED, {}).get(request.GET[DONE]), cast(User, request.user)
    if not noted:
        return redirect("admin:events_event_changelist")
    results, deed = _find_results(noted, by=by), DEEDS[noted["name"]]
    done = [result for result in results if not (result.refusal or result.is_undone)]
    _queue, mark, question = noted["list"].partition("?")
    context = {
        **model_admin.admin_site.each_context(request),
        **{"title": deed.label, "deed": deed},
        **{"question": question, "onward": mark + question, "list": noted["list"]},
        **{"done": done, "undoable": [result for result in done if result.is_as_left]},
        "refused": [result for result in results if result.why],
        "undone": sum(result.is_undone for result in results),
        "missing": noted["missing"] + len(noted["outcomes"]) - len(results),
        "undo": (UNDO, DEEDS[UNDO]) if deed is not DEEDS[UNDO] else None,
    }
    return render(request, "admin/events/event/bulk_done.html", context)


def _find_results(noted: dict[str, Any], *, by: User) -> list[Result]:
    """What was undone is read from its steps: of two requests at once, one may not have seen what the other noted."""
    outcomes, obstacles = noted["outcomes"], noted["obstacles"]
    events = [*_find(map(int, outcomes), by=by)]
    steps = Step.objects.filter(event__in=events, verb=DEEDS[UNDO].verb, by=by).order_by()
    undone, results = {*steps.values_list("event", "version")}, []
    for event in events:
        version, refusal = outcomes[str(event.pk)]
        is_undone = not refusal and (event.pk, version + 1) in undone
        results.append(Result(event, version, refusal, obstacles.get(str(event.pk), ""), is_undone))
    return results


def _act(form: BulkForm, event: Event, *, by: User, version: int) -> str:
    """Do it in a transaction of its own, so that what fails stops none of the others; return why it was not done."""
    try:
        form.act(event, by=by, version=version)
    except moves.NotAllowed as refusal:
        # Pressed twice it is done once, perhaps this moment in the other request, and so it is told.
        is_done = event.steps.filter(version=version + 1, verb=form.deed.verb, by=by).exists()
        return "" if is_done else str(refusal)
    except OperationalError:
        logger.exception("An event could not be decided together with others.")
        return _("The database was too busy. Try it again.")
    queue.release(event, by=by)
    return ""
