"""From a table to a parameter file: the same fit as from arrays, whole or not at all."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from accord.batch.errors import BadRequest, BadTable, CannotWrite
from accord.batch.fitting import Fitted, Order, fit_table, open_for
from accord.batch.mapping import Wish
from accord.batch.numbers import Scale
from accord.batch.simulating import Order as Simulated
from accord.batch.simulating import Places, write_simulated
from accord.science.alliance import DEFAULT, Model, Readings, read_parameters
from accord.science.errors import DidNotConverge
from accord.science.ruptures import limits_in

PAIRS, SESSIONS = 240, 7
PLAIN = Order(Path(), Path(), Wish(), Scale(), compare=False)


def quiet(step: str, done: int, total: int) -> None:
    """No bar."""


def _fit(path: Path, target: Path, **chosen: object) -> Fitted:
    order = PLAIN._replace(path=path, target=target, **chosen)  # type: ignore[arg-type]
    return fit_table(order, *open_for(order), quiet)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A row a session, each pair with a therapist and a practice, rows of one pair not together."""
    folder = tmp_path_factory.mktemp("table")
    write_simulated(Simulated(PAIRS, SESSIONS, seed=3, form="long"), Places(folder / "plain.parquet"), DEFAULT, quiet)
    number = pl.col("pair").str.slice(1).cast(pl.Int64)
    frame = pl.read_parquet(folder / "plain.parquet").with_columns(
        pl.format("th-{}", number % 20).alias("therapist_id"), (number % 20 // 5).alias("site")
    )
    frame.sort("session", maintain_order=True).write_parquet(folder / "ratings.parquet")
    return folder / "ratings.parquet"


def _arrays(table: Path) -> Readings:
    frame = pl.read_parquet(table)
    pairs = frame["pair"].unique(maintain_order=True).to_list()
    days, readings = np.full((PAIRS, SESSIONS), np.nan), np.full((PAIRS, SESSIONS, 6), np.nan)
    for row in frame.iter_rows(named=True):
        place = pairs.index(row["pair"]), row["session"] - 1
        days[place] = row["day"]
        for slot, name in enumerate(("goal", "task", "bond", "therapist_goal", "therapist_task", "therapist_bond")):
            readings[(*place, slot)] = np.nan if row[name] is None else row[name]
    days[np.isnan(readings).all(axis=2)] = np.nan  # a row without a score is no session
    days -= np.nanmin(days, axis=1, keepdims=True)
    return Readings(days, readings, [(int(pair[1:]) % 20) for pair in pairs])


@pytest.fixture(scope="module")
def fitted(table: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Fitted, Path]:
    target = tmp_path_factory.mktemp("out") / "made" / "params.json"
    return _fit(table, target, therapist="therapist_id", command="accord fit …"), target


def test_a_table_gives_the_same_fit_as_the_arrays_it_holds(fitted: tuple[Fitted, Path], table: Path) -> None:
    seen = _arrays(table)
    ours = Model(levels=("therapist",)).fit(seen)
    fit = fitted[0].fit
    assert fit.loglik == pytest.approx(ours.loglik, abs=1e-5)
    np.testing.assert_allclose(fit.estimates.value, ours.estimates.value, atol=5e-3)
    assert (fit.pairs, fit.ratings) == (ours.pairs, ours.ratings)


def test_the_file_holds_what_was_found(fitted: tuple[Fitted, Path]) -> None:
    found, target = fitted
    held = read_parameters(target.read_text(encoding="utf-8"))
    assert held.params.id == found.fit.params.id
    assert held.params.id.startswith("alliance@1-")
    np.testing.assert_array_equal(held.params.state_cov, found.fit.params.state_cov)
    assert held.fit is not None
    assert (held.fit["table"], held.fit["command"]) == ("ratings.parquet", "accord fit …")
    assert held.fit["scale"] == [0.0, 10.0, "high"]
    assert held.fit["compared"] == []
    assert [path.name for path in target.parent.iterdir()] == ["params.json"]


def test_symptoms_are_turned_round_and_another_scale_is_stretched(table: Path, tmp_path: Path) -> None:
    names = ["goal", "task", "bond", "therapist_goal", "therapist_task", "therapist_bond"]
    frame = pl.read_parquet(table)
    frame.with_columns((30.0 - 3.0 * pl.col(name)).alias(name) for name in names).write_parquet(tmp_path / "t.parquet")
    turned = _fit(tmp_path / "t.parquet", tmp_path / "p.json", scale=Scale(0.0, 30.0, "low", named=True))
    plain = _fit(table, tmp_path / "q.json")
    assert turned.fit.loglik == pytest.approx(plain.fit.loglik, abs=1e-5)
    np.testing.assert_allclose(turned.fit.params.mean, plain.fit.params.mean, atol=1e-3)


def test_what_was_there_stays_when_a_fit_fails(table: Path, tmp_path: Path) -> None:
    target = tmp_path / "params.json"
    target.write_text("the old one")
    one = pl.read_parquet(table).filter(pl.col("session") == 1)
    one.write_parquet(tmp_path / "one.parquet")
    with pytest.raises(DidNotConverge, match="more sessions for each"):
        _fit(tmp_path / "one.parquet", target)
    assert target.read_text() == "the old one"
    assert {path.name for path in tmp_path.iterdir()} == {"params.json", "one.parquet"}


def _complaints(table: Path, target: Path, **chosen: object) -> str:
    with pytest.raises(BadTable) as caught:
        _fit(table, target, **chosen)
    assert not target.exists()
    return "\n".join(f"{c.row} {c.column} {c.what}. {c.mend}" for c in caught.value.complaints)


def test_labels_are_asked_for_where_they_are_missing_or_two(table: Path, tmp_path: Path) -> None:
    frame = pl.read_parquet(table)
    row = pl.int_range(pl.len())
    blank = pl.when(row == 4).then(None).otherwise("therapist_id").alias("therapist_id")
    frame.with_columns(blank).write_parquet(tmp_path / "blank.parquet")
    told = _complaints(tmp_path / "blank.parquet", tmp_path / "p.json", therapist="therapist_id")
    assert "6 therapist_id the row names a pair but not its therapist_id. Say whose pair it is." in told
    moved = pl.when(row == PAIRS).then(pl.lit("th-99")).otherwise("therapist_id").alias("therapist_id")
    frame.with_columns(moved).write_parquet(tmp_path / "moved.parquet")
    told = _complaints(tmp_path / "moved.parquet", tmp_path / "p.json", therapist="therapist_id")
    assert f"{PAIRS + 2} therapist_id pair {frame['pair'][PAIRS]} has another therapist_id than in row 2" in told
    told = _complaints(table, tmp_path / "p.json", therapist="therapist_i")
    assert "there is no column therapist_i" in told and "therapist_id" in told


def test_what_cannot_be_asked_for_is_refused_before_anything_is_read(table: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="--practice needs --therapist"):
        _fit(table, tmp_path / "p.json", practice="site")
    with pytest.raises(BadRequest, match="is a folder; name a file"):
        _fit(table, tmp_path)
    with pytest.raises(BadRequest, match=r"needs goal, task and bond, each rated by the client; .*goal \(client\)"):
        _fit(table, tmp_path / "p.json", wish=Wish(scores=("goal", "task")))
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="cannot write beside"):
        _fit(table, tmp_path / "file" / "p.json")


def test_limits_it_writes_those_of_these_parameters(fitted: tuple[Fitted, Path]) -> None:
    found, path = fitted
    held = limits_in(read_parameters(path.read_text(encoding="utf-8")))
    assert held == found.limits
    assert held is not None and held.params == found.fit.params.id
    assert held.made == "calibrated"


def test_limits_it_simulates_where_quiet_sessions_are_too_few(table: Path, tmp_path: Path) -> None:
    few = pl.read_parquet(table).filter(pl.col("pair").str.slice(1).cast(pl.Int64) <= 60)
    few.write_parquet(tmp_path / "few.parquet")
    assert _fit(tmp_path / "few.parquet", tmp_path / "few.json").limits.made == "simulated"
