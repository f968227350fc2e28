from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from events import day, images, text
from events.geo import countries, zones

from .choices import AddressVisibility, Admission, Condition, Format, Kind, Status
from .city import City
from .event_queryset import ASSUMED_LENGTH, EventQuerySet

PAGES_BELOW = frozenset({"report", "poster"})  # what follows an event's number in an address and is not its slug


class Event(models.Model):
    """One gathering. Product fields as the organiser gave them, their derivatives, and where it is in its life."""

    title = models.CharField(_("name of the event"), max_length=120)
    description = models.TextField(_("what happens there"), max_length=5000, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.IN_PERSON)
    # BCP 47 codes joined by commas; of a reported event they may not be known, nor its admission
    languages = models.CharField(_("languages spoken"), max_length=200, blank=True)
    organiser = models.CharField(_("organiser"), max_length=200)
    supporters = models.CharField(_("with the support of"), max_length=200, blank=True)
    contact_name = models.CharField(_("name of the contact"), max_length=100, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_language = models.CharField(_("language of letters"), max_length=5, default="en")
    public_contact = models.CharField(_("public contact"), max_length=200, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    registration_url = models.URLField(_("registration or tickets"), max_length=500, blank=True)
    online_url = models.URLField(_("address of the broadcast"), max_length=500, blank=True)
    source_url = models.URLField(_("where it was reported"), max_length=500, blank=True)
    admission = models.CharField(_("admission"), max_length=12, choices=Admission, blank=True)

    country = CountryField(verbose_name=_("country"))
    city = models.CharField(_("city"), max_length=100, blank=True)
    place = models.ForeignKey(  # the row of the city data that `city` means; empty when it is not in the data
        City,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("city in the data"),
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    address_visibility = models.CharField(
        _("who may see the address"), max_length=10, choices=AddressVisibility, default=AddressVisibility.PUBLIC
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    start_date = models.DateField(_("starts on"))
    start_time = models.TimeField(_("at"), null=True, blank=True)
    end_date = models.DateField(_("ends on"), null=True, blank=True)
    end_time = models.TimeField(_("at"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=40)

    image = models.CharField(_("picture"), max_length=32, blank=True)  # the name that `images.store` gave
    image_width = models.PositiveSmallIntegerField(null=True, blank=True)  # pixels, of the largest rendition
    image_height = models.PositiveSmallIntegerField(null=True, blank=True)
    image_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)

    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.UNCONFIRMED, editable=False)
    condition = models.CharField(max_length=10, choices=Condition, default=Condition.PLANNED, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # one more with every step
    # A keyed hash of the address without what makes variants of it, for the cap on what one person may have waiting.
    source = models.CharField(max_length=64, blank=True, editable=False)
    # The event that this one was once more, which is shown in its place. Only `moderation` sets it.
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="merged")
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)  # invented, by `demodata`
    submission = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    created_at = models.DateTimeField(_("submitted"), auto_now_add=True)

    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)  # empty when the end is not known
    edition = models.PositiveSmallIntegerField(_("edition"), editable=False)
    search_text = models.TextField(editable=False)
    slug = models.CharField(max_length=60, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("starts_at", "id")
        indexes = (
            # the listing, the home page's counts and what comes first
            models.Index(fields=("status", "edition", "starts_at", "ends_at"), name="event_listing"),
            # one country's page, and a moderator's queue
            models.Index(fields=("status", "country", "edition", "starts_at"), name="event_country"),
            # an organiser's own events
            models.Index(Lower("contact_email"), name="event_contact"),
            # likely doubles at the desk, and the events of a place
            models.Index(fields=("place", "start_date"), name="event_double"),
            # how many events of one person wait
            models.Index(fields=("source",), name="event_source", condition=~Q(source="")),
            # whether a picture asked for is that of a published event
            models.Index(fields=("image",), name="event_image", condition=~Q(image="")),
        )
        constraints = (
            *(
                models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"event_{field}_known")
                for field, values in {
                    "status": Status.values,
                    "condition": Condition.values,
                    "kind": Kind.values,
                    "format": Format.values,
                    "admission": ["", *Admission.values],
                    "address_visibility": AddressVisibility.values,
                }.items()
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")), name="event_ends_after_start"
            ),
            models.CheckConstraint(
                # of a reported event there is no broadcast left to name
                condition=Q(format=Format.IN_PERSON) | ~Q(online_url="") | ~Q(source_url=""),
                name="event_online_has_url",
            ),
            models.CheckConstraint(condition=Q(format=Format.ONLINE) | ~Q(city=""), name="event_in_a_place_has_city"),
            models.CheckConstraint(condition=Q(image="") | ~Q(image_alt=""), name="event_image_has_alt"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="event_position_on_earth",
            ),
            # The outbox keeps recipients joined by commas, which a quoted address may hold; "=?" hides another address.
            models.CheckConstraint(
                condition=~(Q(contact_email__contains=",") | Q(contact_email__contains='"'))
                & ~Q(contact_email__contains="=?"),
                name="event_contact_is_one_address",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("event", args=(self.pk, self.slug))

    def derive(self) -> None:
        """Fill what follows from the row's own fields: instants, edition, search text and slug."""
        self.starts_at = zones.instant(self.start_date, self.start_time, self.zone)
        self.ends_at = self._end()
        self.edition = day.edition_of(self.start_date)
        slug = text.slug(self.title, default="event")
        self.slug = "event" if slug in PAGES_BELOW else slug
        self.search_text = text.search_text(*self._words())

    def _end(self) -> datetime | None:
        last = self.end_date or self.start_date
        if self.end_time:
            return zones.instant(last, self.end_time, self.zone)
        if self.start_time and last == self.start_date:
            return None
        return zones.instant(last + timedelta(days=1), None, self.zone)

    def _words(self) -> list[str]:
        """What visitors see of it, and nothing else: a search must not confirm a hidden address."""
        venue = [self.venue, self.address] if self.has_public_address else []
        names = [countries.name(str(self.country), language=language) for language in ("az", "en", "ru", "tr")]
        return [self.title, self.organiser, self.supporters, self.city, *venue, *names]

    @property
    def survivor(self) -> Event | None:
        """The published event that stands in the place of this one, which was merged; perhaps by several mergings."""
        other = self.merged_into
        while other and other.status != Status.PUBLISHED:
            other = other.merged_into
        return other

    @property
    def has_public_address(self) -> bool:
        return self.address_visibility == AddressVisibility.PUBLIC

    @property
    def has_exact_point(self) -> bool:
        """Whether its position was given, and is not just the middle of its city or country."""
        middles = [countries.point(str(self.country))]
        if self.place:
            middles.append((self.place.latitude, self.place.longitude))
        return self.latitude is not None and (self.latitude, self.longitude) not in middles

    @property
    def language_codes(self) -> list[str]:
        return self.languages.split(",") if self.languages else []

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude that visitors may see: exact only where the address is public."""
        if self.has_public_address and self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        if self.place:
            return self.place.latitude, self.place.longitude
        return countries.point(str(self.country))

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def local_end(self) -> datetime | None:
        return self.ends_at and self.ends_at.astimezone(ZoneInfo(self.zone))

    @property
    def local_over(self) -> datetime:
        """When it counts as over: for `upcoming` and for words, never shown as its end."""
        return (self.ends_at or self.starts_at + ASSUMED_LENGTH).astimezone(ZoneInfo(self.zone))

    @property
    def image_widths(self) -> tuple[int, ...]:
        """Widths in pixels of the AVIF renditions, the smallest first; none without a picture."""
        return images.widths(self.image_width) if self.image_width else ()

    @property
    def image_jpeg_width(self) -> int:
        return images.jpeg_width(self.image_width or 0)
