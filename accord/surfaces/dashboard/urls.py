"""The practice, its research, its machine. Who may use which address stands in accord/config/policy.py."""

from django.urls import path

from accord.surfaces.dashboard.views import contact, duty, operation, places, practice, research

app_name = "dashboard"
urlpatterns = [
    path("practice/", practice.practice, name="practice"),
    path("practice/places/", places.places, name="places"),
    path("practice/places/<str:code>/", places.set_places, name="set_places"),
    path("practice/places/<str:code>/ask/", places.ask, name="ask_to_confirm"),
    path("research/", research.research, name="research"),
    path("research/check-in-times.csv", research.check_in_times, name="check_in_times"),
    path("duty/", duty.duty, name="duty"),
    path("duty/<str:code>/seen/", duty.see, name="see_concern"),
    path("contact/", contact.contact, name="contact"),
    path("contact/<str:code>/done/", contact.done, name="got_in_touch"),
    path("operation/", operation.operation, name="operation"),
]
