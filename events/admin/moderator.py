"""Which moderator decides for which countries."""

from django.contrib import admin

from events.models import Moderator


@admin.register(Moderator)
class ModeratorAdmin(admin.ModelAdmin):
    list_display = ("user", "countries")
    search_fields = ("user__username",)
