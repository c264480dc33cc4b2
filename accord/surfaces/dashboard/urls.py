"""The practice, its research, its machine. Who may use which address stands in accord/config/policy.py."""

from django.urls import path

from accord.surfaces.dashboard.views import contact, duty, operation, places, practice, queue, research

app_name = "dashboard"
urlpatterns = [
    path("practice/", practice.practice, name="practice"),
    path("practice/waiting/", queue.waiting, name="queue"),
    path("practice/waiting/add/", queue.add, name="add_waiting"),
    path("practice/waiting/<str:code>/", queue.person, name="waiting_person"),
    path("practice/waiting/<str:code>/offer/", queue.offer, name="offer_place"),
    path("practice/waiting/<str:code>/take-back/", queue.withdraw, name="withdraw_place"),
    path("practice/waiting/<str:code>/write/", queue.write, name="write_waiting"),
    path("practice/waiting/<str:code>/urgency/", queue.urgency, name="set_urgency"),
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
