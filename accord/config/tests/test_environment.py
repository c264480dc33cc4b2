"""The environment: a clear error names the variable, and nothing outside the demo has a default that is unsafe."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from accord.config.environment import DatabaseUrl, demo_or, flag, parameters, sealing_keys, secret
from accord.science.alliance import DEFAULT, dump_params
from accord.science.ruptures import dump_limits
from accord.science.ruptures.flags2_limits import FROZEN

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("url", ["mysql://localhost/accord", "accord.sqlite3", ""])
def test_another_database_is_refused_with_what_to_use(url) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"sqlite:// or postgresql://"):
        DatabaseUrl(url).settings()


def test_a_postgresql_address_is_taken_apart_with_its_special_characters() -> None:
    held = DatabaseUrl("postgresql://me:p%40ss%2F@db.example:6432/acc%20ord").settings()
    assert (held["USER"], held["PASSWORD"], held["HOST"], held["PORT"], held["NAME"]) == (
        "me",
        "p@ss/",
        "db.example",
        6432,
        "acc ord",
    )


def test_what_only_the_demo_may_leave_out(monkeypatch) -> None:
    monkeypatch.delenv("ACCORD_HOSTS", raising=False)
    assert demo_or("ACCORD_HOSTS", demo=True, default="here") == "here"
    with pytest.raises(ImproperlyConfigured, match="ACCORD_HOSTS is not set"):
        demo_or("ACCORD_HOSTS", demo=False, default="here")


@pytest.mark.parametrize(("value", "on"), [("1", True), ("true", True), ("0", False), ("", False), ("no", False)])
def test_a_switch_is_on_only_when_it_says_so(monkeypatch, value, on) -> None:
    monkeypatch.setenv("ACCORD_TRY", value)
    assert flag("ACCORD_TRY") is on


def test_the_demo_makes_its_keys_once_for_its_owner_only(tmp_path) -> None:
    first = sealing_keys(tmp_path / "keys", demo=True)
    assert sealing_keys(tmp_path / "keys", demo=True) == first
    assert [len(key) for key in first.values()] == [32]
    assert (tmp_path / "keys" / "text-1.key").stat().st_mode & 0o077 == 0


def test_real_life_makes_no_key_by_itself(tmp_path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"text-1\.key"):
        sealing_keys(tmp_path, demo=False)
    with pytest.raises(ImproperlyConfigured, match=r"secret\.key"):
        secret("ACCORD_NO_SUCH_VARIABLE", tmp_path / "secret.key", demo=False)


@pytest.mark.parametrize("content", ["", "not hex", "ab" * 31])
def test_a_key_that_is_none_is_refused(tmp_path, content) -> None:
    (tmp_path / "text-1.key").write_text(content)
    with pytest.raises(ImproperlyConfigured, match=r"text-1\.key"):
        sealing_keys(tmp_path, demo=False)


def test_keys_are_known_by_their_number_the_newest_last(tmp_path) -> None:
    for number in (10, 2, 1):
        (tmp_path / f"text-{number}.key").write_text(f"{number:02x}" * 32)
    assert list(sealing_keys(tmp_path, demo=False)) == [1, 2, 10]


def test_a_key_file_without_a_number_is_named(tmp_path) -> None:
    (tmp_path / "text-old.key").write_text("ab" * 32)
    with pytest.raises(ImproperlyConfigured, match=r"text-old\.key"):
        sealing_keys(tmp_path, demo=False)


def test_parameters_are_the_default_ones_until_a_file_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("ACCORD_PARAMS", raising=False)
    assert parameters("ACCORD_PARAMS") == (DEFAULT, FROZEN)
    path = tmp_path / "params.json"
    path.write_text(json.dumps(dump_params(DEFAULT) | {"id": "harbour@1", "gain_days": 40.0}))
    monkeypatch.setenv("ACCORD_PARAMS", str(path))
    params, limits = parameters("ACCORD_PARAMS")
    assert (params.id, params.gain_days, limits.params) == ("harbour@1", 40.0, "harbour@1")


def _file(limits: dict[str, object]) -> str:
    held = {"accord_parameters": 1, "model": "alliance@1", "params": dump_params(DEFAULT) | {"id": "harbour@1"}}
    return json.dumps(held | {"flag_limits": limits, "fit": None})


def test_limits_come_from_the_file_that_holds_them(monkeypatch, tmp_path) -> None:
    own = FROZEN._replace(params="harbour@1", made="calibrated", dip=tuple(1.5 * limit for limit in FROZEN.dip))
    path = tmp_path / "params.json"
    path.write_text(_file(dump_limits(own)))
    monkeypatch.setenv("ACCORD_PARAMS", str(path))
    assert parameters("ACCORD_PARAMS")[1] == own


def test_limits_of_other_parameters_stop_the_start(monkeypatch, tmp_path) -> None:
    path = tmp_path / "params.json"
    path.write_text(_file(dump_limits(FROZEN)))
    monkeypatch.setenv("ACCORD_PARAMS", str(path))
    with pytest.raises(ImproperlyConfigured, match=r"flag_limits: they belong to 'alliance@1-default'"):
        parameters("ACCORD_PARAMS")


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff", b'{"id": "half"}', b'{"accord_parameters": 99}'])
def test_a_file_of_parameters_that_is_none_stops_the_start_with_one_error(monkeypatch, tmp_path, content) -> None:
    path = tmp_path / "params.json"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("ACCORD_PARAMS", str(path))
    with pytest.raises(ImproperlyConfigured, match=r"ACCORD_PARAMS: .*params\.json is no file of parameters"):
        parameters("ACCORD_PARAMS")


def test_without_the_demo_and_without_settings_nothing_starts() -> None:
    around = {name: value for name, value in os.environ.items() if not name.startswith("ACCORD_")}
    around |= {"DJANGO_SETTINGS_MODULE": "accord.config.settings"}
    command = [sys.executable, "-c", "import accord.config.settings"]
    started = subprocess.run(command, env=around, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert started.returncode != 0
    assert "ImproperlyConfigured" in started.stderr
