"""The life of what an organiser proposes to change in a published event, which visitors see as it is until then.

Whoever changes a proposal holds its event first, and demands the version of the proposal that they were looking at:
whoever comes second gets `NotAllowed`, and nothing is written. Each verb writes a `Step` of the event.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from events import images, mail, moderation
from events.models import Amendment, Event, Status, Trust, Verb, apply_changes, change_version, find_changes
from events.models.moderator import is_moderator_of
from events.moves import NotAllowed, demand_reason, hold, note

# By the organiser


def propose(event: Event, proposed: Event, *, version: int, proposal: int, reason: str = "") -> bool:
    """Propose to make a published event what `proposed` is; visitors see nothing of it until a moderator accepts.

    The organiser was looking at this `version` of the event and of the `proposal`, which is 0 if there was none.
    What a trusted organiser proposes is accepted at once, unless it leads to another country. Returns whether it was.
    """
    with transaction.atomic():
        passes = event.country == proposed.country and Trust.objects.in_owner_of(event).exists()
        if passes:
            change_version()  # before anything is held
            if _has_passed(event, proposed, version=version):
                return True  # it was sent twice
        event = hold(Event.objects.filter(pk=event.pk, status=Status.PUBLISHED, version=version))
        amendment = _keep(event, proposed, proposal=proposal, reason=reason)
        if not amendment:
            return False
        if passes:
            moderation.amend(event, proposed, by=None, version=version)
            amendment.delete()
    return passes


def take_back(amendment: Amendment, *, version: int | None = None) -> None:
    """Drop a proposal, open or refused. `version` is that of the proposal on the screen, else the one just read."""
    seen = amendment.version if version is None else version
    with transaction.atomic():
        event = hold(Event.objects.filter(pk=amendment.event_id))
        _drop(Amendment.objects.filter(pk=amendment.pk, version=seen))
        note(event, Verb.TAKE_BACK)


# By a moderator


def accept(amendment: Amendment, *, by: User, version: int, reason: str = "") -> None:
    """Make the event what was proposed. `version` is that of the proposal the moderator was looking at."""
    if obstacle := find_obstacle(amendment, by=by):
        raise NotAllowed(obstacle)
    if amendment.version != version:
        raise NotAllowed.too_late()
    with transaction.atomic():
        moderation.amend(amendment.event, amendment.proposed(), by=by, version=amendment.base, reason=reason)
        # After the event, in the order in which everybody locks; if it is another proposal by now, nothing happened.
        _drop(Amendment.objects.filter(pk=amendment.pk, version=version, is_refused=False))


def refuse(amendment: Amendment, *, by: User, version: int, reason: str) -> None:
    """Leave the event as it is and tell the organiser why; what they proposed stays theirs to send anew."""
    demand_reason(reason)
    with transaction.atomic():
        event = hold(Event.objects.for_moderator(by).filter(pk=amendment.event_id))
        seen = Amendment.objects.open().filter(pk=amendment.pk, version=version)
        if not seen.update(is_refused=True, version=F("version") + 1):
            raise NotAllowed.too_late()
        note(event, Verb.REFUSE, by=by, reason=reason)
        mail.amendment_refused(event, reason=reason, token=moderation.make_entry(event))


def reconsider(amendment: Amendment, *, by: User, version: int, reason: str = "") -> None:
    """Take a refusal back, and tell the organiser: what was proposed waits for a decision again."""
    with transaction.atomic():
        event = hold(Event.objects.for_moderator(by).filter(pk=amendment.event_id, status=Status.PUBLISHED))
        refused = Amendment.objects.filter(pk=amendment.pk, version=version, is_refused=True)
        if not refused.update(is_refused=False, version=F("version") + 1):
            raise NotAllowed.too_late()
        note(event, Verb.RECONSIDER, by=by, reason=reason)
        mail.amendment_reconsidered(event, reason=reason)


def revert(event: Event, *, by: User, version: int | None = None, reason: str) -> None:
    """Make the event again what it was before the change that was accepted last, and tell the organiser why."""
    demand_reason(reason)
    seen = event.version if version is None else version
    last = event.steps.filter(verb=Verb.ACCEPT, version=seen).first()
    if not last or event.version != seen:
        raise NotAllowed.too_late()
    contents = apply_changes(event, last.before)
    if not is_moderator_of(by, str(contents.country)):
        raise NotAllowed(_("This would move the event to a country that is not yours. Ask a moderator of both."))
    if contents.image and not images.exists(contents.image, contents.image_width or 0):
        raise NotAllowed(_("The picture that it had before is deleted already. Ask the organiser for another change."))
    letter = lambda: mail.amendment_reverted(event, reason=reason, token=moderation.make_entry(event))  # noqa: E731
    # Stated, because a new date that is taken back does not make a postponed event one that takes place.
    facts: dict[str, Any] = {"contents": contents, "facts": {"condition": contents.condition}}
    moderation.make_move(Verb.REVERT, event, by=by, version=seen, reason=reason, letter=letter, **facts)


def find_open(event: Event) -> Amendment | None:
    """What is proposed for the event and waits for a moderator, as in `AmendmentQuerySet.open`."""
    amendment: Amendment | None = getattr(event, "amendment", None)
    is_open = amendment and not amendment.is_refused and event.status == Status.PUBLISHED
    return amendment if is_open else None


def demand_seen(event: Event, *, proposal: int) -> None:
    """Refuse to go on if something is open that is not the `proposal` of this version (0: none): it came since.

    Whoever asks holds the event, so that nothing comes after this either. What is outdated did not come since.
    """
    now = Amendment.objects.open().filter(event=event, base=F("event__version"))
    if now.exclude(version=proposal).exists():
        raise NotAllowed.too_late()


def find_obstacle(amendment: Amendment, *, by: User) -> str:
    """Why `by` cannot accept what was proposed, as a sentence; empty if they can."""
    if amendment.is_outdated:
        return _(
            "Something else happened to the event after this was proposed, so it cannot be accepted as it is. "
            "The organiser can look at it and send it anew."
        )
    if not is_moderator_of(by, str(amendment.changes.get("country", amendment.event.country))):
        return _("This would move the event to a country that is not yours. Ask a moderator of both.")
    return ""


def _has_passed(event: Event, proposed: Event, *, version: int) -> bool:
    """Whether just this was proposed before for this version, and accepted at once."""
    step = {"steps__verb": Verb.ACCEPT, "steps__by": None, "steps__version": version + 1}
    now = Event.objects.filter(pk=event.pk, version=version + 1, **step).first()
    return bool(now and not find_changes(now, proposed))


def _keep(event: Event, proposed: Event, *, proposal: int, reason: str) -> Amendment | None:
    """Store what is proposed for the event, which is held; None if just this waits already: it was sent twice."""
    changes = find_changes(event, proposed)
    there = Amendment.objects.filter(event=event).first()
    seen = there.version if there else 0
    if there and there.is_same(changes, base=event.version) and not (reason and seen == proposal):
        return None
    if seen != proposal:
        raise NotAllowed.too_late()
    # Each version has a step, so none comes twice, also when the one before was taken back or accepted.
    amendment = there or Amendment(event=event, version=event.steps.count())
    if not changes:
        raise NotAllowed(_nothing_new(amendment))
    amendment.fill(changes, base=event.version, now=timezone.now())
    amendment.save()
    note(event, Verb.PROPOSE, reason=reason)
    return amendment


def _drop(amendments: QuerySet[Amendment]) -> None:
    if not amendments.delete()[0]:
        raise NotAllowed.too_late()


def _nothing_new(amendment: Amendment) -> str:
    if amendment.pk:
        return _("So it is published already. To drop what you proposed, take it back.")
    return _("Nothing was changed.")
