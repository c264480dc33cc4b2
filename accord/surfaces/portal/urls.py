from django.urls import path

from accord.surfaces.portal.views import check_in, concern, home, repair, said, say

app_name = "portal"
urlpatterns = [
    path("c/<str:token>/", check_in.by_link, name="check_in_by_link"),
    path("me/", home.home, name="home"),
    path("me/check-in/<str:code>/", check_in.by_code, name="check_in"),
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
