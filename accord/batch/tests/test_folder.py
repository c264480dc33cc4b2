import pytest

from accord.batch.errors import CannotWrite
from accord.batch.folder import all_or_nothing, scratch_beside


def test_all_or_nothing_moves_what_was_written(tmp_path):
    target = tmp_path / "a" / "out"
    with all_or_nothing(target) as fresh:
        (fresh / "x.csv").write_text("1")
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == ["x.csv"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_all_or_nothing_leaves_nothing_when_something_goes_wrong(tmp_path, error):
    with pytest.raises(error), all_or_nothing(tmp_path / "a" / "b" / "out") as fresh:
        (fresh / "x.csv").write_text("1")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_all_or_nothing_replaces_its_own_files_and_leaves_others(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    (target / "x.csv").write_text("old")
    with all_or_nothing(target) as fresh:
        (fresh / "x.csv").write_text("new")
    assert (target / "notes.txt").read_text() == "mine"
    assert (target / "x.csv").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_all_or_nothing_takes_old_results_away_that_have_no_successor(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "estimates.csv").write_text("old")
    (target / "mine.csv").write_text("mine")
    with all_or_nothing(target) as fresh:
        (fresh / "report.html").write_text("new")
    assert sorted(path.name for path in target.iterdir()) == ["mine.csv", "report.html"]


def test_all_or_nothing_leaves_the_old_results_when_something_goes_wrong(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "x.csv").write_text("old")
    with pytest.raises(ValueError), all_or_nothing(target) as fresh:
        (fresh / "x.csv").write_text("new")
        raise ValueError
    assert (target / "x.csv").read_text() == "old"


def test_all_or_nothing_refuses_a_target_that_is_a_file(tmp_path):
    target = tmp_path / "out"
    target.write_text("a file")
    with pytest.raises(CannotWrite), all_or_nothing(target):
        pass
    assert target.read_text() == "a file"


def test_scratch_beside_is_gone_afterwards(tmp_path):
    with scratch_beside(tmp_path / "t.csv") as folder:
        (folder / "t.csv").write_text("1")
        assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == []
