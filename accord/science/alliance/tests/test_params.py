"""The default parameters keep their published sizes; others are checked before they are used."""

import json

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, dump_params, load_params
from accord.science.alliance.tests.brute_force import random_params
from accord.science.errors import AccordError, BadParameters

ROUNDING = 1.0 / 12.0


def test_default_it_carries_its_version_in_its_name() -> None:
    assert DEFAULT.id == "alliance@1-default"


def test_default_it_has_the_published_sizes() -> None:
    lasting, moving = np.diag(DEFAULT.trait_cov), np.diag(DEFAULT.state_cov)
    total = lasting + moving + DEFAULT.noise + ROUNDING
    np.testing.assert_allclose(np.sqrt(total), 1.75)
    np.testing.assert_allclose((lasting + moving) / total, 0.77)
    assert (DEFAULT.mean >= 7.5).all() and (DEFAULT.mean <= 8.0).all()
    assert 7.5 <= (DEFAULT.mean + DEFAULT.gain).mean() <= 8.0


def test_default_it_correlates_two_ratings_a_week_apart_by_two_fifths_around_the_own_level() -> None:
    moving = np.diag(DEFAULT.state_cov)
    within = moving * np.exp(-7.0 * DEFAULT.state_rate) / (moving + DEFAULT.noise + ROUNDING)
    np.testing.assert_allclose(within, 0.4)


def test_default_it_puts_therapists_below_clients_by_the_published_distance() -> None:
    np.testing.assert_allclose((DEFAULT.mean - DEFAULT.therapist_mean) / 1.75, 0.41)


def test_default_it_lets_both_readers_agree_as_much_as_it_says() -> None:
    level = np.diag(DEFAULT.trait_cov + DEFAULT.state_cov)
    client = level + DEFAULT.noise + ROUNDING
    therapist = DEFAULT.tracking**2 * level + np.diag(DEFAULT.bias_cov) + DEFAULT.therapist_noise + ROUNDING
    np.testing.assert_allclose(DEFAULT.tracking * level / np.sqrt(client * therapist), 0.35)
    np.testing.assert_allclose(np.sqrt(therapist), 1.4)


def test_default_it_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="read-only"):
        DEFAULT.mean[0] = 0.0


@pytest.mark.parametrize("seed", range(3))
def test_dump_params_it_survives_json_without_loss(seed: int) -> None:
    params = random_params(np.random.default_rng(seed))
    again = load_params(json.loads(json.dumps(dump_params(params))))
    assert again.id == params.id and again.gain_days == params.gain_days
    for name in ("mean", "trait_cov", "state_cov", "bias_cov", "noise", "tracking"):
        np.testing.assert_array_equal(getattr(again, name), getattr(params, name))


BROKEN = {
    "mean": [7.0, 7.0],
    "gain": [0.1, np.nan, 0.1],
    "gain_days": 0.0,
    "trait_cov": [[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "state_rate": [0.1, -0.1, 0.1],
    "state_cov": [[1.0, 0.5, 0.0], [0.4, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "noise": [1.0, 0.0, 1.0],
    "therapist_mean": "seven",
    "tracking": [0.3, np.inf, 0.3],
    "bias_cov": np.eye(2),
    "therapist_noise": [-1.0, 1.0, 1.0],
}


@pytest.mark.parametrize("field", BROKEN)
def test_load_params_it_names_the_field_that_is_wrong(field: str) -> None:
    with pytest.raises(BadParameters, match=f"^{field}: "):
        load_params(dump_params(DEFAULT) | {field: BROKEN[field]})


def test_load_params_it_names_fields_that_are_missing_or_unknown() -> None:
    values = dump_params(DEFAULT)
    del values["noise"]
    with pytest.raises(BadParameters, match="noise, volume: missing or unknown"):
        load_params(values | {"volume": 3.0})


def test_load_params_it_refuses_rates_that_no_process_with_these_correlations_has() -> None:
    close = 0.05 * np.eye(3) + 0.95
    with pytest.raises(BadParameters, match=r"^state_rate: too unequal"):
        load_params(dump_params(DEFAULT) | {"state_cov": close, "state_rate": [0.001, 0.1, 1.0]})


def test_bad_parameters_it_is_caught_as_an_error_of_ours_and_as_a_bad_value() -> None:
    assert issubclass(BadParameters, AccordError)
    assert issubclass(BadParameters, ValueError)
