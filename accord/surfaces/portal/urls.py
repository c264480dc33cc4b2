from django.urls import path

from accord.surfaces.portal.views import agreement, check_in, concern, home, repair, said, say, sessions

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
    path("me/repair/<str:code>/write/", repair.write, name="write_repair"),
    path("me/change/<str:code>/answer/", repair.answer, name="answer_change"),
    path("me/say/", say.what, name="say"),
    path("me/say/words/", say.words, name="say_words"),
    path("me/say/travels/", say.travels, name="say_travels"),
    path("me/say/check/", say.check, name="say_check"),
    path("me/say/drop/", say.drop, name="drop_note"),
    path("me/said/<str:code>/", said.show, name="said"),
    path("me/said/<str:code>/take-back/", said.take_back, name="take_back_note"),
    path("me/said/<str:code>/send/", said.send, name="send_note"),
    path("me/said/<str:code>/change/", said.change, name="change_note"),
    path("me/said/<str:code>/throw-away/", said.throw_away, name="throw_note_away"),
    path("me/concern/", concern.concern, name="concern"),
]
