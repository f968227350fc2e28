"""The closed lists: what an organiser chooses from, and where an event is in its life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CONCERT = "concert", _("Concert")
    EVENING = "evening", _("Festive evening")
    RECEPTION = "reception", _("Reception")
    CHILDREN = "children", _("For children")
    CONFERENCE = "conference", _("Round table or conference")
    EXHIBITION = "exhibition", _("Exhibition")
    FILM = "film", _("Film screening")
    CHARITY = "charity", _("Charity")
    OUTDOOR = "outdoor", _("In the open air")
    OTHER = "other", _("Other")


class Format(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")


class Admission(models.TextChoices):
    FREE = "free", _("Free, open to all")
    REGISTRATION = "registration", _("Free, registration needed")
    TICKET = "ticket", _("With a ticket")
    INVITATION = "invitation", _("By invitation")


class AddressVisibility(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    CITY_ONLY = "city_only", _("Only the city is shown")
    ON_REQUEST = "on_request", _("The organiser tells it on request")


class Status(models.TextChoices):
    """Where an event is in its life. Only `moderation` sets it."""

    UNCONFIRMED = "unconfirmed", _("E-mail not confirmed")
    PENDING = "pending", _("Pending")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Condition(models.TextChoices):
    """Facts about a published event that visitors must see. Only `moderation` sets it."""

    PLANNED = "planned", _("Takes place as planned")
    CANCELLED = "cancelled", _("Cancelled")
    POSTPONED = "postponed", _("Postponed")
