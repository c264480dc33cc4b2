"""The text of a parameter file: what `accord fit` writes, and `accord analyse` and the web application read.

JSON with the file's own version, the model, `params` as `dump_params` writes them, what the fit said, and a place for
the limits of flags that belong to these parameters. A bare mapping of parameters, in JSON or TOML, is read as well.
Text in, text out: whoever calls opens the file.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from accord.science.alliance.comparing import Rival
from accord.science.alliance.fitting import Fit
from accord.science.alliance.goodness import Goodness
from accord.science.alliance.model import VERSION, Params, dump_params, load_params
from accord.science.errors import BadParameters

FILE_VERSION = 1
_MARK = "accord_parameters"  # the first key; its value is the version
LONGEST_ID = 80  # characters; estimates are stored under it


class ParameterFile(NamedTuple):
    """What a file says."""

    params: Params
    flag_limits: Mapping[str, Any] | None  # of flags under these parameters; None: not in the file
    fit: Mapping[str, Any] | None  # what `accord fit` told; None for a bare mapping


def read_parameters(text: str, *, toml: bool = False) -> ParameterFile:
    """Check the text of a file. Raises BadParameters, which says what is wrong with it."""
    try:
        held = tomllib.loads(text) if toml else json.loads(text)
    except ValueError as cause:
        raise BadParameters(f"no {'TOML' if toml else 'JSON'}: {cause}") from cause
    if not isinstance(held, dict):
        raise BadParameters("expected names with their values")
    if _MARK not in held:
        return ParameterFile(_params(held), None, None)
    if held[_MARK] != FILE_VERSION:
        raise BadParameters(f"{_MARK}: version {held[_MARK]!r} of the file is not known here, {FILE_VERSION} is")
    if held.get("model") != VERSION:
        raise BadParameters(f"model: {held.get('model')!r}, expected {VERSION!r}")
    for part in ("params", "flag_limits", "fit"):
        absent = part != "params" and held.get(part) is None
        if not absent and not isinstance(held.get(part), dict):
            raise BadParameters(f"{part}: expected names with their values")
    return ParameterFile(_params(held["params"]), held.get("flag_limits"), held.get("fit"))


def _params(values: Mapping[str, Any]) -> Params:
    params = load_params(values)
    if not 0 < len(params.id) <= LONGEST_ID:
        raise BadParameters(f"id: 1 to {LONGEST_ID} characters")
    return params


def write_parameters(
    fit: Fit,
    *,
    goodness: Goodness,
    rivals: tuple[Rival, ...] = (),
    flag_limits: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
) -> str:
    """The text of a file for these fitted parameters, with limits of flags that belong to them (plain numbers);
    `told` is kept beside them (the table, the command)."""
    estimates = [
        dict(zip(("name", "value", "se", "low", "high"), row, strict=True))
        for row in zip(*(_plain(part) for part in fit.estimates), strict=True)
    ]
    held = {
        _MARK: FILE_VERSION,
        "model": VERSION,
        "params": dump_params(fit.params),
        "flag_limits": flag_limits,
        "fit": {
            **(told or {}),
            "counts": {"pairs": fit.pairs, "sessions": fit.sessions, "ratings": fit.ratings},
            "loglik": fit.loglik,
            "estimated": int(fit.free.sum()),
            "newton_decrement": fit.peak.decrement,
            "censored": fit.censored,
            "levels": {"pair": _plain(fit.pair_trait_cov), **_plain(fit.levels)},
            "estimates": estimates,
            "not_estimated": [row["name"] for row in estimates if row["se"] is None],
            "goodness": _plain(goodness),
            "compared": [_plain(rival) for rival in rivals],
        },
    }
    return json.dumps(held, indent=1, allow_nan=False) + "\n"


def named(params: Params, name: str = "") -> Params:
    """Parameters under a name of their own: the one given, or one that their numbers give, "alliance@1-3f9c01ab".

    Raises BadParameters for a name that is too long.
    """
    numbers = json.dumps({field: value for field, value in dump_params(params).items() if field != "id"})
    own = name or f"{VERSION}-{hashlib.sha256(numbers.encode()).hexdigest()[:8]}"
    if len(own) > LONGEST_ID:
        raise BadParameters(f"id: at most {LONGEST_ID} characters")
    return params._replace(id=own)


def _plain(value: Any) -> Any:
    """Named tuples as mappings, arrays as lists, NaN as null."""
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, np.ndarray):
        return [_plain(part) for part in value.tolist()]
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
