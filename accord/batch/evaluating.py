"""All rules in all worlds: how often each fires when nothing happened, and what it sees when something did.

Every rule is held to the same number of actual false alarms in each world, by a threshold of its own: found by
halving on pairs in whom nothing happened. Between the last two thresholds (scores are rounded, so rates jump) a
share of the sessions is drawn from either, so that the rate is met exactly.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.batch.contenders import BEFORE, CONTENDERS, OURS, Bools, Case, Contender, Floats, threshold_of
from accord.science.alliance import filter_pairs
from accord.science.ruptures.flags2_calibration import calibrated
from accord.science.ruptures.flags2_kernel import LEARNING
from accord.science.ruptures.flags2_limits import Table, table_for
from accord.science.ruptures.flags2_walk import trace_all
from accord.science.simulation import Scene, Simulated, simulate

Ints = NDArray[np.int64]

# Practices that calibrate their own limits: how many, pairs of each, and the share of these that had a rupture.
PRACTICES, PRACTICE, PRACTICE_RUPTURES = 3, 2_000, 0.3
DEPTHS = (1.5, 2.3, 3.1, 4.0)  # points lost on the pillar hit: three bands
ONSETS = (5, 7, 9, 99)  # session numbers: three bands
WATCHED = 4  # sessions after the loss in which a flag still counts towards the delay


class Asked(NamedTuple):
    """How large, how many false alarms per 10 judged sessions, and which pairs."""

    pairs: int
    budget: float = 0.25
    seed: int = 1


class Loss(NamedTuple):
    """The ruptures of a case that can be seen at their onset: R of them."""

    pair: Ints
    session: Ints  # the onset, from 0
    depth: Floats  # points, on the pillar that lost most


class Row(NamedTuple):
    """One rule in one world. Rates are per 10 judged sessions; sensitivities are shares of ruptures."""

    world: str
    rule: str
    published: float  # false alarms at the threshold that the source prints
    calibrated: float  # ours: with limits from a practice's own check-ins, mean of PRACTICES; NaN for the others
    threshold: float  # the one that keeps the budget here
    at_onset: float
    error: float  # one standard error of at_onset
    below: float  # ours minus this rule at onset
    below_error: float  # one standard error of that difference, over the same ruptures
    by_next: float
    delay: float  # sessions from onset to the flag, where it came within WATCHED
    depth: tuple[float, float, float]  # at onset, by band of depth
    onset: tuple[float, float, float]  # at onset, by band of session number
    ruptures: int


Progress = Callable[[str, int, int], None]


def compare(scenes: Sequence[Scene], asked: Asked, progress: Progress) -> list[Row]:
    """All contenders in these worlds. Same seed, same rows."""
    rows: list[Row] = []
    for place, scene in enumerate(scenes):
        rows += _in_world(scene, asked)
        progress("Comparing", place + 1, len(scenes))
    return rows


def _in_world(scene: Scene, asked: Asked) -> list[Row]:
    table = table_for(scene.told)
    # every world has the same generator: worlds differ by what they are, not by luck
    quiet = case_of(scene, _drawn(scene, asked.pairs, 0.0, asked.seed), table)
    drawn = _drawn(scene, asked.pairs, 1.0, asked.seed + 1)
    broken = case_of(scene, drawn, table)
    loss = losses(drawn, broken.judged)
    ours = _tuned(CONTENDERS[0], (quiet, broken), loss, scene=scene, asked=asked)
    rows = []
    for rule in CONTENDERS:
        hits = ours if rule.name == OURS else _tuned(rule, (quiet, broken), loss, scene=scene, asked=asked)
        row = _row(scene, rule, hits, loss)
        gap = ours.at_onset - hits.at_onset
        own = rate_of(rule.fires(quiet, _published(rule, asked)), quiet.judged)
        row = row._replace(published=own, below=float(gap.mean()), below_error=_error(gap))
        rows.append(row._replace(calibrated=_calibrated(scene, quiet, asked)) if rule.name == OURS else row)
    return rows


def _published(rule: Contender, asked: Asked) -> float:
    """Ours follows the budget that is asked for; the others have the threshold of their source."""
    return threshold_of(asked.budget) if rule.name in (OURS, BEFORE) else rule.published


def _drawn(scene: Scene, pairs: int, share: float, seed: int) -> Simulated:
    world = scene.world._replace(rupture_share=share)
    rng = np.random.default_rng(seed)
    return simulate(scene.truth, pairs=pairs, sessions=scene.sessions, rng=rng, world=world)


def case_of(scene: Scene, drawn: Simulated, table: Table) -> Case:
    """Everything that a rule may look at."""
    filtered = filter_pairs(scene.told, days=drawn.days, readings=drawn.readings)
    rated = ~np.isnan(drawn.readings[..., :3])
    counted = np.maximum(rated.sum(axis=2), 1)
    total = np.where(rated, drawn.readings[..., :3], 0.0).sum(axis=2)
    answered = rated.any(axis=2)
    score = np.where(answered, total / counted, np.nan)
    return Case(
        readings=drawn.readings,
        score=score,
        judged=answered & (np.cumsum(answered, axis=1) > LEARNING),
        filtered=filtered,
        traces=trace_all(filtered, drawn.readings),
        table=table,
        sd=float(np.nanstd(score[:, 0])),
    )


def losses(drawn: Simulated, judged: Bools) -> Loss:
    """Ruptures whose first session is judged."""
    pair = np.flatnonzero(drawn.rupture_session >= 0)
    session = drawn.rupture_session[pair]
    seen = judged[pair, session]
    depth = drawn.rupture_depth[pair].max(axis=1)
    return Loss(pair[seen], session[seen], depth[seen])


def rate_of(fired: Bools, judged: Bools) -> float:
    """Sessions with a flag per 10 judged ones."""
    return float(10.0 * (fired & judged).sum() / judged.sum())


class _Hits(NamedTuple):
    """A rule at its tuned threshold: chances, since some sessions are drawn by lot."""

    threshold: float
    at_onset: Floats  # (R,)
    by_next: Floats  # (R,)
    first: Floats  # (R, 1 + WATCHED) chance that the first flag comes so many sessions after onset


def _tuned(rule: Contender, cases: tuple[Case, Case], loss: Loss, *, scene: Scene, asked: Asked) -> _Hits:
    quiet, broken = cases
    often, seldom = bracket(rule, quiet, asked.budget)
    rates = [rate_of(rule.fires(quiet, threshold), quiet.judged) for threshold in (often, seldom)]
    share = 0.0 if rates[0] <= rates[1] else (asked.budget - rates[1]) / (rates[0] - rates[1])
    share = float(np.clip(share, 0.0, 1.0))
    seen = [_seen(rule.fires(broken, threshold) & broken.judged, loss, scene) for threshold in (often, seldom)]
    mixed = [share * one + (1.0 - share) * other for one, other in zip(*seen, strict=True)]
    return _Hits(0.5 * (often + seldom), *mixed)


def bracket(rule: Contender, quiet: Case, budget: float) -> tuple[float, float]:
    """Two thresholds close together: at the first the rule keeps the budget or passes it, at the second it is below."""
    low, high = rule.lowest, rule.highest
    for _ in range(22):
        middle = 0.5 * (low + high)
        if rate_of(rule.fires(quiet, middle), quiet.judged) >= budget:
            low = middle
        else:
            high = middle
    return low, high


def _seen(fired: Bools, loss: Loss, scene: Scene) -> tuple[Floats, Floats, Floats]:
    """At onset (a slide: while it lasts), by the session after, and when the first flag comes."""
    pair, session, sessions = loss.pair, loss.session, fired.shape[1]
    lasts = scene.world.slide_sessions
    after = session[:, None] + np.arange(lasts + WATCHED)
    there = np.where(after < sessions, fired[pair[:, None], np.minimum(after, sessions - 1)], False)
    first = there & (np.cumsum(there, axis=1) == 1)
    return (
        there[:, :lasts].any(axis=1).astype(float),
        there[:, : lasts + 1].any(axis=1).astype(float),
        first.astype(float),
    )


def _row(scene: Scene, rule: Contender, hits: _Hits, loss: Loss) -> Row:
    found = hits.first.sum()
    return Row(
        world=scene.name,
        rule=rule.name,
        published=np.nan,
        calibrated=np.nan,
        threshold=hits.threshold,
        at_onset=float(hits.at_onset.mean()),
        error=_error(hits.at_onset),
        below=np.nan,
        below_error=np.nan,
        by_next=float(hits.by_next.mean()),
        delay=float((hits.first * np.arange(hits.first.shape[1])).sum() / max(found, 1.0)),
        depth=_banded(hits.at_onset, loss.depth, DEPTHS),
        onset=_banded(hits.at_onset, (loss.session + 1).astype(np.float64), ONSETS),
        ruptures=len(loss.pair),
    )


def _banded(values: Floats, by: Floats, edges: Sequence[float]) -> tuple[float, float, float]:
    band = np.searchsorted(np.asarray(edges)[1:-1], by, side="right")
    one, two, three = (float(values[band == place].mean()) if (band == place).any() else np.nan for place in range(3))
    return one, two, three


def _error(values: Floats) -> float:
    return float(values.std() / np.sqrt(max(len(values), 1)))


def _calibrated(scene: Scene, quiet: Case, asked: Asked) -> float:
    """False alarms of ours with limits from practices in this world, in which three pairs in ten had a rupture."""
    rates = []
    for place in range(PRACTICES):
        drawn = _drawn(scene, PRACTICE, PRACTICE_RUPTURES, asked.seed + 2 + place)
        table = calibrated(scene.told, days=drawn.days, readings=drawn.readings)
        fired = CONTENDERS[0].fires(quiet._replace(table=table), threshold_of(asked.budget))
        rates.append(rate_of(fired, quiet.judged))
    return float(np.mean(rates))
