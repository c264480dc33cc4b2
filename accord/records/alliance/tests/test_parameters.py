"""New parameters: the pair's belief is made again from what is stored, and nothing else is touched."""

from datetime import timedelta

import numpy as np
import pytest

from accord.records.alliance.jobs import estimate_waiting
from accord.records.alliance.models import Estimate
from accord.records.alliance.packing import unpack
from accord.records.alliance.queries import estimates_of, parameters
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.pairs.models import CarePair
from accord.science.alliance import DEFAULT, filter_pairs, load_params
from accord.science.alliance.model import Params, dump_params
from tests.plugins.making import asked, given, sheet

DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
OURS = load_params(
    dump_params(DEFAULT) | {"id": "harbour@1", "mean": [6.0, 6.0, 6.5], "noise": [0.3, 0.3, 0.3], "gain_days": 60.0}
)


@pytest.fixture
def fitted(settings) -> Params:
    settings.ALLIANCE_PARAMS = OURS
    return OURS


def _next_session(pair: CarePair, at) -> Estimate:
    both = asked(pair, at)
    given(both.client, sheet(6, 7, 8), at=at + HOUR)
    given(both.therapist, sheet(7, 7, 7), at=at + HOUR)
    for _ in range(10):
        if not estimate_waiting(at + HOUR):
            break
    return estimates_of(pair)[both.session.pk]


def _whole(pair: CarePair, params: Params):
    """filter_pairs over everything that is stored."""
    stored = list(Estimate.objects.filter(pair=pair).select_related("session").order_by("session__number"))
    first = pair.sessions.exclude(state="cancelled").earliest("number").starts_at
    days = np.array([[(one.session.starts_at - first) / DAY for one in stored]])
    readings = [[np.nan if number is None else number for number in one.readings] for one in stored]
    return filter_pairs(params, days=days, readings=np.array([readings]))


def test_without_a_file_estimates_are_made_with_the_default(db) -> None:
    assert parameters() is DEFAULT


def test_a_belief_made_with_other_parameters_is_made_again_from_the_stored_readings(pair_of, now, fitted) -> None:
    pair = pair_of("jo")
    assert {one.params for one in estimates_of(pair).values()} == {DEFAULT.id}
    newest = _next_session(pair, now + WEEK)
    assert newest.params == "harbour@1"
    whole = _whole(pair, fitted)
    np.testing.assert_allclose(newest.level_mean, whole.level_mean[0, -1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(newest.forecast_mean, whole.forecast_mean[0, -1], rtol=0, atol=1e-12)
    assert unpack(newest.belief).count[0] == len([one for one in estimates_of(pair).values() if any(one.readings[:3])])


def test_a_belief_made_with_these_parameters_is_taken_as_it_is(pair_of, now, fitted) -> None:
    pair = pair_of("jo")
    _next_session(pair, now + WEEK)
    Estimate.objects.filter(pair=pair, params=DEFAULT.id).update(readings=[0, 0, 0, 0, 0, 0])
    second = _next_session(pair, now + 2 * WEEK)
    assert min(second.level_mean) > 4.0, "the first sessions were read again"


def test_check_ins_are_not_read_again(pair_of, now, fitted) -> None:
    pair = pair_of("jo")
    CheckIn.objects.filter(session__pair=pair).update(scores={"bond": 0, "goal": 0, "task": 0})
    assert min(_next_session(pair, now + WEEK).level_mean) > 4.0


def test_estimates_of_earlier_sessions_keep_their_numbers_and_their_name(pair_of, now, fitted) -> None:
    pair = pair_of("jo")
    before = {pk: (one.params, one.level_mean, one.made_at) for pk, one in estimates_of(pair).items()}
    newest = _next_session(pair, now + WEEK)
    after = {pk: (one.params, one.level_mean, one.made_at) for pk, one in estimates_of(pair).items()}
    assert after == before | {newest.session_id: after[newest.session_id]}


def test_a_new_pair_starts_from_the_new_parameters(new_pair, now, fitted) -> None:
    newest = _next_session(new_pair, now)
    np.testing.assert_allclose(newest.forecast_mean[:3], fitted.mean, rtol=0, atol=1e-12)


def test_the_audit_says_with_which_parameters(pair_of, now, fitted) -> None:
    newest = _next_session(pair_of("jo"), now + WEEK)
    entry = Entry.objects.get(verb="alliance estimated", row=newest.code)
    assert "harbour@1" in str(entry.__dict__)
