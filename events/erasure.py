"""The end of all that is known of an e-mail address, when its owner asks for it."""

from django.db import transaction
from django.utils import timezone

from events import access, images, moderation, outbox
from events.models import Event, Trust, change_version, is_picture_in_use


def forget(address: str) -> int:
    """Delete all events of an address with their pictures, its links, sessions and letters. Returns how many events."""
    if not address:
        return 0  # else all links to confirm would go, which bear none
    with transaction.atomic(durable=True):  # the pictures go only when it is certain that the rows are gone
        change_version()
        access.forget(address)  # first, so that a copy that is just being made is waited for
        # Held before anything that belongs to them is deleted, so that nobody adds to it meanwhile.
        held = [*Event.objects.of_organiser(address).order_by("pk").select_for_update().values_list("pk", flat=True)]
        events = Event.objects.filter(pk__in=held)
        names = {*events.values_list("image", flat=True), *events.values_list("amendment__image", flat=True)}
        names |= {before.get("image") for before in events.values_list("steps__before", flat=True) if before}
        moderation.free_doubles(Event.objects.filter(merged_into__in=held).exclude(pk__in=held))
        number = events.delete()[1].get("events.Event", 0)
        access.forget(address)
        Trust.objects.filter(address=address.lower()).delete()
        outbox.forget(address)
    for name in names - {"", None}:
        if not is_picture_in_use(name, now=timezone.now()):
            images.delete(name)
    return number
