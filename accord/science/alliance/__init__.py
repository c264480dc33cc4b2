"""Goals · tasks · bond as a latent state: filter, smooth, forecast. Start reading in `model.py`."""

from accord.science.alliance.comparing import Rival, compared
from accord.science.alliance.defaults import DEFAULT
from accord.science.alliance.drawing import Drawn, draw
from accord.science.alliance.filtering import filter_pairs, forecast, likelihood, start, update, usual_band
from accord.science.alliance.fitting import Effects, Fit, Model, Readings
from accord.science.alliance.goodness import Goodness, goodness
from accord.science.alliance.gradient import Gradient, gradient
from accord.science.alliance.model import (
    PILLARS,
    READERS,
    READINGS,
    STATES,
    VERSION,
    Belief,
    Filtered,
    Forecast,
    Params,
    Smoothed,
    Update,
    dump_params,
    load_params,
)
from accord.science.alliance.parameter_files import ParameterFile, named, read_parameters, write_parameters
from accord.science.alliance.smoothing import filter_and_smooth, smooth_pairs

__all__ = [
    "DEFAULT",
    "PILLARS",
    "READERS",
    "READINGS",
    "STATES",
    "VERSION",
    "Belief",
    "Drawn",
    "Effects",
    "Filtered",
    "Fit",
    "Forecast",
    "Goodness",
    "Gradient",
    "Model",
    "ParameterFile",
    "Params",
    "Readings",
    "Rival",
    "Smoothed",
    "Update",
    "compared",
    "draw",
    "dump_params",
    "filter_and_smooth",
    "filter_pairs",
    "forecast",
    "goodness",
    "gradient",
    "likelihood",
    "load_params",
    "named",
    "read_parameters",
    "smooth_pairs",
    "start",
    "update",
    "usual_band",
    "write_parameters",
]
