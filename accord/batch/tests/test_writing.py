import threading
import time

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from accord.batch.ahead import ahead, on_all_threads
from accord.batch.errors import CannotWrite
from accord.batch.writing import ROW_GROUP, Stream


def part(number, rows=3):
    return pl.DataFrame({"pair": [f"p{number}"] * rows, "level": pl.Series([number + 1 / 3] * rows, dtype=pl.Float32)})


def test_a_stream_is_the_frames_one_after_the_other(tmp_path):
    with Stream(tmp_path / "t.parquet") as stream:
        for number in range(9):
            stream.put(part(number))
    assert_frame_equal(pl.read_parquet(tmp_path / "t.parquet"), pl.concat([part(number) for number in range(9)]))


def test_a_stream_of_text_has_a_header_and_six_decimals(tmp_path):
    with Stream(tmp_path / "t.csv", separator=",") as stream:
        stream.put(part(0, 1))
        stream.put(part(1, 1))
    assert (tmp_path / "t.csv").read_text() == "pair,level\np0,0.333333\np1,1.333333\n"


def test_a_stream_of_empty_frames_is_an_empty_table(tmp_path):
    with Stream(tmp_path / "t.parquet") as stream:
        stream.put(part(0).clear())
    assert pl.read_parquet(tmp_path / "t.parquet").schema == part(0).schema


def test_the_same_frames_give_the_same_bytes(tmp_path):
    big = pl.DataFrame({"x": range(3 * ROW_GROUP)})
    for name in ("a", "b"):
        with Stream(tmp_path / name) as stream:
            for start in range(0, big.height, 100_000):
                stream.put(big[start : start + 100_000])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_in_the_making_ends_the_writer_and_is_told(tmp_path, error):
    with pytest.raises(error), Stream(tmp_path / "t.parquet") as stream:
        stream.put(part(0))
        raise error
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


def test_a_disk_that_takes_nothing_is_told_and_nobody_waits_for_it(tmp_path):
    with pytest.raises(CannotWrite, match="cannot write"), Stream(tmp_path / "gone" / "t.parquet") as stream:
        for number in range(100):
            stream.put(part(number))


def test_ahead_gives_the_same_things_in_the_same_order():
    assert list(ahead(range(50))) == list(range(50))
    assert list(ahead([])) == []


def test_ahead_makes_no_more_than_one_thing_before_it_is_asked():
    made = []

    def make():
        for number in range(10):
            made.append(number)
            yield number

    things = ahead(make())
    assert next(things) == 0
    assert next(things) == 1
    things.close()
    assert len(made) <= 4


def test_ahead_raises_what_went_wrong_where_it_went_wrong():
    def breaks():
        yield 1
        raise ValueError("out of ink")

    things = ahead(breaks())
    assert next(things) == 1
    with pytest.raises(ValueError, match="out of ink"):
        next(things)


def test_on_all_threads_the_results_keep_the_order_of_the_items():
    def slow_when_early(number):
        time.sleep(0.02 if number % 3 == 0 else 0.0)
        return number * number

    assert list(on_all_threads(slow_when_early, range(20))) == [number * number for number in range(20)]


def test_on_all_threads_what_went_wrong_is_raised_in_its_place():
    results = on_all_threads(lambda number: 1 // (2 - number), range(5))
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
