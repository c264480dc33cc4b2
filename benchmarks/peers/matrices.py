"""`alliance@1` as the matrices that general Kalman filters want: nine states (u, d, b), six readings, uneven gaps."""

from typing import NamedTuple

import numpy as np

from benchmarks.inputs import Floats, Inputs

STATES, READINGS = 9, 6
LOG_TWO_PI = float(np.log(2.0 * np.pi))


class Matrices(NamedTuple):
    """x_t = F_t x_{t−1} + N(0, Q_t), y_t = c_t + H x_t + N(0, R), x_0 ~ N(0, prior); at first F is 1 and Q 0."""

    design: Floats  # H (6, 9)
    noise: Floats  # diagonal of R (6,)
    intercept: Floats  # c (N, T, 6)
    fade: Floats  # diagonal of F (N, T, 9)
    fresh: Floats  # the part of Q that is not 0: d's (N, T, 3, 3)
    prior: Floats  # (9, 9)


def matrices(inputs: Inputs) -> Matrices:
    """For all pairs at once; a small part of anybody's time, and counted in it."""
    params, days = inputs.params, inputs.days
    one, nothing, track = np.eye(3), np.zeros((3, 3)), np.diag(params.tracking)
    growth = -np.expm1(-days / params.gain_days)[..., None] * params.gain
    therapist = params.therapist_mean + params.tracking * growth
    fade = np.ones((*days.shape, STATES))
    fade[..., 3:6] = np.exp(-params.state_rate * np.diff(days, axis=1, prepend=days[:, :1])[..., None])
    moving = fade[..., 3:6]
    prior = np.zeros((STATES, STATES))
    for block, part in enumerate((params.trait_cov, params.state_cov, params.bias_cov)):
        prior[3 * block : 3 * block + 3, 3 * block : 3 * block + 3] = part
    return Matrices(
        design=np.block([[one, one, nothing], [track, track, one]]),
        noise=np.concatenate((params.noise, params.therapist_noise)),
        intercept=np.concatenate((params.mean + growth, therapist), axis=-1),
        fade=fade,
        fresh=params.state_cov * (1.0 - moving[..., :, None] * moving[..., None, :]),
        prior=prior,
    )


def level_of(inputs: Inputs) -> Floats:
    """The part of a level that is not a state: μ + γ (1 − e^(−t/τ)), (N, T, 3)."""
    params = inputs.params
    return params.mean - np.expm1(-inputs.days / params.gain_days)[..., None] * params.gain
