from django.urls import path

from accord.surfaces.portal.views import agreement, check_in, home, repair, sessions

app_name = "portal"
urlpatterns = [
    path("c/<str:token>/", check_in.by_link, name="check_in_by_link"),
    path("me/", home.home, name="home"),
    path("me/check-in/<str:code>/", check_in.by_code, name="check_in"),
    path("me/sessions/", sessions.sessions, name="sessions"),
    path("me/sessions/reminders/", sessions.reminders, name="choose_reminders"),
    path("me/sessions/address/", sessions.new_address, name="make_address"),
    path("me/sessions/address/end/", sessions.end_address, name="revoke_address"),
    path("me/sessions/<slug:code>/cannot-come/", sessions.cannot_come, name="cancel_session"),
    path("me/sessions/<slug:code>/bring-back/", sessions.back_again, name="bring_back_session"),
    path("me/sessions/<slug:code>/appointment.ics", sessions.one_file, name="session_file"),
    path("me/agreement/<str:code>/", agreement.board, name="agreement"),
    path("me/agreement/<str:code>/part/", agreement.part, name="agreement_part"),
    path("me/agreement/<str:code>/live/", agreement.live, name="agreement_live"),
    path("me/agreement/<str:code>/history/", agreement.history, name="agreement_history"),
    path("me/agreement/<str:code>/change/", agreement.change, name="change_agreement"),
    path("me/repair/<str:code>/", repair.show, name="repair"),
    path("me/repair/<str:code>/move/", repair.move_on, name="move_repair"),
]
