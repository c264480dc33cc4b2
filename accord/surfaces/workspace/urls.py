"""The therapist's desk. Who may use which address stands in accord/config/policy.py."""

from django.urls import path

from accord.surfaces.workspace.views import agreement, episodes, openings, pair, prep, rating, today, together

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
    path("<slug:code>/", pair.pair, name="pair"),
    path("<slug:code>/agreement/", agreement.board, name="agreement"),
    path("<slug:code>/agreement/part/", agreement.part, name="agreement_part"),
    path("<slug:code>/agreement/live/", agreement.live, name="agreement_live"),
    path("<slug:code>/agreement/history/", agreement.history, name="agreement_history"),
    path("<slug:code>/agreement/change/", agreement.change, name="change_agreement"),
    path("<slug:code>/prep/", prep.prep, name="prep"),
    path("<slug:code>/together/", together.together, name="together"),
]
