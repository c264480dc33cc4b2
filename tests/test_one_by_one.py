"""A job's rows, each by itself."""

from accord.records.one_by_one import one_by_one


def test_one_that_fails_does_not_hold_up_the_others(caplog):
    seen = []

    def act(row):
        seen.append(row)
        return 1 // row  # nought cannot be done

    assert one_by_one([1, 0, 1], act) == 2
    assert seen == [1, 0, 1]
    assert "left out, the others go on: 0" in caplog.text
