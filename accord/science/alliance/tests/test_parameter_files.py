"""A parameter file: written, read without loss, and refused with a reason."""

import json
from typing import Any

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, Fit, Rival, dump_params, named, read_parameters, write_parameters
from accord.science.alliance.tests.practice import fit_with_therapists, practice
from accord.science.errors import BadParameters


def _text(fit: Fit) -> str:
    rivals = (Rival("all of it", 40, fit.loglik, 1.0, 2.0), Rival("levels only", 0, np.nan, np.nan, np.nan))
    goodness = fit.goodness(practice().seen, rng=np.random.default_rng(1))
    return write_parameters(fit, goodness=goodness, rivals=rivals, told={"table": "ratings.csv"})


@pytest.fixture(scope="module")
def text() -> str:
    return _text(fit_with_therapists())


def test_a_file_it_gives_the_parameters_back_to_the_last_bit(text: str) -> None:
    found = read_parameters(text)
    for one, other in zip(found.params, fit_with_therapists().params, strict=True):
        np.testing.assert_array_equal(one, other)
    assert found.flag_limits is None


def test_a_file_it_says_what_the_fit_said(text: str) -> None:
    fit, told = fit_with_therapists(), read_parameters(text).fit
    assert told is not None
    assert told["counts"] == {"pairs": fit.pairs, "sessions": fit.sessions, "ratings": fit.ratings}
    assert (told["loglik"], told["estimated"], told["table"]) == (fit.loglik, 46, "ratings.csv")
    assert told["levels"]["practice"] is None
    assert fit.levels.therapist is not None
    np.testing.assert_array_equal(told["levels"]["therapist"], fit.levels.therapist)
    assert [row["name"] for row in told["estimates"]] == list(fit.estimates.name)
    row = told["estimates"][0]
    assert (row["value"], row["low"]) == (fit.estimates.value[0], fit.estimates.low[0])
    assert set(told["not_estimated"]) == {row["name"] for row in told["estimates"] if row["se"] is None}
    assert len(told["goodness"]["coverage"]["seen"]) == 6
    assert told["compared"][1] == {"name": "levels only", "parameters": 0, "loglik": None, "aic": None, "bic": None}


def test_a_file_it_is_plain_json_with_its_version_first(text: str) -> None:
    held = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert list(held)[:2] == ["accord_parameters", "model"]
    assert held["accord_parameters"] == 1


def test_limits_of_flags_it_keeps_them_beside_the_parameters(text: str) -> None:
    found = read_parameters(json.dumps(json.loads(text) | {"flag_limits": {"dip": 0.01}}))
    assert found.flag_limits == {"dip": 0.01}


def test_a_bare_mapping_it_reads_too_in_json_and_toml() -> None:
    bare = dump_params(DEFAULT)
    assert read_parameters(json.dumps(bare)).params.id == DEFAULT.id
    toml = "\n".join(f"{name} = {json.dumps(value)}" for name, value in bare.items())
    found = read_parameters(toml, toml=True)
    np.testing.assert_array_equal(found.params.trait_cov, DEFAULT.trait_cov)
    assert found.fit is None and found.flag_limits is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"accord_parameters": 2}, "version 2 of the file is not known"),
        ({"model": "alliance@9"}, "model: 'alliance@9', expected 'alliance@1'"),
        ({"params": None}, "params: expected names with their values"),
        ({"params": {"id": "half"}}, "missing or unknown"),
        ({"flag_limits": [1]}, "flag_limits: expected names"),
        ({"fit": "good"}, "fit: expected names"),
        ({"params": dump_params(DEFAULT) | {"id": ""}}, "id: 1 to 80 characters"),
        ({"params": dump_params(DEFAULT) | {"id": "x" * 81}}, "id: 1 to 80 characters"),
        ({"params": dump_params(DEFAULT) | {"noise": [0.0, 1.0, 1.0]}}, "noise: must be positive"),
    ],
)
def test_a_file_it_refuses_with_the_reason(text: str, change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadParameters, match=said):
        read_parameters(json.dumps(json.loads(text) | change))


@pytest.mark.parametrize(
    ("text", "toml", "said"), [("{", False, "no JSON"), ("=", True, "no TOML"), ("[]", False, "n")]
)
def test_a_text_it_refuses_that_is_no_file_at_all(text: str, toml: bool, said: str) -> None:
    with pytest.raises(BadParameters, match=said):
        read_parameters(text, toml=toml)


def test_a_name_it_comes_from_the_numbers_and_from_nothing_else() -> None:
    made = named(DEFAULT).id
    assert made.startswith("alliance@1-") and len(made) == len("alliance@1-") + 8
    assert named(DEFAULT._replace(id="other")).id == made
    assert named(DEFAULT._replace(gain_days=28.5)).id != made
    assert named(DEFAULT, "harbour@3").id == "harbour@3"
    with pytest.raises(BadParameters, match="at most 80"):
        named(DEFAULT, "x" * 81)
