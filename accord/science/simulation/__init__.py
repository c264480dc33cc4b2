"""Pairs whose truth we know."""

from accord.science.simulation.drawing import simulate
from accord.science.simulation.model import A_BIT, NO, UNANSWERED, Simulated, World

__all__ = ["A_BIT", "NO", "UNANSWERED", "Simulated", "World", "simulate"]
