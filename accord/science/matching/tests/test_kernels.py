"""The compiled loops say what the plain functions say."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.science.matching import Asked, kernels, meets, order, placing, worth
from accord.science.matching.assignment import candidates
from accord.science.matching.bits import as_bits
from accord.science.matching.ordering import tie
from accord.science.matching.packing import pack
from accord.science.matching.tests.people import TOKENS, asks, many_offers, offer, wish


def packed(asked, offers, seeds=()):
    shown = [one.places > 0 and one.days_since_confirmed < 30 for one in offers]
    return pack(asked, offers, seeds=seeds or [0] * len(asked), shown=shown)


@given(st.lists(asks, min_size=1, max_size=3), many_offers)
@settings(deadline=None)
def test_a_worth_is_that_of_the_plain_functions(asked, offers):
    network, clients = packed(asked, offers)
    client, therapist = np.divmod(np.arange(len(asked) * len(offers)), max(len(offers), 1))
    found = np.empty(len(client), np.int64)
    kernels.worths((0, len(client)), network, clients, client, therapist, found)
    assert found.tolist() == [worth(one, other).number for one in asked for other in offers]


@given(st.lists(asks, min_size=1, max_size=3), many_offers, st.integers(0, 2**64 - 1), st.integers(1, 4))
@settings(deadline=None)
def test_the_best_few_are_the_first_in_order(asked, offers, seed, few):
    network, clients = packed(asked, offers, [tie(seed, str(row)) for row in range(len(asked))])
    found, value, allowed = candidates(network, clients, few)
    for row, one in enumerate(asked):
        wanted = [match.id for match in order(one, offers, seed=tie(seed, str(row)))]
        assert [offers[place].id for place in found[row] if place >= 0] == wanted[:few]
        assert allowed[row] == len(wanted)
        assert (value[row][found[row] < 0] == -1).all()


def test_more_wishes_than_fit_into_a_list_count_as_well():
    tokens = [f"time:{hour}" for hour in range(20)]
    asked = Asked(nice=tuple((wish(token), 0.05 * (place + 1)) for place, token in enumerate(tokens)))
    offers = [offer(f"t{n}", *tokens[n : n + 7]) for n in range(14)]
    network, clients = packed([asked], offers)
    found, value, _ = candidates(network, clients, 5)
    assert value[0].tolist() == sorted((worth(asked, one).number for one in offers), reverse=True)[:5]
    assert [offers[place].id for place in found[0]] == [match.id for match in order(asked, offers, seed=0)][:5]


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 130])
def test_therapist_b_of_word_w_is_therapist_64_w_plus_b(count):
    chosen = np.random.default_rng(count).random(count) < 0.4
    words = as_bits(chosen)
    assert [bool(int(words[t // 64]) >> (t % 64) & 1) for t in range(count)] == chosen.tolist()
    assert sum(int(word).bit_count() for word in words) == chosen.sum()


def test_who_fits_is_who_meets_every_must_have_across_words():
    rng = np.random.default_rng(4)
    offers = [offer(f"t{n}", *rng.choice(TOKENS, 4), places=int(rng.integers(0, 3))) for n in range(150)]
    asked = [Asked(musts=tuple(wish(*rng.choice(TOKENS, 2)) for _ in range(n % 4))) for n in range(30)]
    network, clients = packed(asked, offers)
    sets = np.empty((30, 3), np.uint64)
    kernels.fitting((0, 30), network, clients, sets)
    for row, one in enumerate(asked):
        fits = [t for t, other in enumerate(offers) if other.places and all(meets(must, other) for must in one.musts)]
        assert [t for t in range(150) if int(sets[row, t // 64]) >> (t % 64) & 1] == fits


def test_threads_say_what_one_says():
    rng = np.random.default_rng(5)
    asked = [Asked(nice=((wish(rng.choice(TOKENS)), 0.5),)) for _ in range(3000)]
    offers = [offer(f"t{n}", *rng.choice(TOKENS, 3)) for n in range(70)]
    network, clients = packed(asked, offers)
    found, value = np.empty((3000, 3), np.int64), np.empty((3000, 3), np.int64)
    kernels.best((0, 3000), network, clients, found, value, np.empty(3000, np.int64))
    np.testing.assert_array_equal(candidates(network, clients, 3)[0], found)


@pytest.mark.parametrize(("module", "steps"), [(kernels, ("bits.py",)), (placing, ("bits.py", "kernels.py"))])
def test_the_cache_of_compiled_code_changes_with_what_is_merged_into_it(module, steps):
    here = Path(module.__file__).parent
    known = hashlib.sha256(b"".join((here / name).read_bytes() for name in steps)).hexdigest()[:16]
    assert known == module.BUILT_ON, f'write BUILT_ON = "{known}" in {Path(module.__file__).name}'
