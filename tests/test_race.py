"""Two people at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from post_office.models import Email

from events import moderation
from events.models import Event, Status, Step
from tests.factories import make_event, make_moderator


def at_once(*acts):
    """Run all `acts` in threads that start together; returns what each returned or raised."""
    barrier = Barrier(len(acts))

    def act_in_thread(act):
        try:
            barrier.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act_in_thread, acts))


@pytest.mark.django_db(transaction=True)
def test_two_moderators_publish_at_once_and_there_is_one_step_and_one_letter_fifty_times_over():
    first, second = make_moderator("DE"), make_moderator("DE")
    for _round in range(50):
        event = make_event(status=Status.PENDING)
        copies = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)

        outcomes = at_once(
            lambda copies=copies: moderation.publish(copies[0], by=first),
            lambda copies=copies: moderation.publish(copies[1], by=second),
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotAllowed"]
        assert Step.objects.filter(event=event).count() == 1
        assert Event.objects.get(pk=event.pk).version == 2
    assert Email.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_publish_against_decline_has_one_winner_and_its_letter_alone():
    moderator, reason = make_moderator("DE"), "Not about the day."
    for number in range(20):
        event = make_event(title=f"Evening of round {number:02}", status=Status.PENDING)
        copies = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)

        outcomes = at_once(
            lambda copies=copies: moderation.publish(copies[0], by=moderator),
            lambda copies=copies: moderation.decline(copies[1], by=moderator, reason=reason),
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotAllowed"]
        winner = Status.PUBLISHED if outcomes[0] is None else Status.DECLINED
        assert Step.objects.get(event=event).status == Event.objects.get(pk=event.pk).status == winner
        letter = Email.objects.get(message__contains=event.title)  # the only one
        is_published, has_reason = "is published" in letter.subject + letter.message, reason in letter.message
        assert (is_published, has_reason) == (winner == Status.PUBLISHED, winner == Status.DECLINED)
    assert Email.objects.count() == 20
