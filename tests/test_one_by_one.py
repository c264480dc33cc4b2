"""A job's rows, each by itself."""

from accord.records.errors import StateMoved
from accord.records.one_by_one import one_by_one


def test_one_that_fails_does_not_hold_up_the_others(caplog):
    seen = []

    def act(row):
        seen.append(row)
        return 1 // row  # nought cannot be done

    assert one_by_one([1, 0, 1], act) == 2
    assert seen == [1, 0, 1]
    assert "left out, the others go on: 0" in caplog.text


def test_one_that_somebody_else_was_faster_with_is_no_error(caplog):
    def act(row):
        if row == 2:
            raise StateMoved("done already")

    assert one_by_one([1, 2, 3], act) == 2
    assert not caplog.records
