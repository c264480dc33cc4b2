""" "Why this?": what is shown is enough to work the flag out again."""

from math import erf, sqrt

import pytest

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


def test_a_dip_can_be_worked_out_again_from_what_is_shown(opened, kais_dip):
    shown, flag = opened("kai", "dip")
    facts = dict(shown.facts)
    mean, spread = (float(part.removeprefix("spread ")) for part in facts["Expected before the session"].split(", "))
    by_hand = 0.5 * (1 + erf((float(facts["Rating"]) + 0.5 - mean) / spread / sqrt(2)))
    assert by_hand == pytest.approx(flag.statistic, rel=0.02)
    assert by_hand < float(facts["Limit"])
    assert float(facts["Points below expected"]) == pytest.approx(mean - 3, abs=0.01)


def test_a_dip_names_rule_parameters_band_and_false_alarms(opened, kais_dip):
    shown, _ = opened("kai", "dip")
    facts = dict(shown.facts)
    assert facts["Rule"] == "flags@1"
    assert facts["Parameters"] == "alliance@1-default"
    assert facts["Usual band"].startswith("8–9")
    assert facts["Expected false alarms"] == "0.25 in 10 sessions, if nothing changes"
    assert facts["Chance, if nothing changed"] == "under 0.0001"
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
    by_hand = 0.5 * (1 + erf((6 - level) / spread / sqrt(2)))
    assert by_hand == pytest.approx(flag.statistic, abs=0.002)
    assert float(facts["Chance of standing below 6"]) > float(facts["Limit"]) == 0.9


def test_the_ceiling_counts_full_marks(opened):
    shown, _ = opened("max", "ceiling")
    assert dict(shown.facts)["Check-ins in a row"] == "5"
    assert shown.readings[0] == (1, "10 · 10 · 10")
