"""Networks whose truth is known: clients who ask, therapists with places, and what would come of every two of them.

For client i with therapist j, m the share of what i asked that j meets, weighted by strength (a must-have weighs 1):

    alliance at session 3   a_ij = 7.5 + d · 1.75 · m_ij + style · s_ij + l_j − .2 x_i          points of 0..10
    leaves before session 3      logit p = logit .14 + (1 − m_ij) log OR + .3 x_i
    leaves between 3 and 8       logit p = logit .20 + (1 − m_ij) log OR + .3 x_i
    outcome at the end      y_ij = d · m_ij + r_{j,need(i)} − .4 x_i + noise                    SDs, higher is better

OR 1.79 and d .28 are those of preference accommodation (docs/science/backtest.md); that they grow evenly with the
share met, and that d holds for the alliance too, is assumed. x_i is how bad things are at the start, l_j how easily
people take to a therapist, r_{j,need} what a track record is about: it changes the outcome and, as in the trial, not
the alliance. Style changes nothing (s_ij is the agreement, −1..1). Every other number is an assumption of this
simulation, no more.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from accord.science.alliance.model import Floats, Ints
from accord.science.errors import BadOptions

Bools = NDArray[np.bool_]
Tokens = frozenset[str]

NEEDS = ("need:anxiety", "need:depression", "need:trauma", "need:sleep", "need:couple")
STYLES = ("structure", "challenge", "past")
GROUPS = ("language", "region", "urgency")
LANGUAGES = ("language:pt", "language:es", "language:ar")
PLACES = ("place:north", "place:centre", "place:south")
PRACTICAL = ("licence", "population", "safety")  # without these nobody may treat, whatever the rule

_LEVEL, _TOTAL_SD = 7.5, 1.75  # of the alliance, points
_EARLY, _LATE = 0.14, 0.20  # leave before session 3, and between 3 and 8, with all that was asked
_HARDER_ALLIANCE, _HARDER_LEAVING, _HARDER_OUTCOME = 0.2, 0.3, 0.4  # per SD of severity


class Network(NamedTuple):
    """What the world is like."""

    clients: int = 200
    therapists: int = 40
    places: float = 1.2  # free places for one client who asks
    odds_ratio: float = 1.79  # of leaving, nothing met against all met
    effect: float = 0.28  # d, all met against nothing met
    style_effect: float = 0.0  # points of alliance for full agreement against none
    warmth_sd: float = 0.4  # l_j, points
    skill_sd: float = 0.3  # r_{j,need}, SDs of the outcome
    alike: bool = False  # every therapist offers everything: only style and skill differ
    opted_in: float = 0.7  # share of therapists who let their record be used
    past_cases: float = 25.0  # completed cases of one therapist with one need, on average
    few_speak: float = 0.15  # share of therapists who speak Spanish; half as many Arabic


class Person(NamedTuple):
    """One client: kinds and tokens, as they would be asked."""

    musts: tuple[tuple[str, Tokens], ...]
    nice: tuple[tuple[str, Tokens, float], ...]  # strength 0..1
    style: tuple[tuple[str, float, float], ...]  # dimension, side −1..1, strength 0..1
    need: str
    group: tuple[str, ...]  # of GROUPS

    @property
    def own_musts(self) -> tuple[tuple[str, Tokens], ...]:
        """Must-haves that are the person's own, PRACTICAL apart."""
        return tuple((kind, any_of) for kind, any_of in self.musts if kind not in PRACTICAL)


class Therapist(NamedTuple):
    """One therapist; every opening is a true one."""

    has: Tokens
    style: Mapping[str, float]
    places: int
    capacity: int  # clients, the free places included
    opted_in: bool


class Past(NamedTuple):
    """Completed cases of before: C of them."""

    therapist: Ints  # (C,)
    need: Ints  # (C,) places in NEEDS
    severity: Floats  # (C,)
    outcome: Floats  # (C,) SDs, higher is better


class Drawn(NamedTuple):
    """N clients in the order in which they ask, J therapists, and the truth about every two."""

    people: tuple[Person, ...]
    therapists: tuple[Therapist, ...]
    past: Past
    severity: Floats  # (N,)
    may: Bools  # (N, J) everything in PRACTICAL is met
    musts: Ints  # (N, J) must-haves met, PRACTICAL apart
    share: Floats  # (N, J) m
    style: Floats  # (N, J) s, agreement −1..1
    alliance: Floats  # (N, J) expected, at session 3
    stay: Floats  # (2, N, J) chance to reach session 3, and 8
    outcome: Floats  # (N, J) expected


class Scenery(NamedTuple):
    """One world with its name."""

    name: str
    words: str
    world: Network = Network()


NETWORKS: Mapping[str, Scenery] = MappingProxyType(
    {
        one.name: one
        for one in (
            Scenery("usual", "as the evidence says, places for 120 of 100 clients"),
            Scenery("tight", "places for 102 of 100 clients", Network(places=1.02)),
            Scenery("roomy", "twice as many places as clients", Network(places=2.0)),
            Scenery("few-speak", "one therapist in twenty speaks Spanish", Network(few_speak=0.05)),
            Scenery("small", "a practice: 30 clients, 8 therapists", Network(clients=30, therapists=8)),
            Scenery("no-accommodation", "meeting wishes changes nothing", Network(odds_ratio=1.0, effect=0.0)),
            Scenery("no-skill", "therapists do not differ in outcome", Network(skill_sd=0.0)),
            Scenery("style-only", "therapists differ in style only", Network(alike=True, skill_sd=0.0, warmth_sd=0.0)),
        )
    }
)


def draw_network(world: Network, rng: Generator) -> Drawn:
    """One network. Same generator state, same network. Raises BadOptions, which names the option."""
    _check(world)
    people = tuple(_person(world, rng) for _ in range(world.clients))
    therapists = _therapists(world, rng)
    severity = rng.normal(0.0, 1.0, world.clients) + np.array([one.group[2] == "urgent" for one in people])
    warmth = rng.normal(0.0, world.warmth_sd, world.therapists)
    skill = rng.normal(0.0, world.skill_sd, (world.therapists, len(NEEDS)))
    may, musts, share = met(people, therapists)
    style = np.array([[_agreement(one, other) for other in therapists] for one in people])
    need = np.array([NEEDS.index(one.need) for one in people])
    alliance = _LEVEL + world.effect * _TOTAL_SD * share + world.style_effect * style
    return Drawn(
        people=people,
        therapists=therapists,
        past=_past(world, skill, rng),
        severity=severity,
        may=may,
        musts=musts,
        share=share,
        style=style,
        alliance=np.clip(alliance + warmth - _HARDER_ALLIANCE * severity[:, None], 0.0, 10.0),
        stay=_staying(world, share, severity),
        outcome=world.effect * share + skill[:, need].T - _HARDER_OUTCOME * severity[:, None],
    )


def _check(world: Network) -> None:
    if world.clients < 1 or world.therapists < 1:
        raise BadOptions("clients, therapists: must be 1 or more")
    for name in ("opted_in", "few_speak"):
        if not 0.0 <= getattr(world, name) <= 1.0:
            raise BadOptions(f"{name}: must lie between 0 and 1")
    for name in ("warmth_sd", "skill_sd", "past_cases"):
        if not getattr(world, name) >= 0.0:
            raise BadOptions(f"{name}: must not be negative")
    for name in ("places", "odds_ratio"):
        if not getattr(world, name) > 0.0:
            raise BadOptions(f"{name}: must be positive")


def _person(world: Network, rng: Generator) -> Person:
    language = str(rng.choice(LANGUAGES, p=(0.75, 0.16, 0.09)))
    far, urgent, young = rng.random(3) < (0.3, 0.15, 0.12)
    need = str(rng.choice(NEEDS, p=(0.32, 0.28, 0.18, 0.12, 0.10)))
    musts = [
        ("licence", "licence:PT"),
        ("population", "population:young" if young else "population:adults"),
        ("language", language),
        ("need", need),
    ]
    nice: list[tuple[str, str]] = []
    if far:
        musts.append(("mode", "mode:video"))
    for token, must, wish in (
        ("time:evenings", 0.25, 0.35),
        ("identity:woman", 0.12, 0.25),
        ("insurer:A", 0.3, 0.1),
        (str(rng.choice(PLACES)), 0.0, 0.0 if far else 0.6),
    ):
        lot = rng.random()
        if lot < must + wish:
            (musts if lot < must else nice).append((token.partition(":")[0], token))
    return Person(
        musts=tuple((kind, frozenset({token})) for kind, token in musts),
        nice=tuple((kind, frozenset({token}), round(float(rng.uniform(0.2, 1.0)), 2)) for kind, token in nice),
        style=tuple((name, round(float(rng.uniform(-1, 1)), 2), round(float(rng.random()), 2)) for name in STYLES),
        need=need,
        group=(language.partition(":")[2], "far" if far else "near", "urgent" if urgent else "not urgent"),
    )


def _therapists(world: Network, rng: Generator) -> tuple[Therapist, ...]:
    count = world.therapists
    wanted = max(int(np.ceil(world.places * world.clients)), count)
    free = 1 + rng.multinomial(wanted - count, rng.dirichlet(np.full(count, 2.0)))
    return tuple(
        Therapist(
            has=_everything() if world.alike else _has(world, rng),
            style={name: round(float(rng.uniform(-1, 1)), 2) for name in STYLES},
            places=int(free[place]),
            capacity=int(free[place] + rng.integers(5, 20)),
            opted_in=bool(rng.random() < world.opted_in),
        )
        for place in range(count)
    )


def _everything() -> Tokens:
    rest = {"licence:PT", "population:adults", "population:young", "mode:video", "time:evenings"}
    return frozenset({*rest, "identity:woman", "insurer:A", *NEEDS, *LANGUAGES, *PLACES})


def _has(world: Network, rng: Generator) -> Tokens:
    has = {"licence:PT", "population:adults", *(str(need) for need in rng.choice(NEEDS, 3, replace=False))}
    has.add(str(rng.choice(PLACES)))
    shares = {
        "language:pt": 0.97,
        "language:es": world.few_speak,
        "language:ar": world.few_speak / 2.0,
        "population:young": 0.4,
        "mode:video": 0.6,
        "time:evenings": 0.5,
        "identity:woman": 0.6,
        "insurer:A": 0.5,
    }
    return frozenset(has | {token for token, share in shares.items() if rng.random() < share})


def met(people: Sequence[Person], therapists: Sequence[Therapist]) -> tuple[Bools, Ints, Floats]:
    """Who may treat whom, own must-haves met, and the share of all that was asked that is met: (N, J) each."""
    shape = (len(people), len(therapists))
    may, musts, share = np.ones(shape, bool), np.zeros(shape, np.int64), np.zeros(shape)
    for row, person in enumerate(people):
        wishes = [any_of for _, any_of in person.own_musts]
        needed = [any_of for kind, any_of in person.musts if kind in PRACTICAL]
        asked = len(wishes) + sum(strength for *_, strength in person.nice)
        for column, therapist in enumerate(therapists):
            may[row, column] = all(therapist.has & any_of for any_of in needed)
            musts[row, column] = sum(bool(therapist.has & any_of) for any_of in wishes)
            nice = sum(strength for _, any_of, strength in person.nice if therapist.has & any_of)
            share[row, column] = (musts[row, column] + nice) / asked if asked else 1.0
    return may, musts, share


def _agreement(person: Person, therapist: Therapist) -> float:
    weight = sum(strength for *_, strength in person.style)
    told = sum(strength * (1.0 - abs(side - therapist.style[name])) for name, side, strength in person.style)
    return told / weight if weight else 0.0


def _staying(world: Network, share: Floats, severity: Floats) -> Floats:
    more = (1.0 - share) * np.log(world.odds_ratio) + _HARDER_LEAVING * severity[:, None]
    early, late = (1.0 / (1.0 + np.exp(-(np.log(base / (1.0 - base)) + more))) for base in (_EARLY, _LATE))
    return np.stack((1.0 - early, (1.0 - early) * (1.0 - late)))


def _past(world: Network, skill: Floats, rng: Generator) -> Past:
    """Therapists see clients who are not alike: each has a usual severity of their own."""
    count = rng.poisson(world.past_cases, skill.shape)
    therapist, need = (np.repeat(side.ravel(), count.ravel()) for side in np.indices(skill.shape))
    usual = rng.normal(0.0, 0.4, len(skill))
    severity = usual[therapist] + rng.normal(0.0, 1.0, therapist.size)
    outcome = skill[therapist, need] - _HARDER_OUTCOME * severity + rng.normal(0.0, 1.0, therapist.size)
    return Past(therapist, need, severity, outcome)
