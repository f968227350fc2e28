"""All public addresses on one screen."""

from django.urls import path

from events.feeds import ical
from events.views import country, editions, listing, site, submit, visit

# Under the language prefix
pages = [
    path("", visit.home, name="home"),
    path("events/", listing.show, name="events"),
    path("countries/<str:code>/", country.show, name="country"),
    path("events/<int:pk>/", visit.event, name="event-short"),
    path("events/<int:pk>/<slug:slug>/", visit.event, name="event"),
    path("around-the-clock/", visit.around_the_clock, name="around-the-clock"),
    path("editions/", editions.show_all, name="editions"),
    path("editions/<int:year>/", editions.show, name="edition"),
    path("about/", site.about, name="about"),
    path("guide/", site.guide, name="guide"),
    path("privacy/", site.privacy, name="privacy"),
    path("submit/", submit.submit, name="submit"),
    path("submit/sent/", submit.sent, name="sent"),
    path("confirm/<str:token>/", submit.confirm, name="confirm"),
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
