"""Outcome: reliable change, goals, expected courses, effects within and between people, endings."""

from accord.science.outcomes.course import Course, CourseModel, expected_course, fit_course, own_course
from accord.science.outcomes.effects import Effects, effects
from accord.science.outcomes.endings import GOING, PLANNED, UNPLANNED, Endings, Retention, endings, retention
from accord.science.outcomes.goals import GOAL_POINTS, GoalChange, goal_attainment, goal_change
from accord.science.outcomes.reliable_change import (
    RELIABLE,
    Changed,
    Spread,
    reliable_change,
    reliably_changed,
    spread_of,
)

__all__ = [
    "GOAL_POINTS",
    "GOING",
    "PLANNED",
    "RELIABLE",
    "UNPLANNED",
    "Changed",
    "Course",
    "CourseModel",
    "Effects",
    "Endings",
    "GoalChange",
    "Retention",
    "Spread",
    "effects",
    "endings",
    "expected_course",
    "fit_course",
    "goal_attainment",
    "goal_change",
    "own_course",
    "reliable_change",
    "reliably_changed",
    "retention",
    "spread_of",
]
