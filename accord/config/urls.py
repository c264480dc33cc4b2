"""Every address, by audience. Who may use it stands in policy.py."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accord.surfaces.shared import language, pages, profiles
from accord.surfaces.shared.calendars import feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("people/<str:code>/", profiles.profile, name="profile"),
    path("help/", pages.help_page, name="help"),
    path("leave/", pages.quick_exit, name="quick_exit"),
    path("calendar/<str:token>.ics", feed.calendar_feed, name="calendar_feed"),
    path("health/", pages.health, name="health"),
    path("language/", language.choose, name="language"),
    path("", include("accord.surfaces.shared.sign_in.urls")),
    path("", include("accord.surfaces.portal.urls")),
    path("desk/", include("accord.surfaces.workspace.urls")),
    path("", include("accord.surfaces.dashboard.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("accord.config.demo_urls")))
