from django.urls import path

from accord.surfaces.portal.views import check_in, home, offline, repair

app_name = "portal"
urlpatterns = [
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("phone/", offline.phone, name="phone"),
    path("phone/check-in/", offline.shell, name="shell"),
    path("c/<str:token>/", check_in.by_link, name="check_in_by_link"),
    path("c/<str:token>/take-back/", check_in.take_back_by_link, name="take_back_by_link"),
    path("me/", home.home, name="home"),
    path("me/check-in/<str:code>/", check_in.by_code, name="check_in"),
    path("me/check-in/<str:code>/take-back/", check_in.take_back, name="take_back"),
    path("me/repair/<str:code>/", repair.show, name="repair"),
    path("me/repair/<str:code>/move/", repair.move_on, name="move_repair"),
]
