"""The therapist's desk. Who may use which address stands in accord/config/policy.py."""

from django.urls import path

from accord.surfaces.workspace.views import episodes, openings, pair, prep, rating, repair, said, today, together

app_name = "workspace"
urlpatterns = [
    path("", today.today, name="today"),
    path("openings/", openings.openings, name="openings"),
    path("openings/<slug:key>/keep/", openings.keep, name="keep_opening"),
    path("openings/<slug:key>/hide/", openings.hide, name="hide_opening"),
    path("openings/<slug:key>/bring-back/", openings.bring_back, name="bring_back_opening"),
    path("rate/<slug:code>/", rating.rate, name="rate"),
    path("rate/<slug:code>/skip/", rating.skip, name="skip_rating"),
    path("episode/<slug:code>/move/", episodes.move, name="move_episode"),
    path("episode/<slug:code>/snooze/", episodes.snooze, name="snooze"),
    path("episode/<slug:code>/undo/", episodes.undo_snooze, name="undo_snooze"),
    path("episode/<slug:code>/repair/", repair.repair, name="repair"),
    path("episode/<slug:code>/repair/write/", repair.write, name="write_repair"),
    path("episode/<slug:code>/repair/change/", repair.change, name="write_change"),
    path("episode/<slug:code>/guide/", repair.help_with, name="guide"),
    path("note/<slug:code>/", said.note, name="note"),
    path("<slug:code>/", pair.pair, name="pair"),
    path("<slug:code>/prep/", prep.prep, name="prep"),
    path("<slug:code>/together/", together.together, name="together"),
]
