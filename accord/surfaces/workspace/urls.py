"""The therapist's desk. Who may use which address stands in accord/config/policy.py."""

from django.urls import path

from accord.surfaces.workspace.views import (
    arranging,
    episodes,
    finding,
    guesses,
    openings,
    pair,
    prep,
    quiet,
    rating,
    reflection,
    today,
    together,
)

app_name = "workspace"
urlpatterns = [
    path("", today.today, name="today"),
    path("find/", finding.find, name="find"),
    path("yours/", arranging.arrange, name="arrange"),
    path("put-aside/", quiet.put_aside, name="put_aside"),
    path("guesses/", guesses.guesses, name="guesses"),
    path("quiet/<slug:code>/undo/", quiet.unquiet, name="unquiet"),
    path("openings/", openings.openings, name="openings"),
    path("openings/<slug:key>/keep/", openings.keep, name="keep_opening"),
    path("openings/<slug:key>/hide/", openings.hide, name="hide_opening"),
    path("openings/<slug:key>/bring-back/", openings.bring_back, name="bring_back_opening"),
    path("rate/<slug:code>/", rating.rate, name="rate"),
    path("rate/<slug:code>/skip/", rating.skip, name="skip_rating"),
    path("episode/<slug:code>/move/", episodes.move, name="move_episode"),
    path("episode/<slug:code>/snooze/", episodes.snooze, name="snooze"),
    path("episode/<slug:code>/undo/", episodes.undo_snooze, name="undo_snooze"),
    path("episode/<slug:code>/take-back/", episodes.take_back, name="take_back_talk"),
    path("<slug:code>/", pair.pair, name="pair"),
    path("<slug:code>/prep/", prep.prep, name="prep"),
    path("<slug:code>/together/", together.together, name="together"),
    path("<slug:code>/mute/", quiet.mute, name="mute"),
    path("<slug:code>/discussed/", quiet.discussed, name="discussed"),
    path("<slug:code>/guesses/", guesses.of_pair, name="pair_guesses"),
    path("<slug:code>/reflection/", reflection.reflection, name="reflection"),
]
