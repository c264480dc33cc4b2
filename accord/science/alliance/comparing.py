"""The fitted model beside simpler ones, on the same readings.

AIC = 2 F − 2 ℓ and BIC = F log N − 2 ℓ, F the parameters that were estimated and N the pairs: the lower, the better.
Source: Akaike (1974), IEEE Transactions on Automatic Control 19, 716-723; Schwarz (1978), Annals of Statistics 6,
461-464. Variances held at zero lie on a border, so that both criteria are kind to the simpler model.
"""

from typing import NamedTuple

import numpy as np

from accord.science.alliance.fitting import Fit, Model, Readings
from accord.science.errors import DidNotConverge

SIMPLER = {
    "levels only": ("state",),
    "no lasting trait": ("trait",),
    "therapists apart": ("tracking",),
}


class Rival(NamedTuple):
    """One model on these readings."""

    name: str  # "all of it", or of SIMPLER
    parameters: int  # estimated
    loglik: float  # NaN: no best parameters were found
    aic: float
    bic: float


def compared(model: Model, fit: Fit, seen: Readings) -> tuple[Rival, ...]:
    """The fit, then each simpler model fitted from where `model` starts; errors as in `Model.fit`.

    With levels of therapists the model without a trait is left out; without a therapist's rating the one without
    tracking is.
    """
    heard = bool(np.isfinite(np.asarray(seen.readings, dtype=np.float64)[..., 3:]).any())
    rivals = [_rival("all of it", fit)]
    for name, without in SIMPLER.items():
        if (without == ("tracking",) and not heard) or (without == ("trait",) and model.levels):
            continue
        try:
            rivals.append(_rival(name, model._replace(without=without).fit(seen)))
        except DidNotConverge:
            rivals.append(Rival(name, 0, np.nan, np.nan, np.nan))
    return tuple(rivals)


def _rival(name: str, fit: Fit) -> Rival:
    parameters = int(fit.free.sum())
    aic = 2.0 * parameters - 2.0 * fit.loglik
    return Rival(name, parameters, fit.loglik, aic, float(np.log(fit.pairs)) * parameters - 2.0 * fit.loglik)
