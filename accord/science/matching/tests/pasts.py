"""A past whose truth is known: clients who went where chance and fit drew them."""

import numpy as np

from accord.science.matching.backtest import NOBODY
from accord.science.matching.history import History
from accord.science.simulation.networks import Network, Past, draw_network

NO_PAST = Past(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


def past(seed, *, pull=3.0, clients=300, therapists=12, **fields):
    """`pull`: how much more often a therapist is chosen who meets all than one who meets nothing, as a logarithm."""
    rng = np.random.default_rng(seed)
    drawn = draw_network(Network(clients=clients, therapists=therapists, **fields), rng)._replace(past=NO_PAST)
    left = np.array([one.places for one in drawn.therapists])
    went = np.full(clients, NOBODY)
    for client in range(clients):
        weight = np.where(drawn.may[client] & (left > 0), np.exp(pull * drawn.share[client]) * left, 0.0)
        if weight.any():
            went[client] = rng.choice(therapists, p=weight / weight.sum())
            left[went[client]] -= 1
    rows, placed = np.arange(clients), went != NOBODY
    alliance = np.where(placed, drawn.alliance[rows, went] + rng.normal(0.0, 1.5, clients), np.nan)
    stays = np.where(placed, rng.random(clients) < drawn.stay[1, rows, went], 0.0)
    history = History(drawn, went, {"alliance": alliance, "stay_8": stays}, {"alliance": np.nan, "stay_8": 0.0})
    return drawn, history
