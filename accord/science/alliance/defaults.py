"""`alliance@1-default`: the parameters before a practice has check-ins of its own, and where each comes from.

Three published figures fix the sizes; where nothing citable exists, the choice is written down as a choice.
A published version is never edited: other numbers are another id.
"""

import numpy as np

from accord.science.alliance.model import VERSION, Floats, Params, load_params

# Published: the SD over clients and sessions of one 0..10 alliance rating is about 1.75, its mean 7.5 to 8.
TOTAL_VARIANCE = 1.75**2
# Published: one alliance rating has a reliability (generalisability) of about .77, so 23 % of it is noise.
RELIABILITY = 0.77
# Rounding to whole points adds the variance of a uniform error of one point (Sheppard), inside those 23 %.
ROUNDING = 1.0 / 12.0
# Published: two ratings of one person a week apart correlate about .4 around that person's own level.
WEEK_CORRELATION = 0.4
# Choice: of what is not noise, a third moves and two thirds stay: half of all variance lies between pairs.
MOVING_SHARE = 1.0 / 3.0
# Choice: pillars move together, goal and task most; subscales of a questionnaire often correlate .6 to .8.
TRAIT_CORRELATION = ((1.0, 0.8, 0.7), (0.8, 1.0, 0.7), (0.7, 0.7, 1.0))
STATE_CORRELATION = ((1.0, 0.6, 0.5), (0.6, 1.0, 0.5), (0.5, 0.5, 1.0))
# Choice inside 7.5 to 8: goal, task, bond. Bond starts highest.
MEAN = (7.6, 7.5, 7.9)
# Choice: the average pair gains a third of a point, most of it in two months. Small: growth is no one's duty.
GAIN, GAIN_DAYS = (0.3, 0.3, 0.3), 28.0
# Published: clients rate above therapists by .41 of an SD, here 0.7 points.
THERAPIST_BELOW = 0.41 * 1.75
# Choice: client and therapist ratings of one session correlate about .35 when a therapist's SD is 1.4;
# half of what the client's level does not explain is the therapist's lasting lean in this pair, half noise.
AGREEMENT, THERAPIST_SD, LEAN_SHARE = 0.35, 1.4, 0.5


def _default() -> Params:
    noise = (1.0 - RELIABILITY) * TOTAL_VARIANCE
    state = MOVING_SHARE * RELIABILITY * TOTAL_VARIANCE
    trait = RELIABILITY * TOTAL_VARIANCE - state
    # Two ratings Δ days apart around the own level correlate state·e^(−λΔ) / (state + noise); solve at Δ = 7.
    rate = np.log(state / (WEEK_CORRELATION * (state + noise))) / 7.0
    # Correlation of the two ratings = κ (trait + state) / (SD_client SD_therapist); solve for κ.
    tracking = AGREEMENT * THERAPIST_SD / (RELIABILITY * np.sqrt(TOTAL_VARIANCE))
    unexplained = THERAPIST_SD**2 - tracking**2 * (trait + state)
    return load_params(
        {
            "id": f"{VERSION}-default",
            "mean": MEAN,
            "gain": GAIN,
            "gain_days": GAIN_DAYS,
            "trait_cov": trait * np.asarray(TRAIT_CORRELATION),
            "state_rate": _each(rate),
            "state_cov": state * np.asarray(STATE_CORRELATION),
            "noise": _each(noise - ROUNDING),
            "therapist_mean": np.asarray(MEAN) - THERAPIST_BELOW,
            "tracking": _each(tracking),
            "bias_cov": LEAN_SHARE * unexplained * np.asarray(TRAIT_CORRELATION),
            "therapist_noise": _each((1.0 - LEAN_SHARE) * unexplained - ROUNDING),
        }
    )


def _each(value: float) -> Floats:
    return np.full(3, value)


DEFAULT: Params = _default()
