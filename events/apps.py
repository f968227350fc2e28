from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from events.checks import check_lower_case


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Directory")

    def ready(self) -> None:
        checks.register(check_lower_case, checks.Tags.database)
