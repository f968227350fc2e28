from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .event import Event


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> ReportQuerySet:
        """Those that no moderator has settled."""
        return self.filter(settled_at=None)


class Report(models.Model):
    """What a visitor says is wrong with a published event. Who it was is neither asked nor kept."""

    class Subject(models.TextChoices):
        WRONG = "wrong", _("Something in it is not right")
        CANCELLED = "cancelled", _("It does not take place")
        DOUBLE = "double", _("The same event stands here twice")
        HARMFUL = "harmful", _("It should not be listed here")
        OTHER = "other", _("Something else")

    event = models.ForeignKey(Event, models.CASCADE, related_name="reports", verbose_name=_("event"))
    subject = models.CharField(_("what it is about"), max_length=12, choices=Subject)
    text = models.TextField(_("what is wrong"), max_length=1000)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # as of a step
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("moderator"),
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("at", "id")
        indexes = (
            # the queue
            models.Index(fields=("event",), name="report_open", condition=Q(settled_at=None)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(subject__in=["wrong", "cancelled", "double", "harmful", "other"]),
                name="report_subject_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, {self.at:%Y-%m-%d %H:%M}"
