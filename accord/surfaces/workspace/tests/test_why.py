""" "Why this?": what is shown is enough to work the flag out again."""

import re
from math import erf, sqrt

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from accord.records.ruptures.queries import stories
from accord.surfaces.workspace.why import why


@pytest.fixture
def opened(person, pair_of, harbour, now):
    """opened("kai", "dip") lays Kai's dip open."""

    def lay(slug, kind):
        story = stories([pair_of(slug)], viewer=person("tess"), at=now)[0]
        flag = next(flag for flag in reversed(story.flags) if flag.kind == kind)
        return why(story, flag), flag

    return lay


def by_hand(facts):
    """ln of the mean of p(ratings | after a fall) / p(ratings | no fall), from the words of the page alone."""
    told = [[float(x) for x in re.findall(r"\d+(?:\.\d+)?", part)] for part in facts["All three"].split("; ")]
    ratings, mean, spread = np.array(told).T
    shared = [float(part.split()[-1]) for part in facts["Variance they share"].split("; ")]
    cov = np.diag(spread**2 + 1 / 12)
    cov[np.triu_indices(3, 1)] = cov.T[np.triu_indices(3, 1)] = shared
    ways = [np.where(np.arange(3) == pillar, 1.0, less) for less in (0.05, 0.5) for pillar in range(3)] + [np.ones(3)]
    fallen = [multivariate_normal(mean - depth * way, cov) for way in ways for depth in (1.5, 2.25, 3.0, 4.0)]
    return np.log(np.mean([law.pdf(ratings) for law in fallen]) / multivariate_normal(mean, cov).pdf(ratings))


def test_a_dip_can_be_worked_out_again_from_what_is_shown(opened, kais_dip):
    shown, flag = opened("kai", "dip")
    facts = dict(shown.facts)
    assert by_hand(facts) == pytest.approx(flag.statistic, abs=0.02)
    assert float(facts["Logarithm of that"]) > float(facts["Limit"])
    mean = float(facts["Expected before the session"].split(", ")[0])
    assert float(facts["Points below expected"]) == pytest.approx(mean - 3, abs=0.01)


def test_a_dip_of_the_rule_before_is_told_as_it_was_judged(opened, kais_dip):
    shown, flag = opened("kai", "dip")
    type(flag).objects.filter(pk=flag.pk).update(version="flags@1", statistic=0.00001, limit=0.0226)
    shown, flag = opened("kai", "dip")
    facts = dict(shown.facts)
    assert facts["Chance, if nothing changed"] == "under 0.0001"
    assert "Φ" in shown.rule and "All three" not in facts


def test_a_dip_names_rule_parameters_band_and_false_alarms(opened, kais_dip):
    shown, _ = opened("kai", "dip")
    facts = dict(shown.facts)
    assert facts["Rule"] == "flags@2"
    assert facts["Parameters"] == "alliance@1-default"
    assert facts["Usual band"].startswith("8–9")
    assert facts["Expected false alarms"] == "0.25 in 10 sessions, if nothing changes"
    assert facts["Likelier after a fall than without"] == "more than 1000 times"
    assert "cannot know why" in shown.cannot_know


def test_a_dip_lists_the_readings_that_were_used(opened, kais_dip):
    shown, _ = opened("kai", "dip")
    assert shown.readings == [(1, "8"), (2, "8"), (3, "9"), (4, "8"), (5, "3")]


def test_what_the_client_said_has_no_arithmetic(opened, kais_dip):
    shown, _ = opened("kai", "said")
    assert dict(shown.facts)["Expected false alarms"] == "none: a person said it"
    assert (shown.title, shown.readings) == ("What the client said", [])


def test_low_shows_the_chance_that_it_was_held_against(opened):
    shown, flag = opened("lou", "low")
    facts = dict(shown.facts)
    level, spread = (float(part.removeprefix("spread ")) for part in facts["Estimated level"].split(", "))
    again = 0.5 * (1 + erf((6 - level) / spread / sqrt(2)))
    assert again == pytest.approx(flag.statistic, abs=0.002)
    assert float(facts["Chance of standing below 6"]) > float(facts["Limit"]) == 0.9


def test_the_ceiling_counts_full_marks(opened):
    shown, _ = opened("max", "ceiling")
    assert dict(shown.facts)["Check-ins in a row"] == "5"
    assert shown.readings[0] == (1, "10 · 10 · 10")
