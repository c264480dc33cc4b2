"""The therapist's desk. Who may use which address stands in accord/config/policy.py."""

from django.urls import path

from accord.surfaces.workspace.views import (
    agreement,
    calendar,
    episodes,
    openings,
    pair,
    prep,
    rating,
    sessions,
    today,
    together,
    week,
)

app_name = "workspace"
urlpatterns = [
    path("", today.today, name="today"),
    path("openings/", openings.openings, name="openings"),
    path("openings/<slug:key>/keep/", openings.keep, name="keep_opening"),
    path("openings/<slug:key>/hide/", openings.hide, name="hide_opening"),
    path("openings/<slug:key>/bring-back/", openings.bring_back, name="bring_back_opening"),
    path("week/", week.week, name="week"),
    path("week/book/", week.book, name="book"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/address/", calendar.new_address, name="make_address"),
    path("calendar/address/end/", calendar.end_address, name="revoke_address"),
    path("calendar/busy/", calendar.take_over, name="import_busy"),
    path("calendar/busy/forget/", calendar.forget, name="forget_busy"),
    path("session/<slug:code>/", sessions.session, name="session"),
    path("session/<slug:code>/move/", sessions.move, name="move_session"),
    path("session/<slug:code>/undo-move/", sessions.undo_move, name="undo_move_session"),
    path("session/<slug:code>/cancel/", sessions.cancel, name="cancel_session"),
    path("session/<slug:code>/bring-back/", sessions.bring_back, name="bring_back_session"),
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
