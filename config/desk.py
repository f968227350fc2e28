"""Django's admin with a site of our own, so that there is one rule of who gets in."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "events.views.desk.Desk"
