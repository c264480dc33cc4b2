"""Pairs whose truth we know."""

from accord.science.simulation.drawing import simulate
from accord.science.simulation.model import A_BIT, NO, UNANSWERED, Simulated, World
from accord.science.simulation.worlds import CATALOGUE, Scene, spread_by

__all__ = ["A_BIT", "CATALOGUE", "NO", "UNANSWERED", "Scene", "Simulated", "World", "simulate", "spread_by"]
