"""All public addresses on one screen."""

from django.urls import path

from events.feeds import ical, own
from events.forms.edit import STEPS
from events.views import cities, country, editions, entering, listing, mine, report, site, submit, visit

# Of an organiser who has entered by a link of a letter
private_pages = [
    path("my-events/", mine.show_all, name="my-events"),
    path("my-events/asked/", entering.asked, name="my-events-asked"),
    path("my-events/enter/<str:token>/", entering.enter, name="enter"),
    path("my-events/leave/", entering.leave, name="leave"),
    path("my-events/data/", own.download, name="my-data"),
    path("my-events/delete/", mine.delete, name="my-data-delete"),
    path("my-events/deleted/", mine.deleted, name="my-data-deleted"),
    path("my-events/<int:pk>/", mine.show, name="my-event"),
    path("my-events/<int:pk>/edit/", mine.edit, name="my-event-edit"),
    path("my-events/<int:pk>/copy/", mine.copy, name="my-event-copy"),
    path("my-events/<int:pk>/confirm/", mine.confirm, name="my-event-confirm"),
    path("my-events/<int:pk>/take-back/", mine.take_back, name="my-event-take-back"),
    *(path(f"my-events/<int:pk>/{name}/", mine.take_step, {"name": name}, name=f"my-event-{name}") for name in STEPS),
]

# Under the language prefix
pages = [
    path("", visit.home, name="home"),
    path("events/", listing.show, name="events"),
    path("countries/<str:code>/", country.show, name="country"),
    path("events/<int:pk>/", visit.event, name="event-short"),
    path("events/<int:pk>/report/", report.report, name="report"),
    path("events/<int:pk>/report/sent/", report.sent, name="report-sent"),
    path("events/<int:pk>/<slug:slug>/", visit.event, name="event"),  # a slug is none of models.event.PAGES_BELOW
    path("around-the-clock/", visit.around_the_clock, name="around-the-clock"),
    path("editions/", editions.show_all, name="editions"),
    path("editions/<int:year>/", editions.show, name="edition"),
    path("about/", site.about, name="about"),
    path("guide/", site.guide, name="guide"),
    path("privacy/", site.privacy, name="privacy"),
    path("submit/", submit.submit, name="submit"),
    path("submit/sent/", submit.sent, name="sent"),
    path("submit/confirmed/", submit.confirmed, name="confirmed"),
    path("confirm/<str:token>/", submit.confirm, name="confirm"),
    path("cities/", cities.suggest, name="cities"),
    *private_pages,
]

# The same in every language
files = [
    path("", site.root, name="root"),
    path("events/<int:pk>.ics", ical.calendar, name="calendar"),
    path("pictures/<slug:name>-<int:width>.<slug:extension>", visit.picture, name="picture"),
    path("robots.txt", site.robots, name="robots"),
    path("health/live", site.live, name="live"),
    path("health/ready", site.ready, name="ready"),
]
