"""What the terminal says about a fit: convergence, estimates with intervals, how well forecasts hold."""

from collections.abc import Iterator

import numpy as np

from accord.batch.fitting import Fitted, Order
from accord.batch.report_words import plural
from accord.science.alliance import DEFAULT, PILLARS, Goodness, Rival
from accord.science.alliance.intervals import Estimates

# What a row of the summary is called, and how its three quantities begin.
ROWS = (
    ("level at the first session", "mean"),
    ("gain in the long run", "gain"),
    ("usual level, SD between pairs", "trait_sd"),
    ("what moves, SD", "state_sd"),
    ("how fast it fades, per day", "state_rate"),
    ("noise of a rating, variance", "noise"),
    ("therapist's mean", "therapist_mean"),
    ("therapist's tracking", "tracking"),
    ("therapist's lean, SD", "bias_sd"),
    ("therapist's noise, variance", "therapist_noise"),
    ("between therapists, SD", "therapist_sd"),
    ("between practices, SD", "practice_sd"),
)
PAIRS = ("goal-task", "goal-bond", "task-bond")
CORRELATIONS = (("usual levels, correlation", "trait_corr"), ("what moves, correlation", "state_corr"))
WIDTH = 31


def lines(order: Order, fitted: Fitted) -> Iterator[str]:
    """The summary, line by line."""
    fit = fitted.fit
    counted = f"{plural(fit.pairs, 'pair')}, {plural(fit.sessions, 'rated session')}, {plural(fit.ratings, 'rating')}"
    yield f"{counted}: converged after {plural(fit.peak.steps, 'step')}, log-likelihood {fit.loglik:,.2f}."
    yield ""
    yield from _estimates(fit.estimates)
    yield ""
    yield from _goodness(fitted.goodness)
    yield from _compared(fitted.rivals)
    yield ""
    yield from _notes(order, fitted)
    yield f"Written to {order.target}: parameters {fit.params.id}."
    yield f"Use them with `accord analyse --params {order.target}`."


def _estimates(told: Estimates) -> Iterator[str]:
    yield f"{'estimate, 95 % interval':<{WIDTH}}" + "".join(f"{name:^24}" for name in PILLARS)
    cells = {name: _cell(told, place) for place, name in enumerate(told.name)}
    for label, begins in ROWS:
        yield from _row(label, [cells.get(f"{begins} {pillar}") for pillar in PILLARS])
    yield f"{'days until 63 % of the gain':<{WIDTH}}{cells['gain_days']:^24}"
    yield f"{'':<{WIDTH}}" + "".join(f"{name:^24}" for name in PAIRS)
    for label, begins in CORRELATIONS:
        yield from _row(label, [cells.get(f"{begins} {pair}") for pair in PAIRS])


def _row(label: str, cells: list[str | None]) -> Iterator[str]:
    known = [cell for cell in cells if cell is not None]
    if known:
        yield f"{label:<{WIDTH}}" + "".join(f"{cell:^24}" for cell in known)


def _cell(told: Estimates, place: int) -> str:
    value, low, high = (part[place] for part in (told.value, told.low, told.high))
    digits = 3 if abs(value) < 0.2 else 2
    if np.isnan(told.se[place]):
        return f"{value:.{digits}f} (not estimated)"
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def _goodness(told: Goodness) -> Iterator[str]:
    yield f"{'forecasts, client':<{WIDTH}}" + "".join(f"{name:^24}" for name in PILLARS)
    for place, asked in enumerate(told.coverage.asked):
        share = "".join(f"{f'{100.0 * seen:.1f} %':^24}" for seen in told.coverage.seen[:3, place])
        yield f"{f'inside the {100 * asked:.0f} % interval':<{WIDTH}}{share}"
    memory = "".join(
        f"{f'{told.memory.value[k, 0]:.3f} [{told.memory.low[k, 0]:.3f}, {told.memory.high[k, 0]:.3f}]':^24}"
        for k in range(3)
    )
    yield f"{'memory of innovations, lag 1':<{WIDTH}}{memory}"


def _compared(rivals: tuple[Rival, ...]) -> Iterator[str]:
    if not rivals:
        return
    yield ""
    yield f"{'against simpler models':<{WIDTH}}{'parameters':>12}{'log-likelihood':>18}{'AIC':>14}{'BIC':>14}"
    for rival in rivals:
        if np.isnan(rival.loglik):
            yield f"{rival.name:<{WIDTH}}{'no best parameters were found':>42}"
        else:
            numbers = f"{rival.parameters:>12}{rival.loglik:>18,.1f}{rival.aic:>14,.1f}{rival.bic:>14,.1f}"
            yield f"{rival.name:<{WIDTH}}{numbers}"


def _notes(order: Order, fitted: Fitted) -> Iterator[str]:
    levels = fitted.fit.levels._asdict()
    for level in order.levels:
        if levels[level] is None:
            yield f"Note: these ratings show no level of {level}s; it is left out."
    own = "this table's own quiet sessions" if fitted.limits.made == "calibrated" else "simulated pairs"
    yield f"Limits of flags come from {own}."
    silent = fitted.fit.estimates.se[fitted.fit.estimates.name.index("tracking goal")]
    if np.isnan(silent):
        yield f"Note: no therapist rated; their parameters stay at those of {DEFAULT.id}."
    if np.isnan(fitted.fit.estimates.se[fitted.fit.estimates.name.index("gain_days")]):
        yield "Note: these sessions do not show how fast pairs gain: the days are not estimated, the gain is for them."
    if (order.scale.low, order.scale.high) != (0.0, 10.0):
        yield f"Note: ratings from {order.scale.words} were stretched to 0 to 10 and are taken as whole points there."
    if fitted.rivals and min(fitted.rivals, key=_aic).name != fitted.rivals[0].name:
        yield f"Note: by AIC “{min(fitted.rivals, key=_aic).name}” would do as well with fewer parameters."


def _aic(rival: Rival) -> float:
    return np.inf if np.isnan(rival.aic) else rival.aic
